"""The statuses of runs, with the same names for every release of the robot."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from enum import Enum

from sila_ot2.robot import wire


class RunStatus(str, Enum):
    """The status of a run."""

    NO_RUN = "NoRun"
    IDLE = "Idle"
    STARTING = "Starting"
    RUNNING = "Running"
    PAUSED = "Paused"
    PAUSED_BY_DOOR = "PausedByDoor"
    AWAITING_RECOVERY = "AwaitingRecovery"
    STOPPING = "Stopping"
    FINISHING = "Finishing"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"
    UNKNOWN = "Unknown"


class PauseReason(str, Enum):
    """Why a run is paused."""

    NOT_PAUSED = "NotPaused"
    BY_CLIENT = "ByClient"
    BY_SOMEBODY_ELSE = "BySomebodyElse"
    BY_PROTOCOL = "ByProtocol"
    BY_DOOR = "ByDoor"
    UNKNOWN = "Unknown"


_STATUS = {
    "idle": RunStatus.IDLE,
    "running": RunStatus.RUNNING,
    "paused": RunStatus.PAUSED,
    "pause-requested": RunStatus.PAUSED,
    "blocked-by-open-door": RunStatus.PAUSED_BY_DOOR,
    "awaiting-recovery": RunStatus.AWAITING_RECOVERY,
    "awaiting-recovery-paused": RunStatus.AWAITING_RECOVERY,
    "awaiting-recovery-blocked-by-open-door": RunStatus.AWAITING_RECOVERY,
    "stop-requested": RunStatus.STOPPING,
    "finishing": RunStatus.FINISHING,
    "stopped": RunStatus.STOPPED,
    "failed": RunStatus.FAILED,
    "succeeded": RunStatus.SUCCEEDED,
}
PAUSED = frozenset({RunStatus.PAUSED, RunStatus.PAUSED_BY_DOOR, RunStatus.AWAITING_RECOVERY})
"""Statuses in which the clock of a run stands still."""


def plays_of(run: wire.Run) -> int:
    """Return how often anybody has started or resumed the run."""
    return sum(action.action_type == "play" for action in run.actions)


def was_played(run: wire.Run) -> bool:
    """Return whether anybody has started the run."""
    return plays_of(run) > 0


def was_resumed(run: wire.Run, since: datetime.datetime | None) -> bool:
    """Return whether anybody has started or resumed the run after a point in time, by the robot's clock."""
    plays = (action.created_at for action in run.actions if action.action_type == "play")
    return since is not None and any(at is not None and at > since for at in plays)


def status_of(run: wire.Run) -> RunStatus:
    """Return the status of the run; one that only later releases have is unknown, and counts as active."""
    if run.status == "idle" and was_played(run):
        return RunStatus.STARTING  # seen on 6.3 for 40 ms after play
    return _STATUS.get(run.status, RunStatus.UNKNOWN)


def was_aborted(run: wire.Run) -> bool:
    """Return whether a second stop has ended the run, which was never played: a wait may go on in it."""
    stops = sum(action.action_type == "stop" for action in run.actions)
    return run.status in wire.ENDED_RUN_STATUSES and not was_played(run) and stops > 1


def was_cut_off(run: wire.Run) -> bool:
    """Return whether the robot restarted while the run was active.

    Releases 6 and later then say that it was stopped, though nobody stopped it, and that it is not current; 7 and later
    also that they have no record of it (`ok` false).
    """
    stopped = any(action.action_type == "stop" for action in run.actions)
    return run.status == "stopped" and not run.current and was_played(run) and (not run.ok or not stopped)


def pause_reason_of(run: wire.Run, waits_for_operator: bool, *, foreign_ids: Collection[str] = ()) -> PauseReason:
    """Return why the run is paused.

    Args:
        run: as the robot says.
        foreign_ids: actions on a run of ours that somebody else asked for.
        waits_for_operator: whether the step under way, or the last one that ended, is a pause of the protocol's own.
    """
    status = status_of(run)
    if status is RunStatus.PAUSED_BY_DOOR:
        return PauseReason.BY_DOOR
    if status is not RunStatus.PAUSED:
        return PauseReason.NOT_PAUSED
    last = run.actions[-1] if run.actions else None
    if last is not None and last.action_type == "pause":
        return PauseReason.BY_SOMEBODY_ELSE if last.id in foreign_ids else PauseReason.BY_CLIENT
    # Nobody paused it: its own pause, the door (closing it leaves the run paused), or a button on the robot.
    return PauseReason.BY_PROTOCOL if waits_for_operator else PauseReason.UNKNOWN
