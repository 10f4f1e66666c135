"""Raw commands are checked against the robot's schema, and what would make a session wait is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.raw_commands.raw_command import SCHEMA, failures_as_said, read
from sila_ot2.errors import CommandFailed, CommandNotAllowed, MotionFailed, RawCommandInvalid, SlotNotAvailable


def raw(command_type: str, **params: Any) -> bytes:
    return json.dumps({"commandType": command_type, "params": params}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"7",
        b"\xff",
        b'{"params": {}}',
        b'{"commandType": {}, "params": {}}',
        b'{"commandType": "home", "params": []}',
        b'{"commandType": "fly", "params": {}}',
        b'{"commandType": "aspirate", "params": {}}',
        b'{"commandType": "home", "params": {"axes": ["q"]}}',
        b'{"commandType": "home", "params": {}, "intent": "protocol"}',
        b'{"commandType": "comment", "params": {"message": "\\ud800"}}',
        b'{"commandType": "waitForDuration", "params": {"seconds": NaN}}',
        b'{"commandType": "waitForDuration", "params": {"seconds": 1e999}}',
        b'{"commandType": "waitForDuration", "params": {"seconds": -1}}',
        b'{"commandType": "waitForDuration", "params": {"seconds": 1e9}}',
    ],
)
def test_what_the_schema_does_not_know(content: bytes) -> None:
    with pytest.raises(RawCommandInvalid, match="Nothing moved"):
        read(content, allowed=True)


def test_switched_off() -> None:
    with pytest.raises(CommandNotAllowed, match="session.allow_raw_commands"):
        read(raw("home"), allowed=False)


def test_command_that_fits() -> None:
    planned = read(raw("home", axes=["x"]), allowed=True)(DeckState())
    assert [(command.command_type, command.params) for command in planned] == [("home", {"axes": ["x"]})]


def test_wait_of_known_length_is_the_drivers_own() -> None:
    planned = read(raw("waitForDuration", seconds=0.2, message="settle"), allowed=True)(DeckState())
    assert [(command.command_type, command.params) for command in planned] == [("waitForDuration", {"seconds": 0.2})]


def move_labware(strategy: str) -> bytes:
    return raw("moveLabware", labwareId="plate", newLocation={"slotName": "4"}, strategy=strategy)


def test_labware_moved_by_hand_while_the_robot_waits() -> None:
    with pytest.raises(CommandNotAllowed, match=r"manualMoveWithPause.*MoveLabware\."):
        read(move_labware("manualMoveWithPause"), allowed=True)
    assert read(move_labware("manualMoveWithoutPause"), allowed=True)(DeckState())


def strings(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for value in schema.values():
            yield from strings(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from strings(value)
    elif isinstance(schema, str):
        yield schema


def waiting_commands() -> Iterator[bytes]:
    """Every command that the schema's own words say waits for a person or a module, with what makes it wait."""
    schema = json.loads(files("sila_ot2.driver.raw_commands").joinpath(SCHEMA).read_text(encoding="utf-8"))

    def resolved(member: Any) -> Any:
        return schema["$defs"][member["$ref"].rsplit("/", 1)[-1]] if "$ref" in member else member

    for command_type, reference in schema["discriminator"]["mapping"].items():
        params = resolved(resolved({"$ref": reference})["properties"]["params"])
        members = {name: resolved(member) for name, member in params.get("properties", {}).items()}
        needed = {name: _any_value(members[name]) for name in params.get("required", ())}
        name = command_type.rsplit("/", 1)[-1]
        if command_type != "waitForDuration" and (name.startswith("waitFor") or "pause" in name.lower()):
            yield raw(command_type, **needed)
        for parameter, member in members.items():
            for text in member.get("enum", ()):
                if str(text).endswith("WithPause"):
                    yield raw(command_type, **{**needed, parameter: text})


def _any_value(member: Any) -> object:
    """A value that fits, for what the parameters of waiting commands are made of."""
    if "enum" in member:
        return member["enum"][0]
    if "anyOf" in member:
        return {"slotName": "1"}
    return {"string": "1", "array": [], "number": 1}.get(member["type"])


WAITING = [content.decode() for content in waiting_commands()]


@pytest.mark.parametrize("content", WAITING)
def test_whatever_makes_a_session_wait_is_refused_with_an_alternative(content: str) -> None:
    with pytest.raises(CommandNotAllowed, match=r"Nothing moved\. \w+"):
        read(content.encode(), allowed=True)


def test_commands_that_wait_are_found() -> None:
    assert {json.loads(content)["commandType"] for content in WAITING} >= {
        "waitForResume", "pause", "moveLabware", "flexStacker/empty", "heaterShaker/waitForTemperature"}  # fmt: skip


def test_what_only_the_robot_knows_is_the_failure_of_a_command() -> None:
    with pytest.raises(CommandFailed, match="slot 1"), failures_as_said():
        raise SlotNotAvailable("slot 1 is taken")
    with pytest.raises(MotionFailed), failures_as_said():
        raise MotionFailed("stalled")
