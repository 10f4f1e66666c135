"""Custom labware definitions checked against the schema of Opentrons, and for what the schema cannot say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from sila_ot2.driver.deck.definitions.labware_definition import read_definition
from sila_ot2.errors import LabwareDefinitionInvalid

SCHEMA = "labware-schema-2.json"
OPENTRONS = "opentrons"
"""The namespace of the definitions that the robot has itself."""
_MOST_FAULTS = 20
"""Faults among which the one to report is chosen: thousands of wells may have the same."""
_LONGEST_TEXT = 200
"""Characters of a fault that are shown: some quote the whole definition."""


def checked_definition(content: bytes) -> dict[str, Any]:
    """Return a labware definition that the robot can use.

    Args:
        content: JSON.

    Raises:
        LabwareDefinitionInvalid: it is too large, no JSON, does not follow schema 2, contradicts itself, or has the
            namespace of Opentrons' own definitions. The message names the place in the definition.
    """
    definition = read_definition(content)
    if definition["schemaVersion"] != 2:
        raise LabwareDefinitionInvalid(
            f"At schemaVersion: the labware definition follows schema {definition['schemaVersion']}; an OT-2 takes 2.",
            "Export it for the OT-2, with schema 2.",
        )
    from jsonschema.exceptions import best_match  # only servers that get a definition load it

    worst = best_match(islice(_validator().iter_errors(definition), _MOST_FAULTS))
    if worst is not None:
        place = ".".join(map(str, worst.absolute_path)) or "its top"
        text = worst.message if len(worst.message) <= _LONGEST_TEXT else f"{worst.message[:_LONGEST_TEXT]}..."
        raise _invalid(f"At {place}: {text}")
    if definition["namespace"] == OPENTRONS:
        raise LabwareDefinitionInvalid(
            "The namespace opentrons is that of the definitions that the robot has itself.",
            "Give the definition a namespace of your own.",
        )
    for contradiction in _contradictions(definition):
        raise _invalid(contradiction)
    return definition


@cache
def _validator() -> Any:
    from jsonschema import Draft7Validator

    schema = (files("sila_ot2.driver.deck.definitions") / "shipped" / SCHEMA).read_text("utf-8")
    return Draft7Validator(json.loads(schema))


def _contradictions(definition: dict[str, Any]) -> Iterator[str]:
    """Yield the faults that the schema does not find."""
    wells = definition["wells"]
    ordered = [name for column in definition["ordering"] for name in column]
    if len(set(ordered)) != len(ordered):
        yield "At ordering: a well stands there twice"
    if unknown := sorted(set(ordered) ^ set(wells)):
        yield f"At ordering: {', '.join(unknown[:5])} stands in one of ordering and wells only"
    size = definition["dimensions"]
    for name, well in wells.items():
        if not (0 <= well["x"] <= size["xDimension"] and 0 <= well["y"] <= size["yDimension"]):
            yield f"At wells.{name}: its center is outside of the labware"
    if definition["parameters"]["isTiprack"] and not definition["parameters"].get("tipLength"):
        yield "At parameters.tipLength: a tip rack needs the length of its tips"


def _invalid(fault: str) -> LabwareDefinitionInvalid:
    return LabwareDefinitionInvalid(
        f"The labware definition is not valid. {fault}.",
        "Correct it, or make it anew with the Opentrons Labware Creator.",
    )
