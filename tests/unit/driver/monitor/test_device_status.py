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
    RobotState,
    StatusBoard,
    Trouble,
    WorkKind,
    device_status,
    permits,
    required_actions,
    work_under_way,
)
from sila_ot2.driver.monitor.machine import Machine, Reported
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.ownership.owner import ForeignOwner, NoOwner, Owner, RunOwner, SessionOwner, UnknownOwner
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.tracking.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
REACHABLE = Contact(ContactProblem.NONE, "", NOW)
SILENT = Contact(ContactProblem.TIMED_OUT, "Asked to report its health: timed out (). Check that the robot is on.", NOW)
OURS, THEIRS = RunOwner("run-1", "running"), ForeignOwner("run-9", "running")
IDLE = RobotState(REACHABLE, Machine(), None, NoOwner(), (), None, displace_idle=False)


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


def held(name: str = "PickUpTip") -> Any:
    reservation = Turn().reserve(name)
    reservation.bind(uuid4())
    return reservation


CASES: list[tuple[str, RobotState, DeviceStatus, WorkKind, list[ActionCode]]] = [
    ("nothing", IDLE, DeviceStatus.READY, WorkKind.NONE, []),
    (
        "silent",
        replace(IDLE, contact=SILENT, owner=UnknownOwner("silent")),
        DeviceStatus.UNREACHABLE,
        WorkKind.NONE,
        [ActionCode.RESTORE_CONNECTION],
    ),
    ("command", replace(IDLE, holder=held(), owner=SessionOwner("run-3")), DeviceStatus.BUSY, WorkKind.COMMAND, []),
    ("session", replace(IDLE, owner=SessionOwner("run-3")), DeviceStatus.READY, WorkKind.NONE, []),
    ("run", replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("homing", replace(IDLE, run=run(RunStatus.FINISHING), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("new word", replace(IDLE, run=run(RunStatus.UNKNOWN), owner=OURS), DeviceStatus.BUSY, WorkKind.RUN, []),
    ("ended", replace(IDLE, run=run(RunStatus.SUCCEEDED)), DeviceStatus.READY, WorkKind.NONE, []),
    ("other", replace(IDLE, run=run(RunStatus.RUNNING), owner=THEIRS), DeviceStatus.BUSY, WorkKind.OTHER_CLIENT, []),
    ("set up", replace(IDLE, owner=ForeignOwner("run-9", "idle")), DeviceStatus.BUSY, WorkKind.OTHER_CLIENT, []),
    (
        "set up, may be displaced",
        replace(IDLE, owner=ForeignOwner("run-9", "idle"), displace_idle=True),
        DeviceStatus.READY,
        WorkKind.NONE,
        [],
    ),
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
    assert device_status(state) is status
    assert work_under_way(state).kind is kind
    assert [action.code for action in required_actions(state)] == codes
    for action in required_actions(state):
        assert action.explanation
        assert action.remedy.endswith(".")


def test_what_is_at_work_is_named() -> None:
    holder = held("Transfer")
    work = work_under_way(replace(IDLE, holder=holder, owner=SessionOwner("run-3")))
    assert (work.explanation, work.run_id, work.execution_uuid) == ("Transfer", "run-3", str(holder.execution_uuid))
    work = work_under_way(replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS, holder=holder))
    assert (work.explanation, work.run_id) == ("Aspirating 10 uL", "run-1")
    work = work_under_way(replace(IDLE, owner=ForeignOwner("run-9", "idle")))
    assert (work.explanation, work.run_id) == ("A run of another client is idle.", "run-9")


def test_the_remedy_of_a_lost_connection_is_the_last_sentence() -> None:
    (action,) = required_actions(replace(IDLE, contact=SILENT))
    assert action.remedy == "Check that the robot is on."
    assert action.explanation == "Asked to report its health: timed out ()"


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (IDLE, {Permit.LIGHTS, Permit.LIQUID_HANDLING, Permit.START_OF_RUNS}),
        (replace(IDLE, contact=SILENT), set()),
        (replace(IDLE, machine=door("open")), {Permit.LIGHTS, Permit.LIQUID_HANDLING}),
        (replace(IDLE, owner=SessionOwner("run-3")), {Permit.LIGHTS, Permit.LIQUID_HANDLING}),
        (replace(IDLE, owner=SessionOwner("run-3"), holder=held()), {Permit.LIGHTS}),
        (replace(IDLE, run=run(RunStatus.RUNNING), owner=OURS), {Permit.LIGHTS, Permit.PAUSE, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.PAUSED), owner=OURS), {Permit.LIGHTS, Permit.RESUME, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.PAUSED_BY_DOOR), owner=OURS), {Permit.LIGHTS, Permit.STOP}),
        (replace(IDLE, run=run(RunStatus.RUNNING), owner=THEIRS), {Permit.LIGHTS}),
        (replace(IDLE, owner=UnknownOwner("?"), unknown_requests=("x",)), {Permit.LIGHTS, Permit.RECONCILIATION}),
    ],
)  # fmt: skip
def test_what_would_be_accepted(state: RobotState, wanted: set[Permit]) -> None:
    assert permits(state) == wanted


class Scene:
    """Something to look at that changes."""

    def __init__(self) -> None:
        self.state = IDLE
        self.board = StatusBoard(lambda: self.state)

    def becomes(self, owner: Owner | None = None, **changes: Any) -> None:
        self.state = replace(IDLE, **({"owner": owner} if owner else {}), **changes)  # type: ignore[arg-type]
        self.board.refresh()


def test_the_board_tells_only_changes() -> None:
    scene = Scene()
    reported: list[DeviceStatus] = []
    scene.board.status.subscribe(reported.append)
    for _ in range(3):
        scene.becomes()
    for _ in range(3):
        scene.becomes(OURS, run=run(RunStatus.RUNNING))
    scene.becomes(OURS, run=run(RunStatus.RUNNING, step="Dispensing 10 uL"))
    scene.becomes()
    assert reported == [DeviceStatus.READY, DeviceStatus.BUSY, DeviceStatus.READY]
    assert scene.board.work.value.kind is WorkKind.NONE


def test_the_last_error_stays_until_there_is_another() -> None:
    scene = Scene()
    reported: list[Trouble | None] = []
    scene.board.trouble.subscribe(reported.append)
    scene.board.note(RobotFaulty("Asked to list its modules, the robot failed. Restart the robot."))
    scene.board.note(RobotFaulty("Asked to list its modules, the robot failed. Restart the robot."))
    scene.board.note_contact(Contact(ContactProblem.NOT_ASKED_YET, "The robot has not been asked yet.", NOW))
    scene.board.note_contact(SILENT)
    scene.board.note_contact(REACHABLE)
    assert [trouble.code if trouble else None for trouble in reported] == [None, "RobotFaulty", "RobotUnreachable"]
    assert reported[1] is not None
    assert reported[1].remedy == "Restart the robot."


def test_a_failed_run_is_an_error_once_and_a_succeeded_one_is_none() -> None:
    scene = Scene()
    failed = SimpleNamespace(result="Failed", restarted=False, error="Hard limit hit (SmoothieError).")
    succeeded = SimpleNamespace(result="Succeeded", restarted=False, error="")
    scene.becomes(run=run(RunStatus.SUCCEEDED, record=succeeded))
    assert scene.board.trouble.value is None
    for _ in range(2):
        scene.becomes(run=run(RunStatus.FAILED, run_id="run-2", record=failed))
    trouble = scene.board.trouble.value
    assert trouble is not None
    assert trouble.code == "RunFailed"
    assert "Hard limit" in trouble.message
    scene.board.note(RobotFaulty("Another. Do something."))
    scene.becomes(run=run(RunStatus.FAILED, run_id="run-2", record=failed))
    assert scene.board.trouble.value is not None
    assert scene.board.trouble.value.code == "RobotFaulty"


def test_a_run_cut_off_by_a_restart_is_reported_as_such() -> None:
    scene = Scene()
    record = SimpleNamespace(result="Failed", restarted=True, error="The robot restarted during the run.")
    scene.becomes(run=run(RunStatus.FAILED, run_id="run-2", record=record))
    assert scene.board.trouble.value is not None
    assert scene.board.trouble.value.code == "RobotRestarted"
