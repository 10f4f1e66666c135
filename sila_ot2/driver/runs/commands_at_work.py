"""Whether a command is under way in a run that was never played: its status does not say so."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.robot.client import RobotClient


class CommandsAtWork:
    """One per robot; safe to use from any thread, and waits for nobody's turn."""

    def __init__(
        self, robot: RobotClient, ownership: Ownership, turn: Turn, *, session_is_at_work: Callable[[], bool]
    ) -> None:
        """Join it to the parts of the same robot.

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
        """Return whether a command, of whomever, is under way in an idle run.

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
