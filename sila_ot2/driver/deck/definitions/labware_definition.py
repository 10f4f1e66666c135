"""Custom labware definitions, checked for what this server and the robot rely on."""

from __future__ import annotations

from typing import Any

from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.errors import LabwareDefinitionInvalid

LARGEST_BYTES = 2_000_000
"""The web server on the robot takes no more (its configuration in Opentrons/buildroot, March 2024)."""
_WITHOUT_WELLS = frozenset({"adapter", "lid"})
"""Roles of labware that holds other labware, or covers it."""


def read_definition(content: bytes) -> dict[str, Any]:
    """Return a labware definition.

    Args:
        content: JSON.

    Raises:
        LabwareDefinitionInvalid: it is too large, no JSON, or no labware definition.
    """
    try:
        definition = read_json(content, largest_bytes=LARGEST_BYTES)
    except JsonInvalid as error:
        raise LabwareDefinitionInvalid(
            f"The labware definition cannot be read: {error}, line {error.line}, column {error.column}.",
            "Correct it, then send it again.",
        ) from error
    missing = _missing(definition)
    if missing:
        raise LabwareDefinitionInvalid(
            f"The labware definition lacks {', '.join(missing)}.",
            "Use a labware definition (schema 2), as the Opentrons Labware Creator makes it.",
        )
    return dict(definition)


def _missing(definition: object) -> list[str]:
    if not isinstance(definition, dict):
        return ["an object at its top"]
    parameters, wells = definition.get("parameters"), definition.get("wells")
    roles = definition.get("allowedRoles")
    may_be_empty = isinstance(roles, list) and any(role in _WITHOUT_WELLS for role in roles if isinstance(role, str))
    parts = {
        "schemaVersion": _is_number(definition.get("schemaVersion")),
        "namespace": isinstance(definition.get("namespace"), str),
        "version": _is_number(definition.get("version")),
        "parameters.loadName": isinstance(parameters, dict) and isinstance(parameters.get("loadName"), str),
        "wells": isinstance(wells, dict) and (bool(wells) or may_be_empty),
        "ordering": isinstance(definition.get("ordering"), list),
    }
    return [part for part, there in parts.items() if not there]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
