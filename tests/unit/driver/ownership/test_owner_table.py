"""What may be asked while somebody has the robot: each question for each owner, and what is sent for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.ownership.current_run import read_current_run
from sila_ot2.driver.ownership.owner import Intent
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.errors import (
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    SafetyStopActive,
    SessionActive,
    StopTimedOut,
    TurnTaken,
)
from tests.fakes.owner_parts import OwnerParts
from tests.fakes.parts import parts_of
from tests.fakes.robot_in_memory import RobotInMemory, command

OWNERS = (
    "none",
    "session idle",
    "session busy",
    "our run created",
    "our run active",
    "foreign active",
    "foreign idle",
    "foreign ended",
    "half-created",
    "maintenance run",
    "calibration session",
    "maintenance run beside a session",
    "unknown",
    "hand-over",
    "hand-over in a session",
    "hand-over interrupted by a foreign run",
    "our run active, safety stop latched",
    "hand-over in a session, ReconcileState at work",
    "hand-over beside our run created",
    "hand-over beside a foreign run idle",
    "hand-over beside a foreign run ended",
    "calibration beside our run active",
)
FREE: tuple[str, ...] = ()
STOP, PAUSE, PLAY, RELEASE, BREAK = ("stop",), ("pause",), ("play",), ("PATCH",), ("stop", "stop")
CLOSE = ("close session",)
Outcome = type[OT2Fault] | tuple[str, ...]
TABLE: dict[str, tuple[Outcome, ...]] = {
    "atomic command": (
        FREE, FREE, TurnTaken, RunStillActive, TurnTaken, RobotBusy, RobotBusy, FREE, FREE,
        RobotBusy, RobotBusy, RobotBusy, OutcomeUnknown,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken, TurnTaken,
    ),
    "RunProtocol": (
        FREE, SessionActive, TurnTaken, RunStillActive, TurnTaken, RobotBusy, RobotBusy, FREE, FREE,
        RobotBusy, RobotBusy, RobotBusy, OutcomeUnknown,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken, TurnTaken,
    ),
    "change beside all runs": (
        FREE, SessionActive, TurnTaken, RunStillActive, TurnTaken, RobotBusy, RobotBusy, FREE, FREE,
        RobotBusy, RobotBusy, RobotBusy, OutcomeUnknown,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken, TurnTaken,
    ),
    "latch, shaking or lid of a module": (
        FREE, FREE, TurnTaken, FREE, TurnTaken, RobotBusy, RobotBusy, FREE, FREE,
        RobotBusy, RobotBusy, RobotBusy, OutcomeUnknown, TurnTaken, TurnTaken, TurnTaken, TurnTaken,
        TurnTaken, TurnTaken, TurnTaken, TurnTaken, TurnTaken,
    ),
    "set-point of a module": (
        FREE, FREE, FREE, FREE, RunStillActive, RobotBusy, FREE, FREE, FREE,
        FREE, FREE, FREE, OutcomeUnknown, FREE, FREE, RobotBusy, RunStillActive,
        FREE, FREE, FREE, FREE, RunStillActive,
    ),
    "switching off at a module": (
        FREE, FREE, FREE, FREE, RunStillActive, RobotBusy, FREE, FREE, FREE,
        FREE, FREE, FREE, FREE, FREE, FREE, RobotBusy, RunStillActive,
        FREE, FREE, FREE, FREE, RunStillActive,
    ),
    "ReleaseRun": (
        RunNotFound, RunStillActive, RunStillActive, RELEASE, RunStillActive, RunStillActive, RunStillActive, RELEASE,
        RELEASE, RunStillActive, RunStillActive, RunStillActive, RunStillActive,
        RunNotFound, RunStillActive, RunStillActive, RunStillActive,
        RunStillActive, RunStillActive, RunStillActive, RunStillActive, RunStillActive,
    ),
    "ReleaseRun with Force": (
        RunNotFound, CLOSE, BREAK, RELEASE, (*STOP, "PATCH"), (*STOP, "PATCH"), RELEASE, RELEASE, RELEASE,
        ("DELETE maintenance",), ("DELETE session",), ("DELETE maintenance",), (*STOP, "PATCH"),
        RunNotFound, RunStillActive, (*STOP, "PATCH"), (*STOP, "PATCH"),
        RunStillActive, RunStillActive, RunStillActive, RunStillActive, ("DELETE session",),
    ),
    "StopRun": (
        RunNotFound, RunNotFound, RunNotFound, STOP, STOP, RunNotFound, RunNotFound, RunNotFound, RunNotFound,
        RunNotFound, RunNotFound, RunNotFound, STOP,
        RunNotFound, RunNotFound, RunNotFound, STOP,
        RunNotFound, STOP, RunNotFound, RunNotFound, STOP,
    ),
    "StopRun named": (
        RunNotFound, RunNotFound, RunNotFound, STOP, STOP, RunActionNotAllowed, RunActionNotAllowed, FREE, RunNotFound,
        RunNotFound, RunNotFound, RunNotFound, STOP,
        RunNotFound, RunNotFound, RunActionNotAllowed, STOP,
        RunNotFound, STOP, RunActionNotAllowed, FREE, STOP,
    ),
    "StopRun named with Force": (
        RunNotFound, STOP, BREAK, STOP, STOP, STOP, STOP, FREE, RunNotFound,
        RunNotFound, RunNotFound, RunNotFound, STOP,
        RunNotFound, STOP, STOP, STOP,
        STOP, STOP, STOP, FREE, STOP,
    ),
    "PauseRun": (
        RunNotFound, RunNotFound, RunNotFound, RunActionNotAllowed, PAUSE, RunNotFound, RunNotFound, RunNotFound,
        RunNotFound, RunNotFound, RunNotFound, RunNotFound, PAUSE,
        RunNotFound, RunNotFound, RunNotFound, PAUSE,
        RunNotFound, RunActionNotAllowed, RunNotFound, RunNotFound, PAUSE,
    ),
    "PauseRun named": (
        RunNotFound, RunNotFound, RunNotFound, RunActionNotAllowed, PAUSE, PAUSE, RunActionNotAllowed,
        RunActionNotAllowed, RunNotFound, RunNotFound, RunNotFound, RunNotFound, PAUSE,
        RunNotFound, RunNotFound, PAUSE, PAUSE,
        RunNotFound, RunActionNotAllowed, RunActionNotAllowed, RunActionNotAllowed, PAUSE,
    ),
    "ResumeRun": (
        RunNotFound, RunNotFound, RunNotFound, RunActionNotAllowed, PLAY, RunNotFound, RunNotFound, RunNotFound,
        RunNotFound, RunNotFound, RunNotFound, RunNotFound, OutcomeUnknown,
        RunNotFound, RunNotFound, RunNotFound, SafetyStopActive,
        RunNotFound, RunActionNotAllowed, RunNotFound, RunNotFound, RobotBusy,
    ),
    "ResumeRun named": (
        RunNotFound, RunNotFound, RunNotFound, RunActionNotAllowed, PLAY, PLAY, RunActionNotAllowed,
        RunActionNotAllowed, RunNotFound, RunNotFound, RunNotFound, RunNotFound, OutcomeUnknown,
        RunNotFound, RunNotFound, RunActionNotAllowed, SafetyStopActive,
        RunNotFound, RunActionNotAllowed, RunActionNotAllowed, RunActionNotAllowed, RobotBusy,
    ),
    "ResumeRun named of one that was not paused": (
        RunNotFound, RunNotFound, RunNotFound, RunActionNotAllowed, RunActionNotAllowed, RunActionNotAllowed,
        RunActionNotAllowed, RunActionNotAllowed, RunNotFound, RunNotFound, RunNotFound, RunNotFound,
        RunActionNotAllowed,
        RunNotFound, RunNotFound, RunActionNotAllowed, RunActionNotAllowed,
        RunNotFound, RunActionNotAllowed, RunActionNotAllowed, RunActionNotAllowed, RunActionNotAllowed,
    ),
    "StopNow": (
        FREE, FREE, BREAK, RELEASE, STOP, STOP, FREE, FREE, FREE,
        FREE, FREE, FREE, STOP,
        FREE, FREE, STOP, STOP,
        FREE, RELEASE, FREE, FREE, STOP,
    ),
}  # fmt: skip
"""For each question, in the order of the owners: the refusal, or what is sent to the robot."""


@pytest.fixture
def laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnerParts]:
    monkeypatch.setattr(read_current_run, "__kwdefaults__", {"apart_s": 0.0})  # this robot creates its runs at once
    parts = parts_of(RobotInMemory(), tmp_path, Intervals(active_s=0.05, idle_s=0.1, settle_s=0.0))
    yield OwnerParts(parts)
    parts.close()


def test_every_intent_has_its_row() -> None:
    used = set(re.findall(r"Intent\.(\w+)", inspect.getsource(OwnerParts.send)))
    assert used == {intent.name for intent in Intent}


def test_every_owner_has_its_column() -> None:
    assert {question: len(row) for question, row in TABLE.items()} == dict.fromkeys(TABLE, len(OWNERS))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "owner", "outcome"),
    [(question, owner, outcome) for question, row in TABLE.items() for owner, outcome in zip(OWNERS, row, strict=True)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_cell(laboratory: OwnerParts, question: str, owner: str, outcome: Outcome) -> None:
    laboratory.bring_about(owner)
    if isinstance(outcome, tuple):
        laboratory.send(question)
        assert laboratory.taken == outcome
    else:
        with pytest.raises(outcome):
            laboratory.send(question)
        assert laboratory.sent == ()


@pytest.mark.parametrize("whose", ["a session", "a foreign run idle"])
def test_a_run_in_which_a_command_is_at_work_is_ended_under_an_arm(laboratory: OwnerParts, whose: str) -> None:
    """What moves the robot under the arm is worse than motors that are halted."""
    laboratory.bring_about(f"hand-over {'in' if whose == 'a session' else 'beside'} {whose}")
    laboratory.robot.commands[laboratory.named].append(command("moveToWell", status="running"))
    laboratory.release.release(force=True)
    assert laboratory.robot.runs[laboratory.named]["status"] == "stopped"


def test_the_refusal_names_the_hand_over(laboratory: OwnerParts) -> None:
    laboratory.bring_about("hand-over beside a foreign run idle")
    with pytest.raises(RunStillActive) as refused:
        laboratory.release.release(force=True)
    assert str(laboratory.parts.handovers.pending.value) in str(refused.value)


def test_second_stop_is_an_entry_of_its_own_and_follows_the_first(laboratory: OwnerParts) -> None:
    laboratory.bring_about("session busy")
    laboratory.actions.stop(laboratory.named, force=True)
    first, second = [request for request in laboratory.robot.requests if request.endswith(("actions", laboratory.named))
                     if request.startswith("POST")]  # fmt: skip
    assert first == second
    stops = [action for action in laboratory.robot.runs[laboratory.named]["actions"] if action["actionType"] == "stop"]
    assert len(stops) == 2
    assert laboratory.robot.statuses_at_stop == ["idle", "stop-requested"]


def test_run_that_was_started_meanwhile_gets_no_second_stop(laboratory: OwnerParts) -> None:
    """It would halt the motors while the robot homes and drops its tips."""
    laboratory.bring_about("session busy")
    laboratory.robot.runs[laboratory.named]["actions"] = [laboratory.robot.action("play")]
    parts = laboratory.parts
    impatient = RunActions(
        laboratory.robot.client(), parts.request_log, parts.ownership, parts.registry, parts.monitor, stop_timeout_s=0.1
    )
    with pytest.raises(StopTimedOut):
        impatient.break_off(laboratory.named)
    assert laboratory.robot.statuses_at_stop == ["idle"]


def test_session_that_stops_by_itself_is_not_stopped_twice(laboratory: OwnerParts) -> None:
    laboratory.bring_about("session idle")
    laboratory.actions.break_off(laboratory.named)
    assert laboratory.taken == STOP
