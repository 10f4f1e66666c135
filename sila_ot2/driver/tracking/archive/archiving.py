"""Runs that ended while nobody followed them: archived one after the other."""

from __future__ import annotations

from collections import deque

from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.errors import RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient


class ArchiveBacklog:
    """One per robot; used by the one thread that reads the robot."""

    def __init__(self, robot: RobotClient, registry: RunRegistry) -> None:
        self._robot = robot
        self._registry = registry
        self._run_ids: deque[str] | None = None
        """Runs still to be archived; None: the robot has not been asked which there are."""

    def search_again(self) -> None:
        """Ask the robot at the next step which runs are to be archived: a run has ended, or the robot is back."""
        self._run_ids = None

    def archive_one(self) -> bool:
        """Bring one run nearer to the archive; returns whether there is more to do at once.

        Raises:
            RobotUnreachable: the next call goes on.
        """
        if self._run_ids is None:
            self._run_ids = deque(self._unarchived())
        if not self._run_ids:
            return False
        run_id = self._run_ids[0]
        try:
            run = self._robot.run(run_id)
        except RunNotFound:
            self._registry.lose(run_id)
            self._run_ids.popleft()
            return bool(self._run_ids)
        if run.current or run.status not in wire.ENDED_RUN_STATUSES or self._registry.follow(run).record is not None:
            self._run_ids.popleft()
        return bool(self._run_ids)

    def _unarchived(self) -> list[str]:
        current = self._robot.runs()
        ended = [
            run.id for run in current.runs if run.status in wire.ENDED_RUN_STATUSES and run.id != current.current_id
        ]
        unfinished = [run_id for run_id in self._registry.unfinished() if run_id != current.current_id]
        return [run_id for run_id in dict.fromkeys([*unfinished, *ended]) if not self._registry.is_archived(run_id)]
