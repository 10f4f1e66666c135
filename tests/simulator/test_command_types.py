"""The table of command types by release, against the command schemas that Opentrons publishes."""

from __future__ import annotations

import inspect
import json
import sys

from opentrons.protocol_engine.commands.command_unions import CREATE_TYPES_BY_PARAMS_TYPE
from opentrons_shared_data import get_shared_data_root

from sila_ot2.robot.command_types import FLEX_ONLY, TYPES_SINCE

RELEASES = {9: (8, 1), 10: (8, 2), 11: (8, 3), 12: (8, 4), 13: (8, 5), 14: (8, 6), 15: (8, 8), 16: (9, 0)}
"""By the number of the schema: the first release that has it."""
ADDED_LATE = {"airGapInPlace": (8, 3)}
"""In the file of schema 10 as it is published today, and not in that of release 8.2.0."""


def types_of(schema: int) -> set[str]:
    document = json.loads((get_shared_data_root() / f"command/schemas/{schema}.json").read_text())
    definitions = (document.get("$defs") or document["definitions"]).values()
    named = [one["properties"]["commandType"] for one in definitions if "commandType" in one.get("properties", {})]
    return {name for one in named for name in one.get("enum", [one.get("const")])}


def test_every_type_that_came_after_8_1_is_in_the_table_with_its_release() -> None:
    by_schema = {schema: types_of(schema) for schema in RELEASES}
    found = {}
    for name in by_schema[16] - by_schema[9]:
        missing_in = max(schema for schema, types in by_schema.items() if name not in types)
        found[name] = ADDED_LATE.get(name, RELEASES[missing_in + 1])
    assert found
    assert {name: since[:2] for name, since in TYPES_SINCE.items() if since > (8, 1, 9)} == found


def test_what_only_a_flex_can_is_what_the_engine_needs_its_hardware_for() -> None:
    found = {
        create.model_fields["commandType"].default
        for create in CREATE_TYPES_BY_PARAMS_TYPE.values()
        if "ensure_ot3_hardware(" in inspect.getsource(sys.modules[create.__module__])
    }
    assert found == FLEX_ONLY
