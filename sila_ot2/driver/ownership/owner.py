"""Whose run is current on the robot, and what may be asked while it is.

The owner is derived from what the robot says plus our journal of created runs, never assumed. The table of
`decide` is the one place that says what is refused while somebody (we or another) holds the robot.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.requests.request import CreateRunRequest, Purpose
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import (
    OutcomeUnknown,
    RobotBusy,
    RobotUnreachable,
    RunNotFound,
    RunStillActive,
    SessionActive,
    SessionLost,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.journal import LASTING_KIND, Journal

ENDED_RUN_STATUSES = wire.ENDED_RUN_STATUSES


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
        return self.status == "idle" or self.status in ENDED_RUN_STATUSES


@dataclass(frozen=True)
class UnknownOwner:
    """The robot cannot be read, or the outcome of a request is not known."""

    why: str


Owner: TypeAlias = NoOwner | SessionOwner | RunOwner | ForeignOwner | UnknownOwner


class Intent(Enum):
    """What somebody wants to do that needs the turn."""

    ATOMIC = auto()
    """An atomic command, or opening a session."""
    RUN = auto()
    """Creating a run that will be played."""


def decide(intent: Intent, owner: Owner, *, displace_idle: bool) -> None:
    """Return if `intent` may go ahead under `owner`; an atomic command then opens a session unless one is open.

    Args:
        intent: what is wanted; the turn is already held, so no other command of this server is acting.
        owner: read from the robot now.
        displace_idle: whether another client's idle run (it was created and never played) may be replaced.

    Raises:
        RobotBusy: another client's run is active, or idle and not to be displaced.
        RunStillActive: a run of ours is active or waits to be started.
        SessionActive: a run is wanted while our session is open.
        OutcomeUnknown: it must be established first what an earlier request did.
    """
    match owner:
        case UnknownOwner(why):
            raise OutcomeUnknown(why)
        case RunOwner(run_id, "idle"):
            raise RunStillActive(
                f"Run {run_id} was created by this server and waits to be started. Nothing was done. "
                f"Start it with StartRun or release it with ReleaseRun first."
            )
        case RunOwner(run_id, status):
            raise RunStillActive(
                f"Run {run_id} of this server is {status}. Nothing was done. Wait for its end or stop it first."
            )
        case SessionOwner(run_id) if intent is Intent.RUN:
            raise SessionActive(f"A session is open (run {run_id}). Nothing was done. Call CloseSession first.")
        case ForeignOwner(run_id, status) if not owner.at_rest:
            raise RobotBusy(
                f"Another client's run {run_id} is {status} on the robot. Nothing was done. Wait for its end, or "
                f"stop it where it was started (ReleaseRun with Force stops it from here)."
            )
        case ForeignOwner(run_id, "idle") if not displace_idle:
            raise RobotBusy(
                f"Another client has set up run {run_id} on the robot and has not played it. Nothing was done. End it "
                f"there, call ReleaseRun, or allow this server to displace idle runs in its configuration."
            )
        case _:
            return


class Ownership:
    """Reads and remembers whose run is current; one per robot.

    Several threads read the robot. A reading that began before one that is known already is passed over: something may
    have been done between the two.
    """

    def __init__(self, robot: RobotClient, journal: Journal, request_log: RequestLog) -> None:
        self._robot = robot
        self._journal = journal
        self._request_log = request_log
        self._noting = threading.RLock()
        self._begun = itertools.count(1)
        self._newest = 0
        self.current: Observable[Owner] = Observable(UnknownOwner("The robot has not been read yet."))

    def refresh(self) -> Owner:
        """Read the robot now and return the owner; also sets `current`.

        Raises:
            RobotUnreachable: the robot cannot be read; `current` is then unknown.
        """
        reading = self.begin_reading()
        try:
            run_id = self._robot.current_run_id()
            run = self._robot.run(run_id) if run_id else None
        except RunNotFound:  # replaced between the two readings
            return self.refresh()
        except RobotUnreachable as unreachable:
            self.note_trouble(str(unreachable), reading)
            raise
        return self.note(run, reading)

    def begin_reading(self) -> int:
        """Return what names a reading of the current run that begins now."""
        return next(self._begun)

    def note(self, current_run: wire.Run | None, reading: int | None = None) -> Owner:
        """Take over what the robot has said about its current run; returns the owner as it is now.

        Args:
            current_run: what it said.
            reading: from `begin_reading`; None if it has said it this moment.
        """
        owner = self._derive(current_run)
        return self._set(owner, reading or self.begin_reading())

    def note_trouble(self, why: str, reading: int) -> None:
        """Remember that the robot could not be read."""
        self._set(UnknownOwner(why), reading)

    def _set(self, owner: Owner, reading: int) -> Owner:
        with self._noting:
            if reading >= self._newest:
                self._newest = reading
                self.current.set(owner)
            return self.current.value

    def purpose_of(self, run_id: str) -> Purpose | None:
        """What we created the run for; None if we did not create it."""
        documents = self._journal.documents_about(run_id, [LASTING_KIND])
        return CreateRunRequest.model_validate_json(documents[0]).purpose if documents else None

    def require_session(self, run_id: str) -> None:
        """Return if `run_id` is still our open session.

        Raises:
            SessionLost: it is not; the message names the run that displaced it. Nothing was done.
        """
        owner = self.refresh()
        match owner:
            case SessionOwner(current) if current == run_id:
                return
            case RunOwner(other) | ForeignOwner(other) | SessionOwner(other):
                raise SessionLost(
                    f"The session (run {run_id}) was displaced by run {other} of another client or command. Nothing "
                    f"was done. What the pipettes hold is as the displacing run leaves it: look before you go on."
                )
            case _:
                raise SessionLost(
                    f"The session (run {run_id}) has ended on the robot: it was stopped or released by another client, "
                    f"or the robot restarted. Nothing was done. Look at the tips, then open a new session."
                )

    def _derive(self, run: wire.Run | None) -> Owner:
        if self._request_log.unknown:
            return UnknownOwner(
                f"The outcome is not known of: {', '.join(self._request_log.unknown)}. The robot may have moved. "
                f"It is being looked up; call ReconcileState to settle it after looking at the robot."
            )
        if run is None:
            return NoOwner()
        purpose = self.purpose_of(run.id)
        if purpose is None and self._request_log.creating_run:
            return self.current.value  # it may be the run that we are creating right now
        if purpose is None:
            return ForeignOwner(run.id, run.status)
        if run.status in ENDED_RUN_STATUSES:
            return NoOwner()
        if purpose == "session":
            return SessionOwner(run.id)
        return RunOwner(run.id, run.status)
