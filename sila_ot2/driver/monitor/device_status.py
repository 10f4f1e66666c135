"""What the robot's state means: the device status, what is at work, what is accepted and what has to be done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.ownership.app_work import HOW_TO_END_APP_WORK
from sila_ot2.driver.ownership.handovers import HOW_TO_END, HandoverPhase
from sila_ot2.driver.ownership.owner import (
    AppOwner,
    ForeignOwner,
    Intent,
    OtherRobotOwner,
    RunOwner,
    SessionOwner,
    UnknownOwner,
    current_run_owner,
    refusal,
)
from sila_ot2.driver.ownership.robot_identity import HOW_TO_ACCEPT
from sila_ot2.driver.requests.safety_stop import HOW_TO_RELEASE
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus
from sila_ot2.driver.tracking.tips.uncertain_tips import WAY_OUT
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number


class DeviceStatus(str, Enum):
    """The status of the robot."""

    READY = "Ready"
    BUSY = "Busy"
    PAUSED = "Paused"
    NEEDS_ATTENTION = "NeedsAttention"
    UNREACHABLE = "Unreachable"
    STOPPED = "Stopped"
    """The safety stop is latched, and nothing is at work."""


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
    RELEASE_OF_STOP = auto()
    END_OF_HANDOVER = auto()
    LIGHTS = auto()


class ActionCode(str, Enum):
    """What somebody has to do."""

    RESTORE_CONNECTION = "RestoreConnection"
    ACCEPT_ROBOT = "AcceptRobot"
    RELEASE_STOP = "ReleaseStop"
    END_HANDOVER = "EndHandover"
    RECONCILE_STATE = "ReconcileState"
    CLOSE_DOOR = "CloseDoor"
    RESUME_RUN = "ResumeRun"
    STOP_RUN = "StopRun"
    CHECK_MODULE = "CheckModule"


@dataclass(frozen=True)
class RequiredAction:
    """Something somebody has to do before the robot can go on."""

    code: ActionCode
    explanation: str
    remedy: str


def required_actions(state: RobotState) -> tuple[RequiredAction, ...]:
    """Return what has to be done, the most urgent first."""
    if not state.contact.is_made:
        contact = state.contact
        return (RequiredAction(ActionCode.RESTORE_CONNECTION, contact.explanation, contact.remedy),)
    if isinstance(state.owner, OtherRobotOwner):
        return (RequiredAction(ActionCode.ACCEPT_ROBOT, state.owner.why, HOW_TO_ACCEPT),)
    return (
        *_stop_to_release(state),
        *_handover_to_end(state),
        *_requests_to_settle(state),
        *_tips_to_settle(state),
        *_liquid_to_settle(state),
        *_door_to_close(state),
        *_run_to_take_on(state),
        *_profiles_to_look_after(state),
    )


def _stop_to_release(state: RobotState) -> tuple[RequiredAction, ...]:
    if state.safety_stop_since is None:
        return ()
    what = "StopNow was called: nothing moves the robot from here until the stop is released."
    return (RequiredAction(ActionCode.RELEASE_STOP, what, HOW_TO_RELEASE),)


def _handover_to_end(state: RobotState) -> tuple[RequiredAction, ...]:
    pending = state.handover
    if pending is None or pending.phase is HandoverPhase.PREPARED:
        return ()
    what = f"An arm may be inside, so nothing moves the robot: {pending}. {pending.why or 'It is overdue.'}"
    return (RequiredAction(ActionCode.END_HANDOVER, what, f"Look at the robot. {HOW_TO_END}"),)


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
            tip.explanation,
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
            PauseReason.BY_SOMEBODY_ELSE: "Another client paused the run, or somebody at the robot did.",
            PauseReason.BY_DOOR: "The door was opened, and the run waits since.",
        }.get(run.pause_reason, "The run is paused; the door may have been open, or somebody paused it at the robot.")
        first = "Do what is asked for" if run.pause_reason is PauseReason.BY_PROTOCOL else "Look at the robot"
        remedy = f"{first}, then call ResumeRun or StopRun."
        if isinstance(state.owner, AppOwner):
            why += f" It cannot be resumed while somebody works with the Opentrons App ({state.owner.work})."
            remedy = f"{HOW_TO_END_APP_WORK} {remedy}"
        return (RequiredAction(ActionCode.RESUME_RUN, why, remedy),)
    if run.status is RunStatus.AWAITING_RECOVERY:
        what = "The run waits for somebody to recover it from an error."
        return (RequiredAction(ActionCode.STOP_RUN, what, "Recover it where it was started, or call StopRun."),)
    return ()


def _profiles_to_look_after(state: RobotState) -> tuple[RequiredAction, ...]:
    reported = state.machine.modules.value if state.machine.modules is not None else ()
    targets_c = {module.serial_number: finite_number(module.data.get("targetTemperature")) for module in reported}
    remedy = "Look after the samples, then call SetBlockTemperature, DeactivateBlock or RunProfile."
    found = []
    for step in state.interrupted_profiles:
        left_c = targets_c.get(step.serial_number)
        left_c = step.target_c if left_c is None else left_c
        what = (
            f"This server ended while a profile ran on the thermocycler {step.serial_number}, {step.place}, after "
            f"{step.since:%Y-%m-%d %H:%M:%S} UTC: its block was left at {left_c:g} °C."
        )
        found.append(RequiredAction(ActionCode.CHECK_MODULE, what, remedy))
    return tuple(found)


def device_status(state: RobotState, *, displace_idle: bool) -> DeviceStatus:
    """Return the robot in one word."""
    if not state.contact.is_made:
        return DeviceStatus.UNREACHABLE
    run = state.run
    if state.safety_stop_since is not None:
        at_work = work_under_way(state, displace_idle=displace_idle).kind is not WorkKind.NONE
        return DeviceStatus.BUSY if at_work else DeviceStatus.STOPPED
    unsure = state.is_other_robot or state.unknown_requests or state.uncertain_tips or state.uncertain_liquid
    held_up = state.handover is not None and state.handover.phase is not HandoverPhase.PREPARED
    if unsure or held_up or (run is not None and run.status is RunStatus.AWAITING_RECOVERY):
        return DeviceStatus.NEEDS_ATTENTION
    if run is not None and run.status in (RunStatus.PAUSED, RunStatus.PAUSED_BY_DOOR):
        return DeviceStatus.PAUSED
    if work_under_way(state, displace_idle=displace_idle).kind is not WorkKind.NONE:
        return DeviceStatus.BUSY
    return DeviceStatus.NEEDS_ATTENTION if state.machine.door_blocks_runs else DeviceStatus.READY


def work_under_way(state: RobotState, *, displace_idle: bool) -> Work:
    """Return what is at work on the robot."""
    run = state.run
    step = (run.step or run.command_name or run.status.value) if run is not None and state.run_is_active else ""
    holder, owner = state.turn, current_run_owner(state.owner)
    execution = str(holder.execution_uuid or "") if holder is not None else ""
    if isinstance(state.owner, AppOwner):
        work = state.owner.work
        return Work(WorkKind.OTHER_CLIENT, f"{work.explanation}.", work.id)
    if isinstance(owner, ForeignOwner) and not (
        owner.status in wire.ENDED_RUN_STATUSES or (owner.at_rest and displace_idle)
    ):
        return Work(WorkKind.OTHER_CLIENT, step or f"A run of another client is {owner.status}.", owner.run_id)
    if run is not None and state.run_is_active:
        return Work(WorkKind.RUN, step, run.run_id, execution)
    if state.unended_waits:
        wait = state.unended_waits[0]
        return Work(WorkKind.OTHER_CLIENT, f"{wait.explanation} {wait.remedy}", wait.run_id)
    if holder is not None:
        run_id = owner.run_id if isinstance(owner, SessionOwner | RunOwner) else ""
        return Work(WorkKind.COMMAND, holder.command, run_id, execution)
    return Work()


def permits(state: RobotState, *, displace_idle: bool) -> frozenset[Permit]:
    """Return what would be accepted now."""
    if not state.contact.is_made:
        return frozenset()
    found = {Permit.LIGHTS}
    if state.is_other_robot:
        return frozenset(found)
    run = state.run
    if state.handover is not None:
        found.add(Permit.END_OF_HANDOVER)
    if state.unknown_requests or state.uncertain_tips or state.uncertain_liquid:
        found.add(Permit.RECONCILIATION)
    if run is not None and state.run_is_active and isinstance(current_run_owner(state.owner), RunOwner):
        found.add(Permit.STOP)
        if run.status is RunStatus.RUNNING:
            found.add(Permit.PAUSE)
        is_held = state.safety_stop_since is not None or isinstance(state.owner, AppOwner)
        if run.status is RunStatus.PAUSED and not is_held:
            found.add(Permit.RESUME)
    if state.safety_stop_since is not None:
        return frozenset(found | {Permit.RELEASE_OF_STOP})
    if state.turn is None and not state.unended_waits and not isinstance(state.owner, UnknownOwner):
        if refusal(Intent.ATOMIC, state.owner, displace_idle=displace_idle) is None:
            found.add(Permit.TIP_DISPOSAL if state.uncertain_tips else Permit.LIQUID_HANDLING)
        hindered = state.machine.door_blocks_runs or state.uncertain_tips
        if refusal(Intent.RUN, state.owner, displace_idle=displace_idle) is None and not hindered:
            found.add(Permit.START_OF_RUNS)
    return frozenset(found)
