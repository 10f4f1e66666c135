"""Labware definitions: what is taken, and what is refused with the place of the fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sila_ot2.driver.deck.definitions.builtin_labware import builtin_definitions, uri_of
from sila_ot2.driver.deck.definitions.definition_check import checked_definition
from sila_ot2.driver.deck.state.labware import labware_from
from sila_ot2.errors import LabwareDefinitionInvalid
from tests.fakes.labware import CONTRADICTIONS, WRONG, as_file, changed, custom_plate

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_a_definition_of_the_labware_creator_is_taken() -> None:
    assert checked_definition(as_file(custom_plate())) == custom_plate()


@pytest.mark.parametrize(("path", "value"), (WRONG | CONTRADICTIONS).items())
def test_a_wrong_definition_is_refused_with_the_place(path: str, value: object) -> None:
    with pytest.raises(LabwareDefinitionInvalid) as refused:
        checked_definition(as_file(changed(custom_plate(), path, value)))
    assert any(part in refused.value.cause for part in path.split(".")), refused.value


@pytest.mark.slow
def test_definitions_of_opentrons_are_taken() -> None:
    for definition in builtin_definitions().values():
        if len(definition["wells"]) not in range(1, 25):
            continue  # lids; and plates, each of which takes longer
        copy = json.loads(json.dumps(definition)) | {"namespace": "my_lab"}
        try:
            checked_definition(as_file(copy))
        except LabwareDefinitionInvalid as refused:
            pytest.fail(f"{uri_of(definition)}: {refused}")


@pytest.mark.slow
@settings(max_examples=40)
@given(st.data())
def test_hostile_definitions_are_refused_or_can_be_used(data: Any) -> None:
    definition = custom_plate()
    paths = [
        "version", "namespace", "metadata", "metadata.displayName", "parameters", "parameters.loadName", "wells",
        "parameters.tipLength", "parameters.isTiprack", "parameters.quirks", "wells.A1", "wells.A1.x", "wells.A1.depth",
        "wells.A1.totalLiquidVolume", "ordering", "ordering.0", "ordering.0.0", "dimensions", "dimensions.xDimension",
        "groups", "allowedRoles", "stackingOffsetWithLabware", "stackingOffsetWithModule", "schemaVersion",
    ]  # fmt: skip
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=3, unique=True)):
        try:
            definition = changed(definition, path, data.draw(JSON))
        except (KeyError, TypeError, IndexError, ValueError, AttributeError):
            continue  # an earlier change has removed the place
    try:
        taken = checked_definition(as_file(definition))
    except LabwareDefinitionInvalid:
        return
    assert set(labware_from(taken, "id", "1").wells) == set(taken["wells"])


@settings(max_examples=25)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_content_that_is_not_a_definition_is_refused(content: bytes) -> None:
    with pytest.raises(LabwareDefinitionInvalid):
        checked_definition(content)
