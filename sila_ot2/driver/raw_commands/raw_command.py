"""Commands in the robot's own terms, for what the features do not offer; checked against the robot's schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from sila_ot2.driver.deck.plans.plan import START_TIMER, WAIT, CommandPlan, PlannedCommand
from sila_ot2.driver.deck.plans.timers import PREFIX
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.worklists.steps import STEP_KINDS
from sila_ot2.errors import (
    CommandFailed,
    CommandNotAllowed,
    DeckUnsafe,
    DoorOpen,
    NotEnoughLiquid,
    RawCommandInvalid,
    UnsupportedByRobot,
)
from sila_ot2.robot.releases import Release
from sila_ot2.robot.translate import COMMAND_FAULTS

SCHEMA = "schemas/commands-16.json"
"""The newest schema that knows the OT-2; `Release.require_command` knows what an older robot lacks of it."""
LARGEST_BYTES = 100_000
"""Many times the largest command, the liquid of 1536 wells."""
HOW_TO_WRITE_IT = "Correct the command as the documentation of the robot's HTTP API describes it."
_OPERATOR = (
    "Let the client ask the operator between two commands, or use a protocol: a run can be paused and resumed. For a "
    "wait of known length use Delay."
)
_TEMPERATURE = "Set the target, then wait in the client until AttachedModules of OT2ModuleProvider shows it."
_PROFILE = "Use a protocol: its run can be stopped during a profile."
_ALTERNATIVES = {
    "waitForResume": _OPERATOR,
    "pause": _OPERATOR,
    "moveLabware": "Move the labware by hand while the robot stands still, and tell it so with MoveLabware.",
    "waitForTasks": "Wait in the client, use Delay, or StartTimer and WaitForTimer in a worklist.",
    "temperatureModule/waitForTemperature": _TEMPERATURE,
    "heaterShaker/waitForTemperature": _TEMPERATURE,
    "thermocycler/waitForBlockTemperature": _TEMPERATURE,
    "thermocycler/waitForLidTemperature": _TEMPERATURE,
    "thermocycler/runProfile": _PROFILE,
    "thermocycler/runExtendedProfile": _PROFILE,
}
"""What to use instead of a command that waits, or of a strategy that does."""
_WITH_PAUSE = "WithPause"
"""How the strategies end by which a command waits for an operator (manualMoveWithPause, manualWithPause)."""


def read(content: bytes, *, allowed: bool, release: Callable[[], Release]) -> CommandPlan:
    """Return the plan of a raw command.

    Args:
        content: JSON, an object with commandType and params.
        allowed: whether the configuration allows raw commands at all.
        release: returns the release of the robot.

    Raises:
        CommandNotAllowed: it does not, or the session would wait for an operator or a temperature; nothing was sent.
        RawCommandInvalid: the robot knows no such command, a parameter is missing or wrong, or a task has the name of
            a worklist's timer; nothing was sent.
        UnsupportedByRobot: the robot's release does not know the command, or one of its parameters; nothing was sent.
        RobotUnreachable: the robot has not reported its release yet.
    """
    if not allowed:
        raise CommandNotAllowed(
            "Commands in the robot's own terms are switched off.",
            "The operator of this server can allow them with the setting session.allow_raw_commands.",
        )
    try:
        document = read_json(content, largest_bytes=LARGEST_BYTES)
    except JsonInvalid as error:
        raise RawCommandInvalid(
            f"The command cannot be read: {error}, line {error.line}, column {error.column}.", HOW_TO_WRITE_IT
        ) from error
    if not isinstance(document, dict) or not isinstance(command_type := document.get("commandType"), str):
        raise RawCommandInvalid("An object with commandType and params is expected.", HOW_TO_WRITE_IT)
    if unknown := document.keys() - {"commandType", "params"}:
        raise RawCommandInvalid(f"There is no place for {', '.join(sorted(unknown))}.", HOW_TO_WRITE_IT)
    _check(command_type, document)
    params = document.get("params", {})
    _require_no_waiting(command_type, params)
    if command_type == WAIT:
        return _delay(params["seconds"])
    if command_type == START_TIMER and str(params.get("task_id")).startswith(PREFIX):
        raise RawCommandInvalid(
            f"{START_TIMER}: params.task_id: names that begin with {PREFIX} are the timers of worklists, which this "
            "server keeps.",
            "Give the task another name, or use StartTimer in a worklist.",
        )
    release().require_command(command_type, params)

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand(command_type, params)]

    return plan


@contextmanager
def failures_as_said() -> Iterator[None]:
    """Raise what a raw command fails with as the failure of a command: only the robot knows what it needs.

    Raises:
        DoorOpen, DeckUnsafe, NotEnoughLiquid, UnsupportedByRobot: as they are: this server refuses by them, too.
        CommandFailed: the robot began and failed; its own text is in the message.
    """
    try:
        yield
    except (DoorOpen, DeckUnsafe, NotEnoughLiquid, UnsupportedByRobot):
        raise
    except COMMAND_FAULTS as fault:
        raise CommandFailed.of(fault) from fault


def _require_no_waiting(command_type: str, params: Mapping[str, Any]) -> None:
    """Refuse what would make a run that is never played wait.

    Such a run cannot be resumed, and its wait for a temperature cannot be cancelled. It ends by two stops at the
    earliest (measured on 8.1.0 and 7.5.0).
    """
    strategy = str(params.get("strategy", ""))
    waits = command_type in _ALTERNATIVES if not strategy else strategy.endswith(_WITH_PAUSE)
    if waits:
        how = f"{command_type} ({strategy})" if strategy else command_type
        raise CommandNotAllowed(
            f"{how} would make the session wait, and nothing could end its waiting.",
            f"{_ALTERNATIVES.get(command_type, _OPERATOR)}",
        )


def _delay(duration_s: float) -> CommandPlan:
    """Return the plan of a wait that the driver carries out, so that it can be cancelled."""
    try:
        return motions.delay(STEP_KINDS["Delay"].read({"Duration": duration_s}).duration_s)
    except ValidationError as error:
        problem = error.errors()[0]
        raise RawCommandInvalid(f"{WAIT}: params.seconds: {problem['msg']}.", HOW_TO_WRITE_IT) from error


def _check(command_type: str, document: dict[str, Any]) -> None:
    schema = _schema()
    definition = schema["discriminator"]["mapping"].get(command_type)
    if definition is None:
        raise RawCommandInvalid(
            f"{command_type} is not a command that this server knows of any robot (up to schema 16 of protocols).",
            HOW_TO_WRITE_IT,
        )
    from jsonschema import Draft202012Validator  # only servers that get a raw command load it

    validator = Draft202012Validator({"$defs": schema["$defs"], "$ref": definition})
    error = next(validator.iter_errors(document), None)
    if error is not None:
        where = ".".join(str(part) for part in error.path) or "the command"
        raise RawCommandInvalid(f"{command_type}: {where}: {error.message}.", HOW_TO_WRITE_IT)


@cache
def _schema() -> dict[str, Any]:
    """Return the schema with no place for members that it does not name: a robot drops these without a word."""
    document: dict[str, Any] = json.loads(
        files("sila_ot2.driver.raw_commands").joinpath(SCHEMA).read_text(encoding="utf-8")
    )
    for definition in document["$defs"].values():
        if "properties" in definition:
            definition.setdefault("additionalProperties", False)
    return document
