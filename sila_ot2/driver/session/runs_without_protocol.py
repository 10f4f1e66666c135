"""Runs of this server into which it sends commands itself: of sessions, and of worklists that are queued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sila_ot2.driver.ownership.half_created import clear_half_created
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.request import CreateRunRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class RunsWithoutProtocol:
    """One per robot. Callers hold the turn. Nothing here moves the robot.

    Attributes:
        tips_left_behind: examines runs that have ended for tips that they have left behind.
    """

    def __init__(
        self, robot: RobotClient, request_log: RequestLog, ownership: Ownership, tips_left_behind: TipsLeftBehind
    ) -> None:
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self.tips_left_behind = tips_left_behind

    def create(
        self,
        purpose: Literal["session", "worklist"],
        labware_offsets: Sequence[dict[str, Any]],
        *,
        request_key: str = "",
        request_digest: str = "",
        steps: int = 0,
        tips: int = 0,
    ) -> wire.Run:
        """Create a run without a protocol, which becomes the current one.

        Args:
            purpose: what it is for.
            labware_offsets: those that the run has.
            request_key: as in `CreateRunRequest`.
            request_digest: as there.
            steps: as there.
            tips: as there.

        Raises:
            OT2Fault: as `RequestLog.perform`.
        """
        clear_half_created(self._request_log, self._ownership)
        before = [run.id for run in self._robot.runs().runs]
        request = CreateRunRequest(
            purpose=purpose,
            labware_offsets=list(labware_offsets),
            runs_before=before,
            request_key=request_key,
            request_digest=request_digest,
            steps=steps,
            tips=tips,
        )
        run = self._request_log.perform(request)
        self.tips_left_behind.open(run.id)
        self._ownership.note_run(run)
        return run

    def give_up(self, run_id: str) -> None:
        """Make a run that was never played no longer the current one.

        Raises:
            OT2Fault: as `RequestLog.perform`.
        """
        self._request_log.perform(UncurrentRequest(run_id=run_id))
        self._ownership.refresh()
