"""What somebody does at the robot with the Opentrons App: a maintenance run or a calibration session.

The robot names no client of either, and lets both move beside a run of ours (recorded: maint_*, sessions_*). So one
that exists counts as somebody at the robot until it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.errors import RobotBusy
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.concurrent_read import ConcurrentRead

HOW_TO_END_APP_WORK = "End it in the App; if nobody is at the robot, ReleaseRun with Force ends it from here."


@dataclass(frozen=True)
class AppWork:
    """One piece of work of the App."""

    kind: Literal["maintenance run", "calibration session"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def explanation(self) -> str:
        """What people read about it, without a period."""
        return f"Somebody works at the robot with the Opentrons App ({self})"


def read_app_work(robot: RobotClient, *, concurrently: bool = False) -> AppWork | None:
    """Read it from the robot; if there are both, the maintenance run is returned.

    Args:
        robot: read from.
        concurrently: read both at the same time, because somebody waits.

    Raises:
        RobotUnreachable: the robot cannot be read.
    """
    read_sessions = ConcurrentRead(robot.calibration_sessions).result if concurrently else robot.calibration_sessions
    if (run := robot.maintenance_run()) is not None:
        return AppWork("maintenance run", run.id)
    if sessions := read_sessions():
        return AppWork("calibration session", sessions[0].id)
    return None


def require_clearing_allowed(work: AppWork | None) -> None:
    """Return if a run may give way now: nobody works with the Opentrons App, whose hardware would be reset.

    Raises:
        RobotBusy: somebody does. Nothing was done.
    """
    if work is not None:
        raise RobotBusy(
            f"{work.explanation}; when a run gives way, the robot halts and forgets its tips, also those of the App.",
            HOW_TO_END_APP_WORK,
        )
