"""The files of an upload: named safely, unpacked, distinguished, limited."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sila_ot2.driver.protocols.files import (
    MOST_ZIP_ENTRIES,
    GivenFile,
    UploadLimits,
    arrange,
    completed,
    require_kinds,
    safe_name,
)
from sila_ot2.errors import ProtocolInvalid, ProtocolTooLarge
from tests.fakes.labware import as_file, custom_plate

LIMITS = UploadLimits(total_bytes=10_000, files=5)
DEFINITION = {
    "schemaVersion": 2,
    "namespace": "n",
    "version": 1,
    "wells": {"A1": {}},
    "ordering": [["A1"]],
    "parameters": {"loadName": "x"},
}


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("plain.py", "plain.py"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\my protocol.py", "my protocol.py"),
        ("a\nb\0c.py", "a_b_c.py"),
        (".hidden.py", "hidden.py"),
        ("Übung ß (1).py", "Übung ß (1).py"),
        ("x" * 500 + ".json", "x" * 115 + ".json"),
        ("分" * 85 + ".py", "分" * 79 + ".py"),
        ("分" * 100, "分" * 80),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@given(st.text(max_size=300))
def test_safe_name_means_nothing_but_itself(name: str) -> None:
    try:
        safe = safe_name(name)
    except ProtocolInvalid:
        return
    assert safe == safe_name(safe)
    assert 0 < len(safe) <= 120
    assert len(safe.encode()) <= 240
    assert not set(safe) & set('/\\:*?"<>|\0\n')
    assert safe not in (".", "..")


def packed(**files: str) -> GivenFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return GivenFile("p.zip", out.getvalue())


def test_zip_with_one_main_file() -> None:
    files = arrange(packed(main__py="x", plate__json=json.dumps(DEFINITION), t__csv="1"), [], [], LIMITS)
    assert [(file.name, file.role) for file in files] == [
        ("main.py", "main"), ("plate.json", "labware"), ("t.csv", "support")]  # fmt: skip


def test_main_file_is_the_one_that_states_its_level() -> None:
    files = arrange(packed(helper__py="x = 1", main__py="metadata = {'apiLevel': '2.13'}"), [], [], LIMITS)
    assert files[0].name == "main.py"


@pytest.mark.parametrize("files", [{"a__py": "x", "b__py": "y"}, {"readme__txt": "x"}, {}])
def test_zip_without_a_clear_main_file(files: dict[str, str]) -> None:
    with pytest.raises(ProtocolInvalid, match="one protocol"):
        arrange(packed(**files), [], [], LIMITS)


def test_zip_bomb_is_not_unpacked() -> None:
    bomb = packed(main__py="0" * 10_000_000)
    assert len(bomb.content) < LIMITS.total_bytes * 2
    with pytest.raises(ProtocolTooLarge):
        arrange(GivenFile("b.zip", bomb.content[:]), [], [], UploadLimits(len(bomb.content) + 1, 5))


def test_limits_and_names_that_clash() -> None:
    main = GivenFile("main.py", b"x")
    with pytest.raises(ProtocolTooLarge, match="MB"):
        arrange(main, [GivenFile("big", b"x" * 10_001)], [], LIMITS)
    with pytest.raises(ProtocolTooLarge, match="6 files"):
        arrange(main, [GivenFile(f"{i}.csv", b"x") for i in range(5)], [], LIMITS)
    with pytest.raises(ProtocolInvalid, match="Two files"):
        arrange(main, [GivenFile("MAIN.py", b"y")], [], LIMITS)


def test_what_a_robot_cannot_use_beside_the_protocol_is_refused() -> None:
    taken = [GivenFile("t.csv", b"1"), GivenFile("n.TXT", b"x"), GivenFile("p.json", json.dumps(DEFINITION).encode())]
    require_kinds(arrange(GivenFile("main.py", b"x"), taken, [], LIMITS))
    others = [GivenFile("helpers.py", b"x"), GivenFile("s.json", b"{}"), GivenFile("README", b"x")]
    with pytest.raises(
        ProtocolInvalid, match=r"^helpers\.py, s\.json, README cannot stand beside main\.py.*5\.0.*\.csv, \.txt"
    ):
        require_kinds(arrange(GivenFile("main.py", b"x"), others, [], LIMITS))
    with pytest.raises(ProtocolInvalid, match=r"main\.txt is not a protocol"):
        require_kinds(arrange(GivenFile("main.txt", b"x"), [], [], LIMITS))
    with pytest.raises(ProtocolInvalid, match="not a zip"):
        arrange(GivenFile("main.zip", b"x"), [], [], LIMITS)


WHOLE = packed(main__py="metadata = {'apiLevel': '2.13'}" * 9, plate__json=json.dumps(DEFINITION)).content


@pytest.mark.slow
@given(st.data())
def test_damaged_zip_is_refused_or_unpacked(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(content) - 1))
        content[at : data.draw(st.integers(at, min(len(content), at + 8)))] = data.draw(st.binary(max_size=8))
    with suppress(ProtocolInvalid, ProtocolTooLarge):
        assert arrange(GivenFile("p.zip", bytes(content)), [], [], LIMITS)[0].role == "main"


def test_zip_with_an_entry_without_a_name() -> None:
    nameless = packed(main__py="x", q="y").content.replace(b"q", b"\0")
    with pytest.raises(ProtocolInvalid, match="cannot be unpacked"):
        arrange(GivenFile("p.zip", nameless), [], [], LIMITS)


def test_python_gets_labware_of_the_library_and_json_does_not() -> None:
    given: list[tuple[list[bytes], list[bytes]]] = []

    def needed(codes: Sequence[bytes], beside: Sequence[bytes]) -> list[bytes]:
        given.append((list(codes), list(beside)))
        return [as_file(custom_plate()), as_file(custom_plate("brought"))]

    brought = as_file(custom_plate("brought"))
    files = completed(arrange(GivenFile("p.py", b"code"), [], [brought], LIMITS), needed)
    assert given == [([b"code"], [brought])]
    assert [(file.name, file.role) for file in files] == [
        ("p.py", "main"), ("my_lab_brought_1.json", "labware"), ("my_lab_my_6_plate_1.json", "labware"),
    ]  # fmt: skip
    document = arrange(GivenFile("p.json", b"{}"), [], [], LIMITS)
    assert completed(document, needed) == document


def test_zip_with_too_many_files() -> None:
    with pytest.raises(ProtocolTooLarge, match=rf"has {LIMITS.files + 1} files; at most {LIMITS.files}"):
        arrange(packed(**{f"f{number}__txt": "x" for number in range(LIMITS.files + 1)}), [], [], LIMITS)


def test_zip_whose_directory_is_too_long_is_not_opened() -> None:
    content = b"PK\x03\x04" + b"PK\x01\x02" * (MOST_ZIP_ENTRIES + 1)
    with pytest.raises(ProtocolTooLarge, match=f"more than {MOST_ZIP_ENTRIES} files and folders"):
        arrange(GivenFile("p.zip", content), [], [], UploadLimits(len(content), LIMITS.files))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_packed_in_a_way_that_hides_its_size_is_refused(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("main.py", "x")
    with pytest.raises(ProtocolInvalid, match=r"main\.py is compressed by a method other than Deflate"):
        arrange(GivenFile("p.zip", out.getvalue()), [], [], LIMITS)


def test_zip_with_one_protocol_in_json() -> None:
    files = arrange(packed(p__json='{"commands": []}', plate__json=json.dumps(DEFINITION)), [], [], LIMITS)
    assert [(file.name, file.role) for file in files] == [("p.json", "main"), ("plate.json", "labware")]
