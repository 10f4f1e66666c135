"""Whose run is current on the robot: derived from what the robot reports and from our journal, never assumed."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.app_work import AppWork, read_app_work
from sila_ot2.driver.ownership.current_run import CurrentWork, read_current_run
from sila_ot2.driver.ownership.owner import (
    AppOwner,
    CurrentRunOwner,
    ForeignOwner,
    HalfCreatedOwner,
    Intent,
    NoOwner,
    OtherRobotOwner,
    Owner,
    RunOwner,
    SessionOwner,
    UnknownOwner,
    current_run_owner,
    decide,
)
from sila_ot2.driver.ownership.requester import Requester
from sila_ot2.driver.ownership.robot_identity import OtherRobot, RobotIdentity
from sila_ot2.driver.requests.request import CreateRunRequest, Purpose
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.errors import (
    RobotUnreachable,
    SessionLost,
    StorageFull,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.journal import LASTING_KIND, Journal
from sila_ot2.subscribers import Subscribers

log = logging.getLogger(__name__)


class Ownership:
    """Reads and remembers whose run is current; one per robot.

    Several threads read the robot. A reading that began before one that is known already is passed over: something may
    have been done between the two.
    """

    def __init__(self, robot: RobotClient, journal: Journal, request_log: RequestLog, identity: RobotIdentity) -> None:
        self.identity = identity
        self._robot = robot
        self._journal = journal
        self._request_log = request_log
        self._noting = threading.RLock()
        self._begun = itertools.count(1)
        self._newest = 0
        self._work = CurrentWork()
        self._purposes: dict[str, Purpose | None] = {}
        self.requester: Callable[[], Requester] = Requester
        """Returns who sent the command that has the turn."""
        self.on_app_work: Subscribers[AppWork | None] = Subscribers()
        """Called with each reading of what the Opentrons App does, on the thread that reads."""
        self.current: Observable[Owner] = Observable(UnknownOwner("The robot has not been read yet."))
        identity.other.subscribe(self._on_other_robot)

    def refresh(self) -> Owner:
        """Read the robot now and return the owner; also sets `current`.

        Raises:
            RobotUnreachable: the robot cannot be read; `current` is then unknown.
        """
        self.read()
        return self.current.value

    def read(self) -> CurrentWork:
        """Read the robot now and return what it reports; also sets `current`.

        Raises:
            RobotUnreachable: the robot cannot be read; `current` is then unknown.
        """
        reading = self.begin_reading()
        try:
            work = replace(read_current_run(self._robot), app_work=self.read_app_work())
        except RobotUnreachable as unreachable:
            self.note_trouble(unreachable.explanation, reading)
            raise
        self.note(work, reading)
        return work

    def require_nobody_at_the_app(self) -> None:
        """Return if the Opentrons App does nothing at the robot now; the robot is read at this moment.

        Raises:
            RobotBusy: it does. Nothing was done.
            OutcomeUnknown: it must be established first what an earlier request did.
            RobotUnreachable: the robot cannot be read.
        """
        app_work = self.read_app_work(concurrently=True)
        while True:
            known = self._work
            owner = self._derive(work := replace(known, app_work=app_work))
            with self._noting:
                if self._work is known:  # else another thread has read the run meanwhile
                    self._set(owner, self._newest, work)  # the run was not read: this makes no other reading older
                    break
        if isinstance(owner, AppOwner | UnknownOwner):
            decide(Intent.ATOMIC, owner, displace_idle=False)

    def read_app_work(self, *, concurrently: bool = False) -> AppWork | None:
        """Read from the robot what the Opentrons App does; the listeners are called before it is returned.

        Raises:
            RobotUnreachable: the robot cannot be read.
        """
        work = read_app_work(self._robot, concurrently=concurrently)
        self.on_app_work.fire(work)
        return work

    def begin_reading(self) -> int:
        """Return what names a reading of the current run that begins now."""
        return next(self._begun)

    def note(self, work: CurrentWork, reading: int) -> Owner:
        """Take over what the robot has reported about its current run; returns the owner as it is now.

        Args:
            work: what it reported.
            reading: from `begin_reading`.
        """
        return self._set(self._derive(work), reading, work)

    def note_run(self, run: wire.Run) -> Owner:
        """Take over that this run, which has just been created, is the current one."""
        return self.note(replace(self._work, run=run, half_created=""), self.begin_reading())

    def note_trouble(self, why: str, reading: int) -> None:
        """Remember that the robot could not be read."""
        self._set(UnknownOwner(why), reading)

    def _on_other_robot(self, other: OtherRobot | None) -> None:
        if other is not None:
            self._set(OtherRobotOwner(str(other)), self.begin_reading(), CurrentWork())

    def _set(self, owner: Owner, reading: int, work: CurrentWork | None = None) -> Owner:
        with self._noting:
            if reading >= self._newest:
                self._newest = reading
                self._work = work or self._work
                self.current.set(owner)
            return self.current.value

    def purpose_of(self, run_id: str) -> Purpose | None:
        """What we created the run for; None if we did not create it, or another version of this server did."""
        if run_id in self._purposes:
            return self._purposes[run_id]
        documents = self._journal.documents_about(run_id, [LASTING_KIND])
        if not documents:
            return None
        try:
            purpose = CreateRunRequest.model_validate_json(documents[0]).purpose
        except ValueError as unreadable:
            log.error(
                "Run %s was created by another version of this server, and counts as foreign: %s", run_id, unreadable
            )
            purpose = None
        return self._purposes.setdefault(run_id, purpose)

    def purpose_if_readable(self, run_id: str) -> Purpose | None:
        """What we created the run for, for requests that stop the robot; None also if the database cannot be read.

        The database is read only of a run that has not been seen yet: a stop must not wait for it.
        """
        current = current_run_owner(self.current.value)
        if isinstance(current, ForeignOwner) and current.run_id == run_id:
            return None
        try:
            return self.purpose_of(run_id)
        except (SQLAlchemyError, StorageFull):
            log.exception("Whether run %s is one of ours cannot be read.", run_id)
            return None

    def require_session(self, run_id: str) -> None:
        """Return if `run_id` is still our open session.

        Raises:
            SessionLost: it is not; the message names the run that displaced it. Nothing was done.
            RobotChanged: another robot answers, which knows nothing of it. Nothing was done.
        """
        self.identity.ask()
        match current_run_owner(self.refresh()):
            case SessionOwner(current) if current == run_id:
                return
            case RunOwner(other) | ForeignOwner(other) | SessionOwner(other) | HalfCreatedOwner(other):
                raise SessionLost(
                    f"The session (run {run_id}) was replaced by run {other} of another client or command.",
                    "That run decides what the pipettes hold: look at them before you go on.",
                )
            case _:
                raise SessionLost(
                    f"The session (run {run_id}) has ended on the robot: it was stopped or released by another "
                    "client, or the robot restarted.",
                    "Look at the tips, then open a new session.",
                )

    def _derive(self, work: CurrentWork) -> Owner:
        owner = self._derive_from_run(work)
        return owner if work.app_work is None or isinstance(owner, UnknownOwner) else AppOwner(work.app_work, owner)

    def _derive_from_run(self, work: CurrentWork) -> CurrentRunOwner:
        run = work.run
        if (other := self.identity.other.value) is not None:
            return OtherRobotOwner(str(other))
        if self._request_log.unknown:
            return UnknownOwner(
                f"The outcome is not known of: {', '.join(self._request_log.unknown)}. The robot may have moved. "
                f"It is being looked up; call ReconcileState to settle it after looking at the robot."
            )
        if work.half_created:
            return (
                current_run_owner(self.current.value)
                if self._request_log.creating_run
                else HalfCreatedOwner(work.half_created)
            )
        if run is None:
            return NoOwner()
        purpose = self.purpose_of(run.id)
        if purpose is None and self._request_log.creating_run:
            return current_run_owner(self.current.value)  # it may be the run that we are creating right now
        if purpose is None:
            return ForeignOwner(run.id, run.status)
        if run.status in wire.ENDED_RUN_STATUSES:
            return NoOwner()
        if purpose == "session":
            return SessionOwner(run.id)
        return RunOwner(run.id, run.status)
