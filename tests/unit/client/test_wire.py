"""What the client writes and reads is what protobuf writes and reads, for every message of every feature."""

from __future__ import annotations

import dataclasses
import itertools
import random
from typing import Any

import pytest

from sila_ot2.client import wire
from sila_ot2.client.calls import LARGE_BYTES
from sila_ot2.client.wire import Downloads, Malformed, Message, Uploads
from tests.unit.client.protobuf_messages import as_list_or_value, message_classes, messages

TEXTS = ("", "A1", "µL \u4e2d\u6587", "x" * 300)
MESSAGES = dict(messages())
FEATURES = sorted({name.rsplit(".", 1)[0] for name in MESSAGES})


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return message_classes(tmp_path_factory.mktemp("protos"))


def fill(message: Any, chance: random.Random) -> None:
    """Give every field of a protobuf message a value."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is None:
            continue
        target = getattr(message, field.name)
        if hasattr(target, "add"):
            for _ in range(chance.randint(0, 3)):
                fill_one(target.add(), chance)
        else:
            fill_one(target, chance)


def fill_one(target: Any, chance: random.Random) -> None:
    target.SetInParent()
    kind = target.DESCRIPTOR.full_name.removeprefix("sila2.org.silastandard.")
    if kind == "String":
        target.value = chance.choice(TEXTS)
    elif kind == "Integer":
        target.value = chance.choice([0, 1, 127, 128, -1, 2**62, -(2**63)])
    elif kind == "Real":
        target.value = chance.choice([0.0, -0.25, 1e300, 1 / 3])
    elif kind == "Boolean":
        target.value = chance.choice([True, False])
    elif kind == "Binary":
        target.value = chance.choice([b"", b"\x00\xff" * 100])
    elif kind == "Any":
        target.type, target.payload = chance.choice(TEXTS), chance.choice([b"", b"\x0a\x02\x0a\x00"])
    elif kind == "Timestamp":
        target.year, target.month, target.day = 2024, chance.randint(1, 12), chance.randint(1, 28)
        target.hour, target.minute, target.second = chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
        target.millisecond = chance.randint(0, 999)
        target.timezone.hours, target.timezone.minutes = chance.randint(-11, 12), chance.choice([0, 30, 45])
    else:
        fill(target, chance)


def plain(value: Any) -> Any:
    """A value of the client with its dataclasses as dictionaries whose keys are spelled as SiLA's without case."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name.replace("_", ""): plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [plain(item) for item in value] if isinstance(value, list) else value


def spelled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.lower(): spelled(item) for name, item in value.items()}
    return [spelled(item) for item in value] if isinstance(value, list) else value


def test_every_feature_has_messages() -> None:
    assert {name.split(".")[-3] for name in MESSAGES} >= {"runcontroller", "atomicliquidhandling", "lockcontroller"}


def names_in(feature: str) -> list[str]:
    return [name for name in MESSAGES if name.rsplit(".", 1)[0] == feature]


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_messages_of_protobuf_are_read_and_written_as_they_are(feature: str, classes: dict[str, Any]) -> None:
    for name, seed in itertools.product(names_in(feature), range(10)):
        known = MESSAGES[name]
        theirs = classes[name]()
        fill(theirs, random.Random(f"{name} {seed}"))
        values = known.read(theirs.SerializeToString(), Downloads())
        expected = [spelled(as_list_or_value(getattr(theirs, field.name))) for field in theirs.DESCRIPTOR.fields]
        assert [plain(value) for value in values] == expected, name
        assert classes[name].FromString(known.write(values, Uploads(LARGE_BYTES))) == theirs, name


@pytest.mark.parametrize("feature", FEATURES)
def test_messages_without_fields_are_empty_values(feature: str, classes: dict[str, Any]) -> None:
    for name in names_in(feature):
        theirs = classes[name]()
        if has_time(theirs):
            with pytest.raises(Malformed, match="point in time"):
                MESSAGES[name].read(b"", Downloads())
            continue
        values = MESSAGES[name].read(b"", Downloads())
        expected = [spelled(as_list_or_value(getattr(theirs, field.name))) for field in theirs.DESCRIPTOR.fields]
        assert [plain(value) for value in values] == expected, name


def has_time(message: Any) -> bool:
    """Whether there is a point in time in it, outside of lists."""
    inner = [getattr(message, field.name) for field in message.DESCRIPTOR.fields if field.message_type]
    return message.DESCRIPTOR.name == "Timestamp" or any(has_time(m) for m in inner if not hasattr(m, "add"))


def test_fields_of_a_later_version_are_passed_over() -> None:
    message = Message(wire.STRING)
    later = (
        wire.field(1, wire.field(1, b"A1")) + wire.field(2, b"news") + wire.number_field(3, 7) + b"\x25\x00\x00\x00\x01"
    )
    assert message.read(later, Downloads()) == ["A1"]


@pytest.mark.parametrize(
    "data",
    [b"\x0a", b"\x0a\x05ab", b"\x08", b"\x0b", b"\x0c", b"\x09\x00", b"\x0a\x02\x08\x07", b"\xff" * 12],
    ids=["no length", "too short", "no number", "group", "end of group", "half a double", "number for text", "endless"],
)
def test_content_that_is_not_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Message(wire.STRING).read(data, Downloads())


@pytest.mark.parametrize("hours", [99, 2**31])
def test_a_text_that_is_not_a_time_zone_is_refused(hours: int) -> None:
    day = b"".join(wire.number_field(number, 1) for number in (4, 5, 6))
    with pytest.raises(Malformed, match="no point in time"):
        wire.TIMESTAMP.read(day + wire.field(7, wire.number_field(1, hours)), Downloads())


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (wire.STRING, 5), (wire.INTEGER, "5"), (wire.INTEGER, True), (wire.REAL, "5"), (wire.REAL, False),
        (wire.BOOLEAN, 1), (wire.BINARY, "text"), (wire.Repeated(wire.STRING), "A1"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(TypeError):
        Message(kind).write((value,), Uploads(LARGE_BYTES))


def test_large_binaries_are_collected_and_then_named() -> None:
    message, large = Message(wire.BINARY, wire.Repeated(wire.BINARY)), b"x" * 11
    uploads = Uploads(10)
    message.write((b"small", [large, large]), uploads)
    assert uploads.missing == [large]
    uploads[large] = "the uuid"
    assert uploads.missing == []
    written = message.write((b"small", [large, large]), uploads)
    downloads = Downloads()
    message.read(written, downloads)
    assert downloads.missing == ["the uuid"]
    downloads["the uuid"] = large
    assert message.read(written, downloads) == [b"small", [large, large]]
