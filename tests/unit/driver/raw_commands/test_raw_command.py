"""Raw commands are checked against the robot's schema, and what would make a session wait is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import CommandPlan
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.raw_commands.raw_command import SCHEMA, failures_as_said
from sila_ot2.driver.raw_commands.raw_command import read as read_raw
from sila_ot2.driver.session.driver_waits import DriverWaits
from sila_ot2.errors import (
    CommandFailed,
    CommandNotAllowed,
    DeckUnsafe,
    DoorOpen,
    MotionFailed,
    NotEnoughLiquid,
    OT2Fault,
    RawCommandInvalid,
    RobotUnreachable,
    SlotNotAvailable,
    UnsupportedByRobot,
)
from sila_ot2.robot.releases import Release, release_of


def read(content: bytes, *, allowed: bool, release: str = "9.0.0") -> CommandPlan:
    return read_raw(content, allowed=allowed, release=lambda: release_of(release))


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


@pytest.mark.parametrize(
    ("command", "not_on", "since"),
    [
        (raw("captureImage"), "8.7.0", "8.8"),
        (raw("captureImage"), "8.1.0", "8.8"),
        (raw("robot/moveTo", mount="left", destination={"x": 1, "y": 2, "z": 3}), "8.2.0", "8.3"),
        (raw("dropTip", pipetteId="p", labwareId="l", wellName="A1", scrape_tips=True), "8.3.2", "8.4"),
    ],
)
def test_what_the_robot_is_too_old_for_is_refused_with_the_release_that_knows_it(
    command: bytes, not_on: str, since: str
) -> None:
    with pytest.raises(UnsupportedByRobot, match=rf"{not_on} cannot.*release {since} and later"):
        read(command, allowed=True, release=not_on)
    assert read(command, allowed=True, release=since)(DeckState())


def test_a_wait_of_this_server_needs_no_release() -> None:
    def unknown() -> Release:
        raise RobotUnreachable("The robot has not answered yet.")

    assert read_raw(raw("waitForDuration", seconds=1), allowed=True, release=unknown)(DeckState())
    with pytest.raises(RobotUnreachable):
        read_raw(raw("home"), allowed=True, release=unknown)


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
        waits = name.startswith("waitFor") or "pause" in name.lower() or name in ("runProfile", "runExtendedProfile")
        if command_type != "waitForDuration" and waits:
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


@pytest.mark.parametrize("content", WAITING)
def test_a_member_that_the_robot_would_drop_hides_no_waiting(content: str) -> None:
    command = json.loads(content)
    params = {"strategy": "manualMoveWithoutPause", **command["params"]}
    with pytest.raises((RawCommandInvalid, CommandNotAllowed)):
        read(raw(command["commandType"], **params), allowed=True)


@pytest.mark.parametrize(
    ("where", "params"),
    [
        ("params", {"pipetteId": "1", "labwareId": "2", "wellName": "A1", "speedy": 1}),
        ("wellLocation", {"pipetteId": "1", "labwareId": "2", "wellName": "A1", "wellLocation": {"height": 1}}),
    ],
)
def test_what_the_robot_would_drop_is_refused(where: str, params: dict[str, Any]) -> None:
    with pytest.raises(RawCommandInvalid, match=where):
        read(raw("moveToWell", **params), allowed=True)


def test_commands_that_wait_are_found() -> None:
    assert {json.loads(content)["commandType"] for content in WAITING} >= {
        "waitForResume", "pause", "moveLabware", "flexStacker/empty", "heaterShaker/waitForTemperature"}  # fmt: skip


def test_what_only_the_robot_knows_is_the_failure_of_a_command() -> None:
    with pytest.raises(CommandFailed, match="slot 1"), failures_as_said():
        raise SlotNotAvailable("slot 1 is taken")
    with pytest.raises(MotionFailed), failures_as_said():
        raise MotionFailed("stalled")


@pytest.mark.parametrize("refusal", [DoorOpen, DeckUnsafe, NotEnoughLiquid, UnsupportedByRobot])
def test_what_this_server_refuses_a_raw_command_for_is_not_its_failure(refusal: type[OT2Fault]) -> None:
    with pytest.raises(refusal), failures_as_said():
        raise refusal("Nothing was sent.")


def test_a_task_cannot_have_the_name_of_a_timer_that_this_server_keeps() -> None:
    with pytest.raises(RawCommandInvalid, match="StartTimer in a worklist"):
        read(raw("createTimer", time=5.0, task_id="worklist-timer:lysis"), allowed=True)


@pytest.mark.parametrize("task", [{}, {"task_id": "mine"}])
def test_a_task_of_another_name_is_the_robots_own(task: dict[str, str]) -> None:
    (planned,) = read(raw("createTimer", time=5.0, **task), allowed=True)(DeckState())
    assert (planned.command_type, planned.params) == ("createTimer", {"time": 5.0, **task})
    assert not DriverWaits().perform(planned, DeckState(), Cancellation(), lambda: None)
