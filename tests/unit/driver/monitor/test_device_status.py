"""The status: one word, what is at work, what would be accepted, what has to be done."""

from __future__ import annotations

import datetime
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from sila_ot2.driver.monitor.device_status import (
    ActionCode,
    DeviceStatus,
    Permit,
    WorkKind,
    device_status,
    permits,
    required_actions,
    work_under_way,
)
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.monitor.state import LastError, RobotState, with_last_error
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.ownership.owner import AppOwner, ForeignOwner, NoOwner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.turn import TurnHolder
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.robot import wire
from sila_ot2.store.begun_profiles import BegunStep

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
REACHABLE = Contact(ContactProblem.NONE, "", NOW)
SILENT = Contact(ContactProblem.TIMED_OUT, "Asked to report its health: timed out.", NOW, "Check that the robot is on.")
OURS, THEIRS = RunOwner("run-1", "running"), ForeignOwner("run-9", "running")
BESIDE_APP = AppOwner(AppWork("calibration session", "deck"), RunOwner("run-1", "paused"))
IDLE = RobotState(contact=REACHABLE, owner=NoOwner())


def door(status: str, *, required: bool = True) -> Machine:
    reported = wire.Door(status=status, door_required_closed_for_protocol=required)
    return Machine(door=Reported(reported, NOW))


def run(status: RunStatus, **more: Any) -> RunView:
    view = SimpleNamespace(
        run_id="run-1",
        status=status,
        step="Aspirating 10 uL",
        command_name="aspirate",
        pause_reason=PauseReason.NOT_PAUSED,
        message="",
        record=None,
    )
    vars(view).update(more)
    return cast(RunView, view)


@pytest.mark.parametrize("reported", ["warm", 10**309, None])
def test_a_target_that_is_not_a_number_is_taken_from_the_profile(reported: object) -> None:
    data = {"targetTemperature": reported}
    module = wire.Module.model_validate(
        {"id": "1", "serialNumber": "TC", "moduleType": "t", "moduleModel": "m", "data": data}
    )
    machine = Machine(modules=Reported((module,), NOW))
    state = replace(IDLE, machine=machine, interrupted_profiles=(BegunStep("TC", 72.0, None, "in step 1 of 1", NOW),))
    [action] = required_actions(state)
    assert "left at 72 °C" in action.explanation


HELD = TurnHolder("Transfer", uuid4())

CASES: list[tuple[str, RobotState, DeviceStatus, WorkKind, list[ActionCode]]] = [
    ("nothing", IDLE, DeviceStatus.READY, WorkKind.NONE, []),
    (
        "silent",
        replace(IDLE, contact=SILENT, owner=UnknownOwner("silent")),
        DeviceStatus.UNREACHABLE,
        WorkKind.NONE,
        [ActionCode.RESTORE_CONNECTION],
    ),
    (
        "stopped",
        replace(IDLE, safety_stop_since=NOW),
        DeviceStatus.STOPPED,
        WorkKind.NONE,
        [ActionCode.RELEASE_STOP],
    ),
    (
        "stopping",
        replace(IDLE, safety_stop_since=NOW, run=run(RunStatus.STOPPING), owner=OURS),
        DeviceStatus.BUSY,
        WorkKind.RUN,
        [ActionCode.RELEASE_STOP],
    ),
    ("command", replace(IDLE, turn=HELD, owner=SessionOwner("run-3")), DeviceStatus.BUSY, WorkKind.COMMAND, []),
    ("session", replace(IDLE, owner=SessionOwner("run-3")), DeviceStatus.READY, WorkKind.NONE, []),
    ("run", replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("homing", replace(IDLE, run=run(RunStatus.FINISHING), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("new word", replace(IDLE, run=run(RunStatus.UNKNOWN), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("ended", replace(IDLE, run=run(RunStatus.SUCCEEDED)), DeviceStatus.READY, WorkKind.NONE, []),
    ("other", replace(IDLE, run=run(RunStatus.RUNNING), owner=THEIRS), DeviceStatus.BUSY, WorkKind.OTHER_CLIENT, []),
    ("set up", replace(IDLE, owner=ForeignOwner("run-9", "idle")), DeviceStatus.BUSY, WorkKind.OTHER_CLIENT, []),
    ("other ended", replace(IDLE, owner=ForeignOwner("run-9", "failed")), DeviceStatus.READY, WorkKind.NONE, []),
    (
        "paused",
        replace(IDLE, run=run(RunStatus.PAUSED, pause_reason=PauseReason.BY_CLIENT), owner=OURS),
        DeviceStatus.PAUSED,
        WorkKind.RUN,
        [ActionCode.RESUME_RUN],
    ),
    (
        "door opened in a run",
        replace(IDLE, run=run(RunStatus.PAUSED_BY_DOOR), owner=OURS, machine=door("open")),
        DeviceStatus.PAUSED,
        WorkKind.RUN,
        [ActionCode.CLOSE_DOOR],
    ),
    (
        "door open, nothing runs",
        replace(IDLE, machine=door("open")),
        DeviceStatus.NEEDS_ATTENTION,
        WorkKind.NONE,
        [ActionCode.CLOSE_DOOR],
    ),
    (
        "door open, nobody minds",
        replace(IDLE, machine=door("open", required=False)),
        DeviceStatus.READY,
        WorkKind.NONE,
        [],
    ),
    (
        "recovery",
        replace(IDLE, run=run(RunStatus.AWAITING_RECOVERY), owner=OURS),
        DeviceStatus.NEEDS_ATTENTION,
        WorkKind.RUN,
        [ActionCode.STOP_RUN],
    ),
    (
        "unknown outcome",
        replace(IDLE, unknown_requests=("pickUpTip in run run-3",), owner=UnknownOwner("lost")),
        DeviceStatus.NEEDS_ATTENTION,
        WorkKind.NONE,
        [ActionCode.RECONCILE_STATE],
    ),
]


@pytest.mark.parametrize(("state", "status", "kind", "codes"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_the_status_in_one_word(
    state: RobotState, status: DeviceStatus, kind: WorkKind, codes: list[ActionCode]
) -> None:
    assert device_status(state, displace_idle=False) is status
    assert work_under_way(state, displace_idle=False).kind is kind
    assert [action.code for action in required_actions(state)] == codes
    for action in required_actions(state):
        assert action.explanation
        assert action.remedy.endswith(".")


def test_another_clients_run_that_was_never_played_is_not_work_if_it_may_be_displaced() -> None:
    state = replace(IDLE, owner=ForeignOwner("run-9", "idle"))
    assert device_status(state, displace_idle=True) is DeviceStatus.READY
    assert work_under_way(state, displace_idle=True).kind is WorkKind.NONE


def test_what_is_at_work_is_named() -> None:
    work = work_under_way(replace(IDLE, turn=HELD, owner=SessionOwner("run-3")), displace_idle=False)
    assert (work.explanation, work.run_id, work.execution_uuid) == ("Transfer", "run-3", str(HELD.execution_uuid))
    work = work_under_way(replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS, turn=HELD), displace_idle=False)
    assert (work.explanation, work.run_id) == ("Aspirating 10 uL", "run-1")
    work = work_under_way(replace(IDLE, owner=ForeignOwner("run-9", "idle")), displace_idle=False)
    assert (work.explanation, work.run_id) == ("A run of another client is idle.", "run-9")


def test_a_paused_run_beside_the_app_says_what_has_to_end_before_it_is_resumed() -> None:
    (action,) = required_actions(replace(IDLE, run=run(RunStatus.PAUSED), owner=BESIDE_APP))
    assert action.code is ActionCode.RESUME_RUN
    assert "calibration session deck" in action.explanation
    assert action.remedy.startswith("End it in the App")


@pytest.mark.parametrize(
    ("reason", "first"),
    [(PauseReason.BY_PROTOCOL, "Do what is asked for"), (PauseReason.BY_CLIENT, "Look at the robot")],
)
def test_only_a_protocol_asks_for_something_while_its_run_is_paused(reason: PauseReason, first: str) -> None:
    (action,) = required_actions(replace(IDLE, run=run(RunStatus.PAUSED, pause_reason=reason), owner=OURS))
    assert action.remedy == f"{first}, then call ResumeRun or StopRun."


def test_a_lost_connection_asks_for_its_remedy() -> None:
    (action,) = required_actions(replace(IDLE, contact=SILENT))
    assert action.remedy == "Check that the robot is on."
    assert action.explanation == "Asked to report its health: timed out."


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (IDLE, {Permit.LIGHTS, Permit.LIQUID_HANDLING, Permit.START_OF_RUNS}),
        (replace(IDLE, contact=SILENT), set()),
        (replace(IDLE, machine=door("open")), {Permit.LIGHTS, Permit.LIQUID_HANDLING}),
        (replace(IDLE, owner=SessionOwner("run-3")), {Permit.LIGHTS, Permit.LIQUID_HANDLING}),
        (replace(IDLE, owner=SessionOwner("run-3"), turn=HELD), {Permit.LIGHTS}),
        (replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS), {Permit.LIGHTS, Permit.PAUSE, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.PAUSED), owner=OURS), {Permit.LIGHTS, Permit.RESUME, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.PAUSED), owner=BESIDE_APP), {Permit.LIGHTS, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.PAUSED_BY_DOOR), owner=OURS), {Permit.LIGHTS, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.RUNNING), owner=THEIRS), {Permit.LIGHTS}),
        (replace(IDLE, owner=UnknownOwner("?"), unknown_requests=("x",)), {Permit.LIGHTS, Permit.RECONCILIATION}),
        (replace(IDLE, safety_stop_since=NOW), {Permit.LIGHTS, Permit.RELEASE_OF_STOP}),
    ],
)  # fmt: skip
def test_what_would_be_accepted(state: RobotState, wanted: set[Permit]) -> None:
    assert permits(state, displace_idle=False) == wanted


def test_what_the_app_does_is_at_work_before_the_run_beside_it() -> None:
    work = work_under_way(replace(IDLE, run=run(RunStatus.PAUSED), owner=BESIDE_APP), displace_idle=False)
    assert (work.kind, "calibration session" in work.explanation) == (WorkKind.OTHER_CLIENT, True)


def test_liquid_that_is_in_doubt_has_to_be_settled() -> None:
    (action,) = required_actions(replace(IDLE, uncertain_liquid=("the left pipette", "the right pipette")))
    assert action.code is ActionCode.RECONCILE_STATE
    assert "the left pipette and the right pipette" in action.explanation


def error_after(*states: RobotState) -> LastError | None:
    """Return the last error after the robot went through these states."""
    state = IDLE
    for following in states:
        state = with_last_error(state, replace(following, last_error=state.last_error))
    return state.last_error


def test_a_lost_contact_is_an_error_and_a_robot_that_was_not_read_yet_is_not() -> None:
    assert error_after(replace(IDLE, contact=Contact.not_asked()), IDLE) is None
    error = error_after(replace(IDLE, contact=SILENT))
    assert error is not None
    assert (error.code, error.remedy) == ("RobotUnreachable", "Check that the robot is on.")


def test_the_last_error_stays_until_there_is_another() -> None:
    error = error_after(replace(IDLE, contact=SILENT), IDLE, replace(IDLE, owner=OURS))
    assert error is not None
    assert error.code == "RobotUnreachable"


def failed(error: str, *, restarted: bool = False, run_id: str = "run-2") -> RobotState:
    record = SimpleNamespace(
        result="Failed",
        restarted=restarted,
        error=error,
        start=SimpleNamespace(run_id=run_id),
        succeeded_commands=1,
        failed_step=None,
    )
    return replace(IDLE, run=run(RunStatus.FAILED, run_id=run_id, record=record))


def test_a_failed_run_is_reported_as_an_error_once_and_a_succeeded_one_never() -> None:
    succeeded = SimpleNamespace(result="Succeeded", restarted=False, error="")
    assert error_after(replace(IDLE, run=run(RunStatus.SUCCEEDED, record=succeeded))) is None
    after_failure = failed("Hard limit hit (SmoothieError).")
    error = error_after(after_failure)
    assert error is not None
    assert error.code == "RunFailed"
    assert "Hard limit" in error.message
    error = error_after(after_failure, replace(after_failure, contact=SILENT), after_failure)
    assert error is not None
    assert error.code == "RobotUnreachable"


def test_a_run_cut_off_by_a_restart_is_reported_as_such() -> None:
    error = error_after(failed("The robot restarted during the run.", restarted=True))
    assert error is not None
    assert error.code == "RobotRestarted"
