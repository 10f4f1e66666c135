"""What is written without messages is what the package writes, to the byte, for every type of our contract."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sila2.framework.data_types.any import SilaAnyType
from sila2.framework.data_types.boolean import Boolean
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.data_type_definition import DataTypeDefinition
from sila2.framework.data_types.date import Date
from sila2.framework.data_types.integer import Integer
from sila2.framework.data_types.list import List
from sila2.framework.data_types.real import Real
from sila2.framework.data_types.string import String
from sila2.framework.data_types.structure import Structure
from sila2.framework.data_types.timestamp import Timestamp
from sila2.framework.errors.validation_error import ValidationError
from sila2.framework.feature import Feature
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila.codec.features import property_encoder
from sila_ot2.sila.codec.wire_format import confirmation, execution_info, field
from tests.fakes.definitions import basic, constrained, feature, prop

ROOT = Path(__file__).parents[4]
ZONES = st.sampled_from([timezone.utc, timezone(timedelta(0)), timezone(timedelta(hours=-3, minutes=-30))])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    String: TEXTS,
    Integer: st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 300),
    Real: st.floats(allow_nan=False) | st.integers(-5, 5),
    Boolean: st.booleans(),
    Timestamp: st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES),
    Date: st.just((date(2026, 1, 2), timezone.utc)),
}


def values_of(data_type: Any) -> st.SearchStrategy[Any]:
    if isinstance(data_type, Constrained):
        return values_of(data_type.base_type)
    if isinstance(data_type, List):
        return st.lists(values_of(data_type.element_type), max_size=3)
    if isinstance(data_type, DataTypeDefinition):
        return values_of(data_type.data_type)
    if isinstance(data_type, Structure):
        names = [element._identifier for element in data_type]
        made = namedtuple("Made", names)  # type: ignore[misc] # noqa: PYI024
        return st.builds(made, *(values_of(element.data_type) for element in data_type))
    return SIMPLE[type(data_type)]


def outcome(write: Any, value: Any) -> bytes | type[BaseException]:
    try:
        written: bytes = write(value)
    except (ValueError, TypeError, AttributeError, OverflowError, ValidationError) as error:
        return type(error)
    return written


def compare_with_package(node: Any) -> None:
    @settings(max_examples=30)
    @given(values_of(node.data_type))
    def compare(value: Any) -> None:
        by_package = outcome(lambda given: node.to_message(given).SerializeToString(), value)
        assert outcome(field(1, node.data_type), value) == by_package, node.fully_qualified_identifier

    compare()


@pytest.mark.slow
@pytest.mark.parametrize("definition", sorted((ROOT / "features").glob("*.sila.xml")), ids=lambda path: path.stem)
def test_every_property_is_written_as_the_package_writes_it(definition: Path) -> None:
    ours = Feature(definition.read_text(encoding="utf-8"))
    for node in (*ours._observable_properties.values(), *ours._unobservable_properties.values()):
        compare_with_package(node)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("String", ["", "x", "ä" * 100, 5, None, b"x"]),
        ("Integer", [0, 1, -1, 127, 128, 2**63 - 1, -(2**63), 2**63, 1.0, "1", True, None]),
        ("Real", [0.0, -0.0, 1.5, 3, -1e308, 10**400, "1", True, None]),
        ("Boolean", [True, False, 1, 0, None]),
        ("Timestamp", [datetime(2026, 1, 2, tzinfo=timezone.utc), datetime(2026, 1, 2), "today", None,
                       datetime(2026, 1, 2, 3, 4, 5, 678900, timezone(timedelta(hours=5, minutes=45)))]),
        ("Date", [(date(2026, 1, 2), timezone.utc)]),
        ("Any", [SilaAnyType('<DataType xmlns="http://www.sila-standard.org"><Basic>String</Basic></DataType>', "x")]),
    ],
)  # fmt: skip
def test_values_that_fit_and_that_do_not(kind: str, values: list[Any]) -> None:
    node = Feature(feature("Holder", prop("Value", basic(kind))))["Value"]
    for value in values:
        by_package = outcome(lambda given: node.to_message(given).SerializeToString(), value)
        assert outcome(field(1, node.data_type), value) == by_package, value


def test_constraints_are_checked() -> None:
    limited = constrained(basic("Integer"), "<MaximalInclusive>5</MaximalInclusive>")
    encode = property_encoder(Feature(feature("Holder", prop("Value", limited)))["Value"])
    assert encode(5) == b"\x0a\x02\x08\x05"
    with pytest.raises(ValueError, match="6 is not allowed: it must be at most 5"):
        encode(6)


SECONDS = st.floats(0, 1e9, allow_nan=False)


def duration(seconds: float) -> Any:
    return SiLAFramework_pb2.Duration(seconds=int(seconds), nanos=int((seconds - int(seconds)) * 1e9))


@given(st.integers(0, 3), st.none() | st.floats(0, 1), st.none() | SECONDS, st.none() | SECONDS)
def test_execution_info(
    status: int, progress: float | None, remaining_s: float | None, lifetime_s: float | None
) -> None:
    message = SiLAFramework_pb2.ExecutionInfo(
        commandStatus=status,  # type: ignore[arg-type]  # its number, as on the wire
        progressInfo=None if progress is None else SiLAFramework_pb2.Real(value=progress),
        estimatedRemainingTime=None if remaining_s is None else duration(remaining_s),
        updatedLifetimeOfExecution=None if lifetime_s is None else duration(lifetime_s),
    )
    written = execution_info(status, progress=progress, remaining_s=remaining_s, lifetime_s=lifetime_s)
    assert written == message.SerializeToString()


@given(st.uuids(), SECONDS)
def test_confirmation(execution_uuid: UUID, lifetime_s: float) -> None:
    message = SiLAFramework_pb2.CommandConfirmation(
        commandExecutionUUID=SiLAFramework_pb2.CommandExecutionUUID(value=str(execution_uuid)),
        lifetimeOfExecution=duration(lifetime_s),
    )
    assert confirmation(str(execution_uuid), lifetime_s) == message.SerializeToString()
