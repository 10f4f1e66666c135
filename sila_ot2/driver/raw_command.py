"""Commands in the robot's own words, for what the features do not offer; checked against the robot's schema."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.driver.plan import Plan, Planned
from sila_ot2.driver.record import Record
from sila_ot2.errors import CommandNotAllowed, RawCommandInvalid

SCHEMA = "schemas/commands-16.json"
"""The newest schema that knows the OT-2; what an older robot lacks of it, it refuses itself, and does nothing."""
LARGEST_BYTES = 100_000
"""Many times the largest command, the liquid of 1536 wells."""
WEDGING = frozenset({"waitForResume", "pause"})
"""Sent to a run that is never played, they leave it paused until the robot is restarted (measured on 8.1.0, 9.0.0)."""


def read(content: bytes, *, allowed: bool) -> Plan:
    """Return the plan of a raw command.

    Args:
        content: JSON, an object with commandType and params.
        allowed: whether the configuration allows raw commands at all.

    Raises:
        CommandNotAllowed: it does not, or this command would wedge the robot; nothing was sent.
        RawCommandInvalid: the robot knows no such command, or a parameter is missing or wrong; nothing was sent.
    """
    if not allowed:
        raise CommandNotAllowed(
            "Commands in the robot's own words are switched off. Nothing was sent. Whoever runs this server can allow "
            "them with the setting session.allow_raw_commands."
        )
    try:
        document = read_json(content, largest_bytes=LARGEST_BYTES)
    except JsonInvalid as error:
        raise RawCommandInvalid(
            f"The command cannot be read: {error}, line {error.line}, column {error.column}. Nothing was sent."
        ) from error
    if not isinstance(document, dict) or not isinstance(command_type := document.get("commandType"), str):
        raise RawCommandInvalid("An object with commandType and params is expected. Nothing was sent.")
    if command_type in WEDGING:
        raise CommandNotAllowed(
            f"{command_type} in a session would leave the robot paused until it is restarted. Nothing was sent. "
            f"Use it in a protocol."
        )
    if unknown := document.keys() - {"commandType", "params"}:
        raise RawCommandInvalid(f"There is no place for {', '.join(sorted(unknown))}. Nothing was sent.")
    _check(command_type, document)

    def plan(_record: Record) -> list[Planned]:
        return [Planned(command_type, document.get("params", {}))]

    return plan


def _check(command_type: str, document: dict[str, Any]) -> None:
    schema = _schema()
    definition = schema["discriminator"]["mapping"].get(command_type)
    if definition is None:
        raise RawCommandInvalid(f"The robot knows no command {command_type}. Nothing was sent.")
    validator = Draft202012Validator({"$defs": schema["$defs"], "$ref": definition})
    error = next(validator.iter_errors(document), None)
    if error is not None:
        where = ".".join(str(part) for part in error.path) or "the command"
        raise RawCommandInvalid(f"{command_type}: {where}: {error.message}. Nothing was sent.")


@cache
def _schema() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files("sila_ot2.driver").joinpath(SCHEMA).read_text(encoding="utf-8"))
    return document
