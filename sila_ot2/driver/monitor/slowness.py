"""When a robot that gives no answer is taken to be slow, not lost.

A robot-server answers nothing while it creates a run (38 s were seen), and stands still for up to 15 s at the end of a
run of some thousand commands (measured on 8.1.0). Otherwise a robot that does not answer is out of reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sila_ot2.robot.client import RobotClient

LONG_RUN = 500
"""Commands from which on a run makes the robot-server slow."""
LONGEST_WITHOUT_ANSWER_S = 40.0
"""How long a robot that may be slow can give no answer before it counts as out of reach."""


class Slowness:
    """One per robot."""

    def __init__(self, robot: RobotClient, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._robot = robot
        self._monotonic = monotonic
        self._run_is_long = False

    def note_run(self, commands: int) -> None:
        """Note how many commands of the current run have ended."""
        self._run_is_long = commands >= LONG_RUN

    def is_expected(self) -> bool:
        """Return whether the robot has a reason not to answer, and has not been without answer for too long."""
        without_answer_s = self._monotonic() - self._robot.answered_at
        return without_answer_s < LONGEST_WITHOUT_ANSWER_S and (self._run_is_long or self._robot.has_changes_under_way)
