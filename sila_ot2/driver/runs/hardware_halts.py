"""Whether the robot may halt its hardware, as it does when a run gives way: not while an arm may be inside."""

from __future__ import annotations

from sila_ot2.driver.ownership.handovers import HOW_TO_END, Handovers
from sila_ot2.driver.runs.commands_at_work import CommandsAtWork
from sila_ot2.errors import RunStillActive


class HardwareHalts:
    """One per robot; safe to use from any thread."""

    def __init__(self, handovers: Handovers, commands_at_work: CommandsAtWork) -> None:
        self._handovers = handovers
        self._commands_at_work = commands_at_work

    def require_no_arm(self, run_id: str, *, at_rest: bool) -> None:
        """Return if the robot may halt its hardware, as it does when a run gives way.

        Args:
            run_id: of a run that is idle, has ended or is half-created.
            at_rest: whether it is known that no command is at work in it.

        Raises:
            RunStillActive: a hand-over is pending, and no command is at work.
            RobotUnreachable, RunNotFound, RobotFaulty: one is pending, and the commands of the run cannot be read.
        """
        pending = self._handovers.pending.value
        if pending is None or (not at_rest and self._commands_at_work.is_one_in(run_id)):
            return
        raise RunStillActive(
            f"Nothing moves in run {run_id}. The robot halts its hardware when a run gives way, and an arm may be "
            f"inside: {pending}.",
            HOW_TO_END,
        )
