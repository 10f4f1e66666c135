"""The robot's state: one immutable model, built by the monitor and published once.

What clients see of the robot (status, obstacles to a start, required actions, permits) is a pure function of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.reachability import Contact, ContactProblem
from sila_ot2.driver.ownership.handovers import PendingHandover
from sila_ot2.driver.ownership.owner import OtherRobotOwner, Owner, UnknownOwner
from sila_ot2.driver.ownership.robot_identity import HOW_TO_ACCEPT
from sila_ot2.driver.ownership.turn import TurnHolder
from sila_ot2.driver.requests.safety_stop import HOW_TO_RELEASE
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWait
from sila_ot2.driver.tracking.status.run_faults import fault_of
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tips.uncertain_tips import WAY_OUT
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import (
    ActionFailed,
    CommandCancelled,
    Movement,
    NotReconciled,
    OT2Fault,
    OutcomeUnknown,
    RobotChanged,
    RobotUnreachable,
    SafetyStopActive,
)
from sila_ot2.robot import wire
from sila_ot2.store.begun_profiles import BegunStep
from sila_ot2.store.uncertain_tips import UncertainTip
from sila_ot2.times import utc_now


@dataclass(frozen=True)
class LastError:
    """The last thing that went wrong."""

    code: str
    message: str
    remedy: str
    at: datetime = field(compare=False)

    @classmethod
    def of(cls, fault: OT2Fault) -> LastError:
        """Return the error for a fault that has just happened."""
        return cls(fault.identifier, str(fault), fault.remedy, utc_now())


@dataclass(frozen=True)
class RobotState:
    """The robot as it was read last, and what this server does with it."""

    contact: Contact = field(default_factory=Contact.not_asked)
    read_at: datetime | None = None
    """When the current run was read last, by this computer's clock; None: never since the start."""
    machine: Machine = Machine()
    run: RunView | None = None
    """The current run of any client; None also for a session of single commands."""
    owner: Owner = UnknownOwner("The robot has not been read yet.")
    unknown_requests: tuple[str, ...] = ()
    """Requests whose outcome is not known."""
    uncertain_tips: tuple[UncertainTip, ...] = ()
    """Pipettes that may hold a tip of which the robot knows nothing."""
    unended_waits: tuple[UnendedWait, ...] = ()
    """What the robot goes on with in runs that were aborted, and then halts."""
    interrupted_profiles: tuple[BegunStep, ...] = ()
    """Profiles that ended with an earlier process of this server, and on whose block nobody has acted since."""
    uncertain_liquid: tuple[str, ...] = ()
    """Pipettes of the session that hold a tip known to the robot, and nobody knows how much liquid."""
    safety_stop_since: datetime | None = None
    """Since when the safety stop is latched; None: it is not."""
    turn: TurnHolder | None = None
    """Which command of this server acts on the robot, or which hand-over keeps it still."""
    handover: PendingHandover | None = None
    """The hand-over of labware that is pending."""
    last_error: LastError | None = None

    @property
    def reachable(self) -> bool:
        """Whether the robot answered when it was asked last."""
        return self.contact.is_made

    @property
    def is_other_robot(self) -> bool:
        """Whether another robot answers than the one this server's records are about."""
        return isinstance(self.owner, OtherRobotOwner)

    @property
    def run_status(self) -> RunStatus:
        """The status of the current run in one word; unknown while the robot cannot be read."""
        if not self.reachable or self.is_other_robot:
            return RunStatus.UNKNOWN
        return self.run.status if self.run else RunStatus.NO_RUN

    @property
    def run_is_active(self) -> bool:
        """Whether the current run has been started and has not ended."""
        return self.run is not None and self.run.status.value.lower() not in (*wire.ENDED_RUN_STATUSES, "idle")

    @property
    def own_run_is_paused(self) -> bool:
        """Whether the current run is one of this server and the robot reports that it is paused, for any reason.

        Raises:
            RobotUnreachable: the robot cannot be read; nothing was done.
        """
        if not self.reachable:
            raise RobotUnreachable(
                f"Whether a run is paused is not known: {self.contact.explanation}",
                self.contact.remedy,
                moved=Movement.NONE,
            )
        ours = self.run is not None and self.run.start.origin == "ThisServer"
        return ours and self.run_status in (RunStatus.PAUSED, RunStatus.PAUSED_BY_DOOR)


def with_last_error(before: RobotState, after: RobotState) -> RobotState:
    """Return the state after a change, with the error that the change brought, if it brought one."""
    error = (
        _error_of_contact(before.contact, after.contact)
        or _error_of_robot(before.owner, after.owner)
        or _error_of_tips(before.uncertain_tips, after.uncertain_tips)
        or _error_of_run(before.run, after.run)
        or _error_of_stop(before, after)
    )
    return replace(after, last_error=error or after.last_error)


def needs_somebody(fault: OT2Fault) -> bool:
    """Return whether the fault of a single command leaves the robot in need of somebody: it was begun and not ended."""
    return isinstance(fault, ActionFailed | OutcomeUnknown) and not isinstance(fault, CommandCancelled)


def _error_of_contact(before: Contact, after: Contact) -> LastError | None:
    """It is no error that the robot is not reached before the first request."""
    if after == before or after.is_made or after.problem is ContactProblem.NOT_ASKED_YET:
        return None
    return LastError(RobotUnreachable.__name__, after.text, after.remedy, utc_now())


def _error_of_robot(before: Owner, after: Owner) -> LastError | None:
    if after == before or not isinstance(after, OtherRobotOwner):
        return None
    return LastError.of(RobotChanged(after.why, HOW_TO_ACCEPT))


def _error_of_tips(before: tuple[UncertainTip, ...], after: tuple[UncertainTip, ...]) -> LastError | None:
    known = {tip.mount for tip in before}
    new = [tip for tip in after if tip.mount not in known]
    if not new:
        return None
    return LastError.of(NotReconciled(" ".join(tip.explanation for tip in new), WAY_OUT))


def _error_of_stop(before: RobotState, after: RobotState) -> LastError | None:
    if after.safety_stop_since is None or before.safety_stop_since is not None:
        return None
    return LastError.of(SafetyStopActive("StopNow was called, and latched the safety stop.", HOW_TO_RELEASE))


def _error_of_run(before: RunView | None, after: RunView | None) -> LastError | None:
    if after is None or after.record is None or after.record.result != "Failed":
        return None
    if before is not None and before.run_id == after.run_id and before.record is not None:
        return None
    fault = fault_of(after.record)
    return LastError.of(fault) if fault else None
