"""Whether a command is under way, or about to be, in a run that was never played: its status does not show it."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.errors import CommandCancelled
from sila_ot2.robot.client import RobotClient

LOOKS_FOR_START = 50
LOOK_EVERY_S = 0.2
"""How often, and how far apart, a run that cannot be released is read while a start of it may be on its way."""


class CommandsAtWork:
    """One per robot; safe to use from any thread, and waits for nobody's turn."""

    def __init__(
        self, robot: RobotClient, ownership: Ownership, turn: Turn, *, session_is_at_work: Callable[[], bool]
    ) -> None:
        """Connect it to the parts of the same robot.

        Args:
            robot: read from.
            ownership: whether a run is a session of ours.
            turn: whether a command of ours is at work.
            session_is_at_work: whether that command is at work in the session.
        """
        self._robot = robot
        self._ownership = ownership
        self._turn = turn
        self._session_is_at_work = session_is_at_work

    def is_one_in(self, run_id: str) -> bool:
        """Return whether a command of any client is under way in an idle run.

        Raises:
            RobotUnreachable, RunNotFound, RobotFaulty: the commands of the run cannot be read.
        """
        if (
            self._turn.is_reserved
            and self._ownership.purpose_if_readable(run_id) == "session"
            and self._session_is_at_work()
        ):
            return True  # its command may still be on its way to the robot
        newest = self._robot.commands(run_id, cursor=0, page_length=0, interrupt=True).current
        if newest is None:
            return False
        page = self._robot.commands(run_id, cursor=newest.command_index, page_length=10, interrupt=True)
        return any(command.status in ("queued", "running") for command in page.commands)

    def stays_idle(self, run_id: str, cancelled: Cancellation) -> bool:
        """Return whether an idle run stays so: the safety stop does not hold back a start that is on its way.

        Raises:
            CommandCancelled: waiting for such a start was cancelled.
            RobotUnreachable, RunNotFound, RobotFaulty: the run cannot be read.
        """
        for _ in range(LOOKS_FOR_START):
            may_start = self._turn.is_reserved
            if self._robot.run(run_id, interrupt=True).status != "idle":
                return False
            if not may_start:
                break
            if cancelled.wait(LOOK_EVERY_S):
                raise CommandCancelled("The safety stop is latched; waiting for the robot was cancelled.")
        return True
