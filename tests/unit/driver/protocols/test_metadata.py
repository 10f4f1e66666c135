"""What a protocol says about itself is read from its beginning, without parsing or running it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sila_ot2.driver.protocols.metadata import PREFIX_BYTES, ProtocolMetadata, read_metadata


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metadata = {'apiLevel': '2.13', 'author': 'm', 'protocolName': 'p'}", ProtocolMetadata("p", "m", "2.13")),
        ("requirements={\n 'robotType': 'Flex',\n  'apiLevel': '2.20', #\n}", ProtocolMetadata("", "", "2.20", "Flex")),
        ("metadata = {'apiLevel': '2.9'}\ndef run(:", ProtocolMetadata(api_level="2.9")),
        ("metadata = {'apiLevel': compute()}", ProtocolMetadata()),
        ("metadata = {'apiLevel': '2.' + level}", ProtocolMetadata()),
        ("metadata = {'apiLevel': 2.14, 'author': ('a', 'b')}", ProtocolMetadata(api_level="2.14")),
        ("""metadata = {"protocolName": "a " 'b', r"author": "\\u00fc"}""", ProtocolMetadata("a b", "ü")),
        ('metadata = {"protocolName": """a\n"b" {1: 2}""", "author": "}"}', ProtocolMetadata('a\n"b" {1: 2}', "}")),
        (r"metadata = {'author': 'it\'s'}", ProtocolMetadata(author="it's")),
        ("'''\nmetadata = {'author': 'nobody'}\n'''\nmetadata = {'author': 'me'}", ProtocolMetadata(author="me")),
        ("# metadata = {'author': 'nobody'}\nif x:\n    metadata = {'author': 'nobody'}", ProtocolMetadata()),
        ("f(\nmetadata={'author': 'nobody'})\nother = {'author': 'nobody'}\nx.metadata = {}", ProtocolMetadata()),
        ("metadata = {'author': f'{x}', 'protocolName': b'x'}", ProtocolMetadata()),
        ("metadata = {'flags': {'author': 'nobody'}, 'author': 'me'}", ProtocolMetadata(author="me")),
        ("\ufeffmetadata = {'author': 'm'}\r\nrequirements = {'apiLevel': '2.15'}", ProtocolMetadata("", "m", "2.15")),
        ("metadata = {'author': 'me'", ProtocolMetadata()),
        ("metadata = {'author': '\\ud800'}", ProtocolMetadata(author="\\ud800")),
        ('metadata = {"author": "\\ud800"}', ProtocolMetadata(author="?")),
        ("\x00", ProtocolMetadata()),
    ],
)  # fmt: skip
def test_of_python(text: str, expected: ProtocolMetadata) -> None:
    assert read_metadata("p.py", text.encode()) == expected


def test_of_json() -> None:
    document = {
        "$otSharedSchema": "#/protocol/schemas/8",
        "schemaVersion": 8,
        "metadata": {"protocolName": 'a "b"', "author": "ü\n", "tags": ["x"]},
        "robot": {"model": "OT-2 Standard", "deckId": "ot2_standard"},
        "commands": [{"metadata": {"author": "nobody"}}],
    }
    for text in (json.dumps(document), json.dumps(document, indent=2, ensure_ascii=False)):
        assert read_metadata("p.JSON", text.encode()) == ProtocolMetadata('a "b"', "ü\n", "schema 8", "OT-2 Standard")
    assert read_metadata("p.json", b"[1, 2]") == ProtocolMetadata(api_level="schema ?")


def test_what_stands_further_down_is_left_to_the_robot() -> None:
    line = b"metadata = {'author': 'me'}\n"
    assert read_metadata("p.py", b"#" * (PREFIX_BYTES - len(line) - 1) + b"\n" + line).author == "me"
    assert read_metadata("p.py", b"#" * PREFIX_BYTES + b"\n" + line).author == ""


printable = st.text(st.characters(codec="utf-8"), max_size=40)


@given(printable, printable, st.booleans())
def test_any_value_is_read_as_python_reads_it(name: str, author: str, as_json: bool) -> None:
    def written(value: str) -> str:
        return json.dumps(value, ensure_ascii=False) if as_json else repr(value)

    text = f"x = 1\nmetadata = {{'protocolName': {written(name)}, 'author': {written(author)}}}\n"
    reported = read_metadata("p.py", text.encode())
    if as_json or "\\" not in text:  # repr writes escapes of its own, which are left as they are written
        assert [reported.name, reported.author] == [name, author]


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(content: bytes) -> None:
    for name in ("p.py", "p.json"):
        assert isinstance(read_metadata(name, content), ProtocolMetadata)
