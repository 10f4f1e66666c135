"""Pause, resume, stop: each sent once, over a connection of its own, and confirmed by the status that follows.

None of them waits for the turn, for the monitor, for a lock, or for another one of them: several may be under way at a
time. The first that arrives has its effect; the robot answers the others that there is nothing left to do.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.owner import (
    ForeignOwner,
    RunOwner,
    SessionOwner,
    UnknownOwner,
    current_run_owner,
)
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import HOW_TO_ACCEPT, OtherRobot
from sila_ot2.driver.requests.request import RunActionRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.action_checks import require_resumable, require_under_way
from sila_ot2.driver.runs.confirmation import Confirmation
from sila_ot2.driver.runs.request_keys import RequestKey
from sila_ot2.driver.runs.settling import WAIT_OR_RESTART, Settling, stop_is_sent
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.driver.waiting import finished_before
from sila_ot2.errors import (
    CommandCancelled,
    DoorOpen,
    Movement,
    OutcomeUnknown,
    RobotChanged,
    RobotFaulty,
    RobotUnreachable,
    RunActionNotAllowed,
    RunNotFound,
    StopTimedOut,
    StorageFull,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunRecord

log = logging.getLogger(__name__)

STOPPING_STATUSES = (*wire.ENDED_RUN_STATUSES, "stop-requested")
RELEASE_IF_CURRENT = "Release it if it is still the current run."
CONFIRM_WITHIN_S = 10.0
"""How long a status that follows an accepted pause or resume is waited for."""
FIRST_STOP_S = 0.5
"""How long the first stop of a session's run may take before a second one breaks off what is under way."""
PLAYED_AGAIN_S = 1.0
"""A run that is still paused this long after an accepted resume has been paused again, by itself or another client."""


class RunActions:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        registry: RunRegistry,
        monitor: Monitor,
        *,
        stop_timeout_s: float,
    ) -> None:
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self._registry = registry
        self._monitor = monitor
        self._confirmation = Confirmation(robot, monitor)
        self._stop_timeout_s = stop_timeout_s
        self._settling = Settling(monitor, registry, self._confirmation, within_s=stop_timeout_s)

    def pause(self, run_id: str = "") -> None:
        """Pause a run after the movement under way; returns when the robot reports that it is paused.

        Args:
            run_id: empty for the current run, if it is ours.

        Raises:
            RobotChanged: another robot answers at the address.
            RunNotFound: there is no such run.
            RunActionNotAllowed: its state does not allow it.
            RobotUnreachable: it was not sent.
            OutcomeUnknown: it cannot be established whether the robot has done it.
        """
        run = self._send(run_id, "pause")
        run = self._confirmation.read_until(run.id, lambda run: run.status not in ("running", "idle"), CONFIRM_WITHIN_S)
        self._confirmation.await_published(run.id, lambda status: status not in ("running", "idle"))
        if run.status in wire.ENDED_RUN_STATUSES:
            raise RunActionNotAllowed(
                f"Run {run.id} ended as {run.status} before it could be paused.", "Read its record."
            )
        if run.status in ("running", "idle"):
            raise OutcomeUnknown(
                f"The robot accepted the pause of run {run.id}, and still says that it is {run.status}.",
                "Look at the robot; stop the run if it is to stand still.",
            )

    def resume(self, run_id: str = "", plays: int | None = None) -> None:
        """Resume a paused run; returns when the robot reports that it runs.

        Args:
            run_id: empty for the current run, if it is ours.
            plays: how often it had been started or resumed when the pause was seen that is to end; None: whichever
                pause the run is in.

        Raises:
            RobotChanged: another robot answers at the address.
            RunNotFound: there is no such run.
            RunActionNotAllowed: it was never started, has ended, is not paused, or that pause is over.
            RobotBusy: somebody works with the Opentrons App, or a wait goes on in a run that was aborted, after which
                the robot halts. Nothing was sent.
            DoorOpen: close the door first.
            RobotUnreachable: it was not sent.
            OutcomeUnknown: it cannot be established whether the robot has done it.
        """
        run = self._send(run_id, "play", plays)
        run = self._confirmation.read_until(run.id, lambda run: run.status != "paused", PLAYED_AGAIN_S)
        self._confirmation.await_published(run.id, lambda status: status != "paused")
        if run.status == "blocked-by-open-door":
            raise DoorOpen(
                f"Run {run.id} does not go on: the door or the top window is open.", "Close it, then resume."
            )

    def start(self, run: wire.Run, cancelled: Cancellation | None = None, key: RequestKey | None = None) -> None:
        """Start a run that was never played; the turn is held. Returns when the robot reports that it runs.

        Args:
            run: as it was just read.
            cancelled: ends the waiting for the robot's answer: the caller then stops the run, whether it was started or
                not.
            key: the client's name for its request.

        Raises:
            CommandCancelled: it was cancelled before it was sent; nothing was sent.
            RobotBusy: somebody works with the Opentrons App; a start would end a maintenance run in its midst.
            RunActionNotAllowed: it is no longer waiting to be started.
            RobotUnreachable: it was not sent.
            OutcomeUnknown: it cannot be established whether it was started.
        """
        self._ownership.require_nobody_at_the_app()
        key = key or RequestKey()
        request = RunActionRequest(
            run_id=run.id,
            action="play",
            actions_before=[action.id for action in run.actions],
            request_key=key.key,
            request_digest=key.digest,
        )
        cancelled = cancelled or Cancellation()
        if cancelled.is_set():  # while the robot was read; a start that is sent now would race with the stop
            raise CommandCancelled(
                f"Cancelled before run {run.id} was started.", RELEASE_IF_CURRENT, moved=Movement.NONE
            )
        if not finished_before(cancelled, lambda: self._request_log.perform(request)):
            log.info("The start of run %s was cancelled before the robot answered.", run.id)
            return
        try:
            after = self._confirmation.read_until(run.id, lambda run: run.status != "idle", CONFIRM_WITHIN_S)
        except OutcomeUnknown as silent:  # it was accepted: a follower of the run learns what became of it
            log.warning("The start of run %s is not confirmed yet: %s", run.id, silent)
            return
        if run.status in wire.ENDED_RUN_STATUSES:  # a robot answers 201 to that, and does nothing
            raise RunActionNotAllowed(
                f"Run {run.id} has ended as {after.status} and cannot be started again.", "Create a new run."
            )
        if after.status == "idle":
            raise OutcomeUnknown(
                f"The robot accepted the start of run {run.id}, and still says that it is idle.",
                "Look at the robot and at RunStatus.",
            )

    def stop(self, run_id: str = "", *, force: bool = False, cancelled: Cancellation | None = None) -> RunRecord:
        """Stop a run for good; returns its record when the robot has settled. A run that has ended stays as it is.

        A run that was played is homed, and its tips are dropped into the trash with what they hold. A session of single
        commands is broken off: the command under way ends where it is, and tips stay on.

        Args:
            run_id: empty for the current run, if it is ours.
            force: also another client's run or a session of ours, which must be named.
            cancelled: ends the waiting; the stop is not taken back.

        Raises:
            RobotChanged: another robot answers at the address. A run of it that is named with `force` is stopped all
                the same, since it moves what stands there; the message says what became of it.
            RunNotFound: there is no such run.
            RunActionNotAllowed: it is another client's, and `force` was not given.
            StopTimedOut: the robot has accepted the stop and not settled in time; it may be moving.
            StorageFull: the run has ended, and its record cannot be written down.
            RobotUnreachable: it was not sent.
            OutcomeUnknown: it cannot be established whether the robot has done it.
            RobotRestarted: the robot restarted before it had settled.
            CommandCancelled: the waiting was cancelled.
        """
        if force and run_id and (other := self._ownership.identity.other.value) is not None:
            raise self._stop_on(other, run_id, cancelled)
        self._ownership.identity.require_same()
        run_id = run_id or self._current()
        if not self._is_archived(run_id) and self._post_stop(run_id, force=force, cancelled=cancelled):
            return self._settling.wait(run_id, cancelled or Cancellation())
        record = self._registry.collect(run_id)
        if record is None:  # it has ended, and can have been started again by no one
            raise RobotFaulty(f"Run {run_id} had ended, and the robot now says that it has not.", "Look at the robot.")
        return record

    def break_off(self, run_id: str, cancelled: Cancellation | None = None) -> None:
        """End the run of a session, also while a command is under way; returns when the robot reports its end.

        The first stop of a run that was never played waits for the command under way. A second one ends waits at once
        and a movement after a few of its steps (recorded: doublestop_*); it halts the motors, so that the position is
        lost. It is a request of its own, sent once, and only after the first has been seen to take effect. A run that
        was started meanwhile gets no second stop: the first one ends it, after a wait that is under way in its setup.

        Args:
            run_id: of the run.
            cancelled: ends the waiting once all stops have been sent; none is taken back or left out.

        Raises:
            CommandCancelled: the waiting was cancelled.
            RunNotFound: there is no such run.
            StopTimedOut: it has not ended in time.
            RobotUnreachable: nothing was sent.
            OutcomeUnknown: it cannot be established whether the robot has done it.
        """
        run = self._readable(run_id)
        if run.status in wire.ENDED_RUN_STATUSES:
            return
        self._registry.note_stop(run_id)
        if run.status != "stop-requested":
            self._perform(run, "stop")
        run = self._confirmation.read_until(run_id, lambda run: run.status in wire.ENDED_RUN_STATUSES, FIRST_STOP_S)
        if run.status not in STOPPING_STATUSES:
            run = self._confirmation.read_until(run_id, lambda run: run.status in STOPPING_STATUSES, CONFIRM_WITHIN_S)
        stops = sum(done.action_type == "stop" for done in run.actions)
        again = run.status == "stop-requested" and stops < 2 and not was_played(run)  # noqa: PLR2004
        if again:
            self._perform(run, "stop")
        if run.status not in wire.ENDED_RUN_STATUSES:
            run = self._confirmation.read_until(
                run_id, lambda run: run.status in wire.ENDED_RUN_STATUSES, self._stop_timeout_s, cancelled
            )
        if run.status not in wire.ENDED_RUN_STATUSES:
            if cancelled is not None and cancelled.is_set():
                raise stop_is_sent(run_id)
            raise StopTimedOut(
                f"The robot accepted {'a second' if again else 'the'} stop of run {run_id} and still says that it is "
                f"{run.status}. It may be moving.",
                WAIT_OR_RESTART,
            )
        with contextlib.suppress(RobotUnreachable):  # it has ended; another run may be current now
            self._ownership.refresh()

    def _post_stop(self, run_id: str, *, force: bool, cancelled: Cancellation | None) -> bool:
        """Send the stop; returns False if the run has ended.

        A run of ours is not read before: a robot that is slow to answer gets the stop all the same, and one whose run
        has ended does nothing.
        """
        if self._ownership.purpose_if_readable(run_id) in ("protocol", "worklist"):
            if self._settling.reported(run_id) != "stop-requested":  # else somebody else was first
                self._registry.note_stop(run_id)
            try:
                self._request_log.perform(RunActionRequest(run_id=run_id, action="stop", actions_before=[]))
            except RunActionNotAllowed:  # it is no longer current
                if self._readable(run_id).status not in wire.ENDED_RUN_STATUSES:
                    raise
                return False
        else:
            run = self._readable(run_id)
            self._require_ours(run, force=force)
            if self._ownership.purpose_if_readable(run_id) == "session":
                self.break_off(run_id, cancelled)
                return False
            if run.status in wire.ENDED_RUN_STATUSES:
                return False
            if run.status != "stop-requested":
                self._registry.note_stop(run_id)
                self._perform(run, "stop")
        self._monitor.wake()
        return True

    def _stop_on(self, other: OtherRobot, run_id: str, cancelled: Cancellation | None) -> RobotChanged:
        """Stop a run of another robot; returns the fault that says so: nothing of it is kept here."""
        run = self._readable(run_id)
        if run.status not in wire.ENDED_RUN_STATUSES:
            self._perform(run, "stop")
            run = self._confirmation.read_until(
                run_id, lambda run: run.status in wire.ENDED_RUN_STATUSES, self._stop_timeout_s, cancelled
            )
        return RobotChanged(
            f"{other} Its run {run_id} was asked to stop and is {run.status}. No record of it is kept here.",
            HOW_TO_ACCEPT,
            moved=Movement.UNKNOWN,
        )

    def _is_archived(self, run_id: str) -> bool:
        """Return whether the record of a run is closed, as far as that can be read; not read of the current run."""
        owner = current_run_owner(self._ownership.current.value)
        if isinstance(owner, SessionOwner | RunOwner | ForeignOwner) and owner.run_id == run_id:
            return False
        try:
            return self._registry.is_archived(run_id)
        except (SQLAlchemyError, StorageFull):
            log.exception("Whether run %s is archived cannot be read.", run_id)
            return False

    def _send(self, run_id: str, action: Literal["play", "pause"], plays: int | None = None) -> wire.Run:
        self._ownership.identity.require_same()
        run = self._readable(run_id or self._current())
        if self._ownership.purpose_if_readable(run.id) == "session":
            raise RunNotFound(f"Run {run.id} is a session of atomic commands.", "These can be cancelled, not paused.")
        if action == "pause":
            require_under_way(run)
        else:
            require_resumable(run, plays)
            self._ownership.require_nobody_at_the_app()
        self._perform(run, action)
        return run

    def _perform(self, run: wire.Run, action: Literal["play", "pause", "stop"]) -> None:
        self._request_log.perform(
            RunActionRequest(run_id=run.id, action=action, actions_before=[done.id for done in run.actions])
        )

    def _current(self) -> str:
        """Return the current run, if it is a run of ours that has not ended."""
        owner = current_run_owner(self._ownership.current.value)
        if isinstance(owner, RunOwner):
            return owner.run_id
        view = self._monitor.state.value.run
        if view is not None and view.start.origin == "ThisServer" and view.record is None:
            return view.run_id
        if isinstance(owner, UnknownOwner):
            run_id = self._robot.current_run_id(interrupt=True)
            if run_id is not None and self._ownership.purpose_if_readable(run_id) in ("protocol", "worklist"):
                return run_id
        raise RunNotFound("No run of this server is current.", "Name the run if you mean another one.")

    def _readable(self, run_id: str) -> wire.Run:
        return self._robot.run(run_id, interrupt=True)

    def _require_ours(self, run: wire.Run, *, force: bool) -> None:
        purpose = self._ownership.purpose_if_readable(run.id)
        if purpose == "session" and not force:
            raise RunNotFound(f"Run {run.id} is a session of atomic commands.", "Call CloseSession.")
        if purpose is None and not force and run.status not in wire.ENDED_RUN_STATUSES:
            raise RunActionNotAllowed(
                f"Run {run.id} was started by another client.", "Stop it there, or repeat with Force."
            )
