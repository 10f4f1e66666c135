"""The status of the robot, what it does, what it would accept and what it needs: folded from what is known.

Nothing here asks the robot. Each value is computed anew when one of the sources says that it has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sila_ot2.driver.deck.pipettes import Mount
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.reachability import Contact
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.owner import (
    ENDED_RUN_STATUSES,
    ForeignOwner,
    Intent,
    Owner,
    RunOwner,
    SessionOwner,
    UnknownOwner,
    decide,
)
from sila_ot2.driver.ownership.turn import TurnReservation
from sila_ot2.driver.tracking.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.tracking.uncertain_tips import WAY_OUT
from sila_ot2.errors import ActionFailed, CommandCancelled, NotReconciled, OT2Fault, OutcomeUnknown, RobotUnreachable
from sila_ot2.store.uncertain_tips import UncertainTip
from sila_ot2.times import utc_now


class DeviceStatus(str, Enum):
    """The status of the robot."""

    READY = "Ready"
    BUSY = "Busy"
    PAUSED = "Paused"
    NEEDS_ATTENTION = "NeedsAttention"
    UNREACHABLE = "Unreachable"


class WorkKind(str, Enum):
    """Whose work is under way."""

    NONE = "None"
    COMMAND = "Command"
    RUN = "Run"
    OTHER_CLIENT = "OtherClient"


@dataclass(frozen=True)
class Work:
    """What is at work on the robot."""

    kind: WorkKind = WorkKind.NONE
    explanation: str = ""
    run_id: str = ""
    execution_uuid: str = ""


class Permit(Enum):
    """What would be accepted now."""

    LIQUID_HANDLING = auto()
    TIP_DISPOSAL = auto()
    """Homing and discarding: what is left while a pipette may hold a tip that the robot does not know of."""
    START_OF_RUNS = auto()
    PAUSE = auto()
    RESUME = auto()
    STOP = auto()
    RECONCILIATION = auto()
    LIGHTS = auto()


class ActionCode(str, Enum):
    """What somebody has to do."""

    RESTORE_CONNECTION = "RestoreConnection"
    RECONCILE_STATE = "ReconcileState"
    CLOSE_DOOR = "CloseDoor"
    RESUME_RUN = "ResumeRun"
    STOP_RUN = "StopRun"


@dataclass(frozen=True)
class RequiredAction:
    """Something somebody has to do before the robot can go on."""

    code: ActionCode
    explanation: str
    remedy: str


@dataclass(frozen=True)
class Trouble:
    """The last thing that went wrong."""

    code: str
    message: str
    remedy: str
    at: datetime


@dataclass(frozen=True)
class RobotState:
    """All that the status is folded from, as it is at one moment."""

    contact: Contact
    machine: Machine
    run: RunView | None
    owner: Owner
    unknown_requests: tuple[str, ...]
    holder: TurnReservation | None
    displace_idle: bool
    uncertain_tips: tuple[UncertainTip, ...] = ()
    """Pipettes that may hold a tip of which the robot knows nothing."""
    uncertain_liquid: tuple[str, ...] = ()
    """Pipettes of the session that hold a tip known to the robot, and nobody knows how much liquid."""

    @property
    def run_is_active(self) -> bool:
        """Whether the current run has been started and has not ended."""
        return self.run is not None and self.run.status.value.lower() not in (*ENDED_RUN_STATUSES, "idle")


def required_actions(state: RobotState) -> tuple[RequiredAction, ...]:
    """Return what has to be done, the most urgent first."""
    if not state.contact.is_made:
        text, _, remedy = state.contact.explanation.rpartition(". ")
        return (RequiredAction(ActionCode.RESTORE_CONNECTION, text or remedy, remedy),)
    return (
        *_requests_to_settle(state),
        *_tips_to_settle(state),
        *_liquid_to_settle(state),
        *_door_to_close(state),
        *_run_to_take_on(state),
    )


def _requests_to_settle(state: RobotState) -> tuple[RequiredAction, ...]:
    if not state.unknown_requests:
        return ()
    what = f"Nobody knows whether the robot did this: {', '.join(state.unknown_requests)}."
    remedy = "Look at the deck and the tips, then call ReconcileState."
    return (RequiredAction(ActionCode.RECONCILE_STATE, what, remedy),)


def _tips_to_settle(state: RobotState) -> tuple[RequiredAction, ...]:
    return tuple(
        RequiredAction(
            ActionCode.RECONCILE_STATE,
            f"The {tip.mount} pipette may hold a tip that the robot does not know of. {tip.reason}",
            WAY_OUT,
        )
        for tip in state.uncertain_tips
    )


def _liquid_to_settle(state: RobotState) -> tuple[RequiredAction, ...]:
    if not state.uncertain_liquid:
        return ()
    what = f"What {' and '.join(state.uncertain_liquid)} holds is not known since a command failed or was lost."
    remedy = "Look at it, then call ReconcileState, or get rid of it with BlowOut or DropTip."
    return (RequiredAction(ActionCode.RECONCILE_STATE, what, remedy),)


def _door_to_close(state: RobotState) -> tuple[RequiredAction, ...]:
    held_up = state.run is not None and state.run.status is RunStatus.PAUSED_BY_DOOR
    if not held_up and not state.machine.door_blocks_runs:
        return ()
    what = "The door or top window is open, and the run waits." if held_up else "The door or top window is open."
    remedy = "Close it, then resume the run." if held_up else "Close it before a run is started."
    return (RequiredAction(ActionCode.CLOSE_DOOR, what, remedy),)


def _run_to_take_on(state: RobotState) -> tuple[RequiredAction, ...]:
    run = state.run
    if run is None:
        return ()
    if run.status is RunStatus.PAUSED:
        why = {
            PauseReason.BY_PROTOCOL: f"The protocol paused the run: {run.message}",
            PauseReason.BY_CLIENT: "A client paused the run.",
        }.get(run.pause_reason, "The run is paused; the door may have been open, or somebody paused it at the robot.")
        return (RequiredAction(ActionCode.RESUME_RUN, why, "Do what is asked for, then call ResumeRun or StopRun."),)
    if run.status is RunStatus.AWAITING_RECOVERY:
        what = "The run waits for somebody to recover it from an error."
        return (RequiredAction(ActionCode.STOP_RUN, what, "Recover it where it was started, or call StopRun."),)
    return ()


def device_status(state: RobotState) -> DeviceStatus:
    """Return the status of the robot."""
    if not state.contact.is_made:
        return DeviceStatus.UNREACHABLE
    run = state.run
    unsure = state.unknown_requests or state.uncertain_tips or state.uncertain_liquid
    if unsure or (run is not None and run.status is RunStatus.AWAITING_RECOVERY):
        return DeviceStatus.NEEDS_ATTENTION
    if run is not None and run.status in (RunStatus.PAUSED, RunStatus.PAUSED_BY_DOOR):
        return DeviceStatus.PAUSED
    if work_under_way(state).kind is not WorkKind.NONE:
        return DeviceStatus.BUSY
    return DeviceStatus.NEEDS_ATTENTION if state.machine.door_blocks_runs else DeviceStatus.READY


def work_under_way(state: RobotState) -> Work:
    """Return what is at work on the robot."""
    run = state.run
    step = (run.step or run.command_name or run.status.value) if run is not None and state.run_is_active else ""
    holder, owner = state.holder, state.owner
    execution = str(holder.execution_uuid or "") if holder is not None else ""
    if isinstance(owner, ForeignOwner) and not (
        owner.status in ENDED_RUN_STATUSES or (owner.at_rest and state.displace_idle)
    ):
        return Work(WorkKind.OTHER_CLIENT, step or f"A run of another client is {owner.status}.", owner.run_id)
    if run is not None and state.run_is_active:
        return Work(WorkKind.RUN, step, run.run_id, execution)
    if holder is not None:
        run_id = owner.run_id if isinstance(owner, SessionOwner | RunOwner) else ""
        return Work(WorkKind.COMMAND, holder.holder, run_id, execution)
    return Work()


def permits(state: RobotState) -> frozenset[Permit]:
    """Return what would be accepted now."""
    if not state.contact.is_made:
        return frozenset()
    found = {Permit.LIGHTS}
    run = state.run
    if state.unknown_requests or state.uncertain_tips or state.uncertain_liquid:
        found.add(Permit.RECONCILIATION)
    if run is not None and state.run_is_active and isinstance(state.owner, RunOwner):
        found.add(Permit.STOP)
        if run.status is RunStatus.RUNNING:
            found.add(Permit.PAUSE)
        if run.status is RunStatus.PAUSED:
            found.add(Permit.RESUME)
    if state.holder is None and not isinstance(state.owner, UnknownOwner):
        if _accepts(Intent.ATOMIC, state):
            found.add(Permit.TIP_DISPOSAL if state.uncertain_tips else Permit.LIQUID_HANDLING)
        if _accepts(Intent.RUN, state) and not state.machine.door_blocks_runs and not state.uncertain_tips:
            found.add(Permit.START_OF_RUNS)
    return frozenset(found)


def _accepts(intent: Intent, state: RobotState) -> bool:
    try:
        decide(intent, state.owner, displace_idle=state.displace_idle)
    except OT2Fault:
        return False
    return True


_FAULTS = frozenset({OutcomeUnknown.__name__, *(kind.__name__ for kind in ActionFailed.__subclasses__())}) - {
    CommandCancelled.__name__
}
"""Errors of single commands that leave the robot in need of somebody."""


class StatusBoard:
    """The status of one robot, for everybody to follow. Safe to use from any thread."""

    def __init__(self, look: Callable[[], RobotState]) -> None:
        """Prepare; `look` returns all that is known at this moment, and asks nobody."""
        self._look = look
        self._folding = threading.Lock()
        state = look()
        self.status: Observable[DeviceStatus] = Observable(device_status(state))
        self.work: Observable[Work] = Observable(work_under_way(state))
        self.permits: Observable[frozenset[Permit]] = Observable(permits(state))
        self.required: Observable[tuple[RequiredAction, ...]] = Observable(required_actions(state))
        self.trouble: Observable[Trouble | None] = Observable(None)
        self._reported_uncertain: frozenset[Mount] = frozenset()
        self._last_ended = state.run.run_id if state.run is not None and state.run.record is not None else ""

    def refresh(self, _changed: object = None) -> None:
        """Fold anew; to be called whenever a source has changed."""
        with self._folding:
            state = self._look()
            self.required.set(required_actions(state))
            self.permits.set(permits(state))
            self.work.set(work_under_way(state))
            self.status.set(device_status(state))
            self._note_failed_run(state.run)

    def note(self, fault: OT2Fault) -> None:
        """Take over something that went wrong."""
        self._note(type(fault).__name__, str(fault))

    def note_command(self, error: str, detail: str) -> None:
        """Take over how a single command has ended, if the robot began it and could not finish it."""
        if error in _FAULTS:
            self._note(error, detail)

    def note_uncertain_tips(self, tips: Mapping[Mount, UncertainTip]) -> None:
        """Take over that a pipette may hold a tip that the robot does not know of."""
        known, self._reported_uncertain = self._reported_uncertain, frozenset(tips)
        for mount in self._reported_uncertain - known:
            self._note(
                NotReconciled.__name__,
                f"The {mount} pipette may hold a tip that the robot does not know of. {tips[mount].reason} {WAY_OUT}",
            )

    def note_contact(self, contact: Contact) -> None:
        """Take over that the robot is out of reach, if it is; before it was asked at all that is no trouble."""
        if not contact.is_made and contact.explanation and contact.was_asked:
            self._note(RobotUnreachable.__name__, contact.explanation)

    def _note_failed_run(self, run: RunView | None) -> None:
        if run is None or run.record is None or run.run_id == self._last_ended:
            return
        self._last_ended = run.run_id
        if run.record.result == "Failed":
            code = "RobotRestarted" if run.record.restarted else "RunFailed"
            self._note(code, f"Run {run.run_id} failed: {run.record.error} Look at the deck and the tips.")

    def _note(self, code: str, message: str) -> None:
        _, _, remedy = message.rpartition(". ")
        before = self.trouble.value
        if before is None or (before.code, before.message) != (code, message):
            self.trouble.set(Trouble(code, message, remedy, utc_now()))
