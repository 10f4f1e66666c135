"""Runs that are given up before they were started, and runs that are deleted."""

from __future__ import annotations

import contextlib
import logging

from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import DeleteRunRequest, UncurrentRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.left_behind.unended_waits import UnendedWaits
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.errors import OT2Fault, RunStillActive
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)


class RunRemoval:
    """One per robot. Callers hold the turn. Nothing here moves the robot."""

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        monitor: Monitor,
        registry: RunRegistry,
        tips_left_behind: TipsLeftBehind,
        unended_waits: UnendedWaits,
    ) -> None:
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self._monitor = monitor
        self._registry = registry
        self._tips_left_behind = tips_left_behind
        self._unended_waits = unended_waits

    def give_up(self, run_id: str) -> None:
        """Make a run that was created here and never started no longer the current one; nothing moves.

        Raises:
            TipAlreadyAttached: another client has picked up a tip in it, which the robot would forget.
        """
        self.end_unplayed(self._robot.run(run_id))
        self._ownership.refresh()
        self._monitor.wake()
        with contextlib.suppress(OT2Fault):  # it is released; the monitor examines it otherwise
            self._tips_left_behind.examine()

    def end_unplayed(self, run: wire.Run) -> None:
        """Make a run that was never played no longer the current one, if it holds no tip.

        Raises:
            TipAlreadyAttached: it holds one, which the robot would forget.
            OT2Fault: as `RequestLog.perform`.
        """
        self.require_no_tip(run)
        self._request_log.perform(UncurrentRequest(run_id=run.id))

    def require_no_tip(self, run: wire.Run) -> None:
        """Return if a run that was never played holds no tip.

        Raises:
            TipAlreadyAttached: it holds one, which the robot would forget.
            OT2Fault: its commands cannot be read.
        """
        self._tips_left_behind.require_no_tip(run)

    def note_release(self, run_id: str) -> None:
        """Take in that a run has given way; returns when clients see it.

        Raises:
            RobotUnreachable: the robot cannot be read.
        """
        self._ownership.refresh()
        self._monitor.show(lambda view: view is None or view.run_id != run_id)
        with contextlib.suppress(OT2Fault):  # it is released; the monitor examines it otherwise
            self._tips_left_behind.examine()

    def give_up_if_unplayed(self, run_id: str) -> None:
        """Leave no run behind that waits for a start which was refused."""
        try:
            run = self._robot.run(run_id)
            if run.current and run.status == "idle" and not was_played(run):
                self.give_up(run_id)
        except OT2Fault as left:
            log.warning("Run %s, which was not started, is left on the robot: %s", run_id, left)

    def delete(self, run_id: str) -> None:
        """Delete a run that has ended from the robot; its record stays in the archive of this server.

        Raises:
            RunNotFound: the robot does not have it.
            RunStillActive: it has not ended, or it was aborted and a wait goes on in it.
            RobotChanged: another robot answers at the address.
        """
        self._ownership.identity.ask()
        run = self._robot.run(run_id)
        if run.status not in wire.ENDED_RUN_STATUSES and run.current:
            raise RunStillActive(f"Run {run_id} is {run.status}.", "Stop or release it first.")
        self._registry.collect(run_id)
        self._tips_left_behind.examine()
        self._unended_waits.require_ended(run_id)
        self._request_log.perform(DeleteRunRequest(run_id=run_id))
        self._ownership.refresh()
        self._monitor.show(lambda view: view is None or view.run_id != run_id)
