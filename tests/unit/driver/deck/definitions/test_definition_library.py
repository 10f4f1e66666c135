"""The library of labware definitions: what protocols and sessions get from it, and what they never get."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine, text

from sila_ot2.driver.deck.definitions.definition_library import DefinitionLibrary
from sila_ot2.errors import LabwareDefinitionExists, LabwareDefinitionInvalid, LabwareDefinitionNotFound
from sila_ot2.store.labware_definitions import DefinitionStore
from tests.fakes.labware import as_file, changed, custom_plate

CORNING = "corning_96_wellplate_360ul_flat"


@pytest.fixture
def library(engine: Engine) -> DefinitionLibrary:
    return DefinitionLibrary(DefinitionStore(engine))


def add(library: DefinitionLibrary, load_name: str = "my_6_plate", **more: object) -> bytes:
    content = as_file(custom_plate(load_name, **more))  # type: ignore[arg-type]
    library.add_definition(content)
    return content


def test_a_definition_is_kept_listed_and_removed(library: DefinitionLibrary, engine: Engine) -> None:
    content = add(library)
    assert library.add_definition(content) == ("my_lab/my_6_plate/1", True)
    again = DefinitionLibrary(DefinitionStore(engine))
    (kept,) = again.entries.value
    assert (kept.uri, kept.load_name, kept.version, kept.well_count) == ("my_lab/my_6_plate/1", "my_6_plate", 1, 6)
    assert again.definition_content(kept.uri) == content
    again.remove_definition(kept.uri)
    assert again.entries.value == ()
    for call in (again.remove_definition, again.definition_content):
        with pytest.raises(LabwareDefinitionNotFound):
            call(kept.uri)


def test_another_definition_of_the_same_uri_is_refused(library: DefinitionLibrary) -> None:
    content = add(library)
    with pytest.raises(LabwareDefinitionExists):
        library.add_definition(as_file(changed(custom_plate(), "wells.A1.depth", 10)))
    assert library.definition_content("my_lab/my_6_plate/1") == content


def test_a_version_that_the_database_cannot_hold_is_refused(library: DefinitionLibrary) -> None:
    with pytest.raises(LabwareDefinitionInvalid, match="too large"):
        library.add_definition(as_file(changed(custom_plate(), "version", 9_999_999_999_999_999_999)))


def test_the_library_and_the_labware_of_robots_are_searched(library: DefinitionLibrary) -> None:
    add(library)
    assert library.search_definitions("MY plate")[0].source == "Library"
    found = library.search_definitions("corning 384")
    assert {one.source for one in found} == {"Robot"}
    assert {one.well_count for one in found if one.category == "wellPlate"} == {384}
    with pytest.raises(LabwareDefinitionNotFound):
        library.search_definitions("no such labware")


def test_labware_of_robots_can_be_read(library: DefinitionLibrary) -> None:
    (uri,) = (one.uri for one in library.search_definitions(CORNING) if one.category == "wellPlate")
    assert len(json.loads(library.definition_content(uri))["wells"]) == 96
    with pytest.raises(LabwareDefinitionNotFound):
        library.definition_content(f"opentrons/{CORNING}/999")


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_gets_the_newest_version_or_the_one_named(library: DefinitionLibrary) -> None:
    old, new = add(library, version=2), add(library, version=10)
    assert library.to_define("my_6_plate") == new
    assert library.to_define("my_6_plate", "my_lab") == new
    assert library.to_define("my_6_plate", "my_lab", 2) == old
    assert library.to_define("my_6_plate", "my_lab", 3) is None
    assert library.to_define("my_6_plate", "other") is None


def test_labware_of_robots_never_gives_way(library: DefinitionLibrary) -> None:
    own = add(library, CORNING)
    assert library.to_define(CORNING) is None
    assert library.to_define(CORNING, "opentrons") is None
    assert library.to_define(CORNING, "my_lab") == own


# --- protocols --------------------------------------------------------------------------------------------------------


def code(arguments: str) -> list[bytes]:
    return [f"def run(protocol):\n    protocol.load_labware({arguments})\n".encode()]


def test_a_protocol_gets_what_it_loads(library: DefinitionLibrary) -> None:
    mine = add(library)
    add(library, "unused_plate")
    assert library.needed_by(code("'my_6_plate', 1"), []) == [mine]
    assert library.needed_by(code('"my_6_plate", 1'), []) == [mine]
    assert library.needed_by(code("'my_6_plate_2', 1"), []) == []
    assert library.needed_by(code("'my_6_plate', 1"), [as_file(custom_plate(version=9))]) == []


def test_a_protocol_gets_the_versions_that_it_names(library: DefinitionLibrary) -> None:
    old, new = add(library, version=2), add(library, version=10)
    assert library.needed_by(code("'my_6_plate', 1"), []) == [new]
    assert library.needed_by(code("'my_6_plate', 1, version=2"), []) == [old]
    assert library.needed_by(code("'my_6_plate', 1, version=7"), []) == [new]


@pytest.mark.parametrize("other", [("my_6_plate", "other_lab"), (CORNING, "my_lab")])
def test_a_name_that_means_several_needs_its_namespace(library: DefinitionLibrary, other: tuple[str, str]) -> None:
    mine = add(library, other[0])
    if other[1] != "my_lab":
        add(library, other[0], namespace=other[1])
    assert library.needed_by(code(f"'{other[0]}', 1"), []) == []
    assert library.needed_by(code(f"'{other[0]}', 1, namespace='my_lab'"), []) == [mine]


def test_a_session_needs_the_namespace_of_a_name_that_several_have(library: DefinitionLibrary) -> None:
    mine, other = add(library), add(library, namespace="other_lab", version=9)
    assert library.to_define("my_6_plate") is None
    assert library.to_define("my_6_plate", version=9) == other
    assert library.to_define("my_6_plate", "my_lab") == mine


def test_a_name_that_the_protocol_brings_along_needs_its_namespace(library: DefinitionLibrary) -> None:
    add(library)
    brought = [as_file(custom_plate(namespace="other_lab"))]
    assert library.needed_by(code("'my_6_plate', 1"), brought) == []


def test_a_damaged_definition_does_not_break_others(library: DefinitionLibrary, engine: Engine) -> None:
    add(library, "broken_plate")
    mine = add(library)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE labware_definitions SET content = :none WHERE load_name = 'broken_plate'"), {"none": b"{"}
        )
    again = DefinitionLibrary(DefinitionStore(engine))
    assert again.needed_by(code("'my_6_plate', 1), protocol.load_labware('broken_plate', 2"), []) == [mine]
    assert again.to_define("broken_plate") is None
    assert [one.load_name for one in again.entries.value] == ["broken_plate", "my_6_plate"]
    again.remove_definition("my_lab/broken_plate/1")
