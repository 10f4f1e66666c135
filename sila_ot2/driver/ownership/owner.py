"""Who can own the robot's current run, and what is refused meanwhile.

`refusal` is the one table of what is refused because of the owner: commands, StartPermission and the device status
use it. `ownership.py` reads who the owner is.

Not in the table is what is refused under every owner: while the safety stop is latched, a hand-over is pending or a
wait goes on in an aborted run (`RequestLog`, before each request that may move the robot), while a tip is in doubt
(`UncertainTips`, before each movement), while another command has the turn (`Turn`), while a module or a profile is at
work (`RobotAtRest`, `Profiles`), and what a session refuses of a plan (`PlanChecks`).
PauseRun, ResumeRun, StopRun and ReleaseRun are about a run that exists: its own status decides (`RunActions`,
`RunRelease`). Pictures, movies and lights are refused to nobody, since nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from sila_ot2.driver.ownership.app_work import HOW_TO_END_APP_WORK, AppWork
from sila_ot2.driver.ownership.robot_identity import HOW_TO_ACCEPT
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotChanged,
    RunStillActive,
    SessionActive,
)
from sila_ot2.robot import wire

HOW_TO_SETTLE = "Look at the robot, then call ReconcileState."
HOW_TO_END_OURS = "Wait for its end, or stop it with StopRun first."
HOW_TO_END_THEIRS = "Wait for its end, or stop it where it was started (ReleaseRun with Force stops it from here)."


@dataclass(frozen=True)
class NoOwner:
    """No run is current, or the current one of ours has ended."""


@dataclass(frozen=True)
class SessionOwner:
    """A session of ours: a run that is never played."""

    run_id: str


@dataclass(frozen=True)
class RunOwner:
    """A run of ours that is played: a protocol or a queued worklist."""

    run_id: str
    status: str


@dataclass(frozen=True)
class ForeignOwner:
    """Anybody else's run."""

    run_id: str
    status: str

    @property
    def at_rest(self) -> bool:
        """Whether the robot would let it be replaced: it was never played, or has ended."""
        return self.status == "idle" or self.status in wire.ENDED_RUN_STATUSES


@dataclass(frozen=True)
class HalfCreatedOwner:
    """A run that the robot names as current and cannot find; it is cleared before another is created."""

    run_id: str


@dataclass(frozen=True)
class UnknownOwner:
    """The robot cannot be read, or the outcome of a request is not known."""

    why: str


CurrentRunOwner: TypeAlias = NoOwner | SessionOwner | RunOwner | ForeignOwner | HalfCreatedOwner | UnknownOwner
"""Whose the current run is."""


@dataclass(frozen=True)
class OtherRobotOwner(UnknownOwner):
    """Another robot answers than the one this server's records are about; whose run is current is not looked at."""


@dataclass(frozen=True)
class AppOwner:
    """Somebody works at the robot with the Opentrons App; `beside` is the owner of the current run."""

    work: AppWork
    beside: CurrentRunOwner


Owner: TypeAlias = CurrentRunOwner | AppOwner


def current_run_owner(owner: Owner) -> CurrentRunOwner:
    """Return the owner of the current run; the Opentrons App may be at work as well."""
    return owner.beside if isinstance(owner, AppOwner) else owner


class Intent(Enum):
    """What somebody wants to do that needs the turn."""

    ATOMIC = auto()
    """An atomic command, or opening a session."""
    RUN = auto()
    """Creating a run that will be played."""
    BESIDE_RUNS = auto()
    """Changing the robot outside of all runs, such as switching its motors off: no run may be able to move it."""
    MODULE = auto()
    """Setting something at a module, outside of runs; a session may be open."""
    MODULE_OFF = auto()
    """Switching something off at a module, even while the outcome of an earlier request is unknown."""
    MODULE_AND_GANTRY = auto()
    """A command of a module that can move the gantry: in the session, or else outside of runs."""


@dataclass(frozen=True)
class OwnerRefusal:
    """Why an intent is refused under an owner, and what to do about it."""

    fault: type[OT2Fault]
    explanation: str
    remedy: str


def refusal(intent: Intent, owner: Owner, *, displace_idle: bool) -> OwnerRefusal | None:
    """Return why `intent` is refused under `owner`; None if it may go ahead. The one table of what is refused.

    Args:
        intent: what is wanted; the turn is not looked at.
        owner: whose run is current.
        displace_idle: whether another client's idle run (it was created and never played) may be replaced; what
            goes on beside runs replaces none.
    """
    if intent in (Intent.MODULE, Intent.MODULE_OFF, Intent.MODULE_AND_GANTRY):
        return _refusal_at_modules(intent, owner)
    match owner:
        case OtherRobotOwner(why):
            return OwnerRefusal(RobotChanged, why, HOW_TO_ACCEPT)
        case UnknownOwner(why):
            return OwnerRefusal(OutcomeUnknown, why, HOW_TO_SETTLE)
        case AppOwner(work):
            return OwnerRefusal(RobotBusy, f"{work.explanation}.", HOW_TO_END_APP_WORK)
        case RunOwner(run_id, "idle"):
            return OwnerRefusal(
                RunStillActive,
                f"Run {run_id} was created by this server and waits to be started.",
                "Start it with StartRun or release it with ReleaseRun first.",
            )
        case RunOwner(run_id, status):
            return OwnerRefusal(
                RunStillActive,
                f"Run {run_id} of this server is {status}.",
                HOW_TO_END_OURS,
            )
        case SessionOwner(run_id) if intent is not Intent.ATOMIC:
            return OwnerRefusal(
                SessionActive, f"A session of single commands is open (run {run_id}).", "Call CloseSession first."
            )
        case ForeignOwner(run_id, status) if not owner.at_rest:
            return OwnerRefusal(
                RobotBusy,
                f"Another client's run {run_id} is {status} on the robot.",
                HOW_TO_END_THEIRS,
            )
        case ForeignOwner(run_id, "idle") if intent is Intent.BESIDE_RUNS:
            return OwnerRefusal(
                RobotBusy,
                f"Another client has set up run {run_id} on the robot, and may move the robot with it.",
                "End it there, or call ReleaseRun with Force.",
            )
        case ForeignOwner(run_id, "idle") if not displace_idle:
            return OwnerRefusal(
                RobotBusy,
                f"Another client has set up run {run_id} on the robot and has not played it.",
                "End it there, call ReleaseRun with Force, or set runs.displace_idle_runs.",
            )
        case _:
            return None


def _refusal_at_modules(intent: Intent, owner: Owner) -> OwnerRefusal | None:
    """The rows of commands for modules: neither a session nor a run that waits to be started is in their way."""
    match current_run_owner(owner):
        case OtherRobotOwner(why):
            return OwnerRefusal(RobotChanged, why, HOW_TO_ACCEPT)
        case UnknownOwner(why) if intent is not Intent.MODULE_OFF:
            return OwnerRefusal(OutcomeUnknown, why, HOW_TO_SETTLE)
        case RunOwner(run_id, status) if status != "idle":
            return OwnerRefusal(
                RunStillActive,
                f"Run {run_id} of this server is {status}, and its protocol controls the modules.",
                HOW_TO_END_OURS,
            )
        case ForeignOwner(run_id, status) as foreign if not foreign.at_rest:
            return OwnerRefusal(
                RobotBusy,
                f"Another client's run {run_id} is {status} on the robot, and its protocol controls the modules.",
                HOW_TO_END_THEIRS,
            )
    if intent is Intent.MODULE_AND_GANTRY and isinstance(owner, AppOwner | ForeignOwner):
        return refusal(Intent.BESIDE_RUNS, owner, displace_idle=False)
    return None


def decide(intent: Intent, owner: Owner, *, displace_idle: bool) -> None:
    """Return if `intent` may go ahead under `owner`; an atomic command then opens a session unless one is open.

    The arguments are those of `refusal`; `owner` was read from the robot just now, and the caller holds the turn.

    Raises:
        RobotBusy: somebody works with the Opentrons App, or another client's run is active, or idle and not to be
            displaced.
        RunStillActive: a run of ours is active or waits to be started.
        SessionActive: a run, or something beside runs, is wanted while our session is open.
        RobotChanged: another robot answers at the address.
        OutcomeUnknown: it must be established first what an earlier request did.
    """
    found = refusal(intent, owner, displace_idle=displace_idle)
    if found is not None:
        raise found.fault(found.explanation, found.remedy, moved=Movement.NONE)
