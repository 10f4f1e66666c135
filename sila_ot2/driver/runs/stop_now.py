"""StopNow: latches the safety stop, then stops what is at work on the robot, also the work of other clients.

It does not wait for the turn, and its requests have connections of their own. It is a request to the robot's software,
not an emergency stop.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from enum import Enum

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.app_work import read_app_work
from sila_ot2.driver.ownership.owner import RunOwner, current_run_owner
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotBusy,
    RobotUnreachable,
    RunActionNotAllowed,
    RunNotFound,
    RunStillActive,
    TipAlreadyAttached,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)

LOOKS = 5
"""How many runs, one after the other, are stopped at most: one may be started while another is stopped."""


class StopEffect(str, Enum):
    """What StopNow found to do."""

    NOTHING_RAN = "NothingRan"
    RUN_STOPPED = "RunStopped"
    RUN_RELEASED = "RunReleased"
    SESSION_BROKEN_OFF = "SessionBrokenOff"


@dataclass(frozen=True)
class StopResult:
    """What became of a StopNow."""

    effect: StopEffect = StopEffect.NOTHING_RAN
    run_id: str = ""
    explanation: str = "Nothing was at work on the robot."


class StopNow:
    """One per robot; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        safety_stop: SafetyStop,
        request_log: RequestLog,
        ownership: Ownership,
        actions: RunActions,
        tips_left_behind: TipsLeftBehind,
        monitor: Monitor,
        commands_at_work: CommandsAtWork,
    ) -> None:
        self._robot = robot
        self._safety_stop = safety_stop
        self._request_log = request_log
        self._ownership = ownership
        self._actions = actions
        self._tips_left_behind = tips_left_behind
        self._monitor = monitor
        self._commands_at_work = commands_at_work

    def stop(self, *, cancelled: Cancellation | None = None) -> StopResult:
        """Latch the safety stop and stop what is at work; returns when the robot has settled.

        A run that was played is stopped like by StopRun: the robot homes and drops its tips into the trash. A session
        in which a command is at work is broken off. A run that was only created is released.

        Args:
            cancelled: ends the waiting; neither the latch nor a stop is taken back.

        Raises:
            RobotUnreachable: the stop is latched, and nothing could be sent to the robot, which may be moving.
            StopTimedOut, OutcomeUnknown, RobotRestarted: the stop is latched, and was sent; as the message says.
            RobotChanged: another robot answers; a run of it that was active is stopped all the same.
            CommandCancelled: the waiting was cancelled.
        """
        self._safety_stop.latch()
        keeping = threading.Thread(target=self._safety_stop.keep, name="safety stop", daemon=True)
        try:
            keeping.start()  # the stop waits neither for the disk nor for subscribers
        except RuntimeError:
            log.exception("The safety stop is written down and shown only after the stop.")
        cancelled = cancelled or Cancellation()
        stopped: list[StopResult] = []
        try:
            self._stop_known_run(stopped, cancelled)
            self._stop_current_runs(stopped, cancelled)
        except RobotUnreachable as silent:
            before = "The safety stop is latched, but the robot cannot be asked to stop."
            if stopped:
                before = f"The safety stop is latched. {stopped[-1].explanation} What is at work now cannot be read."
            raise RobotUnreachable.of(silent, before=before, moved=Movement.UNKNOWN) from silent
        finally:
            self._safety_stop.keep()  # it is kept when this returns
            self._monitor.wake()
            with contextlib.suppress(OT2Fault):
                self._ownership.refresh()
                self._ownership.identity.require_same()
                self._tips_left_behind.examine()
        return self._with_app_work(stopped[-1] if stopped else StopResult())

    def _stop_known_run(self, stopped: list[StopResult], cancelled: Cancellation) -> None:
        """Stop the run of ours that was seen at work last, before anything is read."""
        owner = current_run_owner(self._ownership.current.value)
        if not isinstance(owner, RunOwner) or owner.status == "idle":
            return
        with contextlib.suppress(RunNotFound, RunActionNotAllowed):  # it has ended or was replaced: what is now is read
            stopped.append(self._stopped(owner.run_id, cancelled))

    def _stop_current_runs(self, stopped: list[StopResult], cancelled: Cancellation) -> None:
        for _ in range(LOOKS):
            run = self._current_run()
            if run is None or run.status in wire.ENDED_RUN_STATUSES:
                return
            try:
                one = self._stop_run(run, cancelled)
            except (RunNotFound, RunActionNotAllowed, RunStillActive) as changed:  # it was started, or has ended
                log.info("Run %s has changed while it was to be stopped: %s", run.id, changed)
                continue
            except (TipAlreadyAttached, RobotBusy) as stays:  # the robot would halt the App or forget a tip
                log.warning("Run %s is not released; the latch keeps new starts away: %s", run.id, stays)
                if self._commands_at_work.stays_idle(run.id, cancelled):
                    return
                continue
            if one is None:
                return
            stopped.append(one)
        raise OutcomeUnknown(
            f"The safety stop is latched. The current run of the robot has changed {LOOKS} times while it was to be "
            f"stopped.",
            "Look at the robot, then call StopNow again.",
        )

    def _stop_run(self, run: wire.Run, cancelled: Cancellation) -> StopResult | None:
        """Stop a run that has not ended; None if nothing is at work in it and it may stay."""
        if run.status != "idle":
            return self._stopped(run.id, cancelled)
        if self._ownership.purpose_if_readable(run.id) in ("protocol", "worklist"):
            self._tips_left_behind.require_no_tip(run)
            try:
                self._request_log.perform(UncurrentRequest(run_id=run.id))
            except RunStillActive:
                if self._robot.run(run.id, interrupt=True).status == "idle":
                    return self._broken_off(run.id, cancelled)
                raise
            text = f"Run {run.id}, which waited to be started, was released. Nothing had moved in it."
            return StopResult(StopEffect.RUN_RELEASED, run.id, text)
        return self._broken_off(run.id, cancelled) if self._is_at_work(run.id) else None

    def _broken_off(self, run_id: str, cancelled: Cancellation) -> StopResult:
        self._actions.break_off(run_id, cancelled)
        text = (
            f"The command under way in run {run_id} was broken off. The robot's position is lost, and what the "
            f"pipettes hold is not known."
        )
        return StopResult(StopEffect.SESSION_BROKEN_OFF, run_id, text)

    def _stopped(self, run_id: str, cancelled: Cancellation) -> StopResult:
        record = self._actions.stop(run_id, force=True, cancelled=cancelled)
        return StopResult(
            StopEffect.RUN_STOPPED,
            run_id,
            f"Run {run_id} has ended as {record.result} after {record.succeeded_commands} commands.",
        )

    def _current_run(self) -> wire.Run | None:
        try:
            run_id = self._robot.current_run_id(interrupt=True)
            return self._robot.run(run_id, interrupt=True) if run_id is not None else None
        except RunNotFound:  # half-created: nothing runs in it
            return None

    def _is_at_work(self, run_id: str) -> bool:
        """Return whether a command is under way in a run that was never played, as far as it can be established."""
        try:
            return self._commands_at_work.is_one_in(run_id)
        except OT2Fault as unread:
            log.warning("Whether a command is at work in run %s cannot be read: %s", run_id, unread)
            return True

    def _with_app_work(self, result: StopResult) -> StopResult:
        """Say what cannot be stopped from here."""
        try:
            work = read_app_work(self._robot)
        except OT2Fault as unread:
            text = f"Whether somebody works at the robot with the Opentrons App cannot be read: {unread}"
        else:
            if work is None:
                return result
            text = f"{work.explanation}, which cannot be stopped from here."
        return StopResult(result.effect, result.run_id, f"{result.explanation} {text}")
