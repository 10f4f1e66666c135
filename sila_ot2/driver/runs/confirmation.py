"""What the robot makes of an action that it has accepted: its answer confirms nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.errors import OutcomeUnknown, RobotFaulty, RobotUnreachable
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

LOOK_EVERY_S = 0.05
SILENT_FOR_S = 2.0
"""How long a robot that has accepted an action may be unreadable before its outcome is called unknown."""


class Confirmation:
    """One per robot."""

    def __init__(self, robot: RobotClient, monitor: Monitor) -> None:
        self._robot = robot
        self._monitor = monitor

    def read_until(
        self, run_id: str, done: Callable[[wire.Run], bool], within_s: float, cancelled: Cancellation | None = None
    ) -> wire.Run:
        """Read the run until `done`, or until the time is up; then return it as it is.

        Args:
            run_id: which one.
            done: what is waited for.
            within_s: how long at most.
            cancelled: ends the waiting, as if the time were up.

        Raises:
            OutcomeUnknown: the robot cannot be read.
        """
        give_up_at = time.monotonic() + within_s
        silent_since: float | None = None

        def read() -> wire.Run | None:
            nonlocal silent_since
            try:
                run = self._robot.run(run_id, interrupt=True)
            except (RobotUnreachable, RobotFaulty) as silent:
                silent_since = silent_since or time.monotonic()
                if time.monotonic() - silent_since > SILENT_FOR_S:
                    raise OutcomeUnknown(
                        f"The robot has accepted the action for run {run_id} and cannot be read since: "
                        f"{silent.explanation}",
                        "Look at the robot.",
                    ) from silent
                return None
            silent_since = None
            is_over = time.monotonic() > give_up_at or (cancelled is not None and cancelled.is_set())
            return run if done(run) or is_over else None

        run = ask_until(read, lambda run: run is not None, every_s=LOOK_EVERY_S)
        assert run is not None  # noqa: S101 - it is asked for until it is there
        self._monitor.wake()
        return run

    def await_published(self, run_id: str, confirmed: Callable[[str], bool]) -> None:
        """Wait until who reads the status sees what the robot has confirmed; not for long if the monitor hangs."""
        self._monitor.show(lambda view: view is None or view.run_id != run_id or confirmed(view.robot_status))
