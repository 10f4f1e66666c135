"""The commands of a run, read from the robot: each is followed to its end, also if the connection is lost."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Container, Iterator

from sila_ot2.driver.deck.state.deck_state import NEEDS_RESULT
from sila_ot2.errors import (
    CommandNotFound,
    Movement,
    OutcomeUnknown,
    RobotFaulty,
    RobotRejected,
    RobotRestarted,
    RobotUnreachable,
    RunNotFound,
    SessionLost,
    UnsupportedByRobot,
)
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.pages import pages

OPEN_ANOTHER = "Look at the robot, then open a new session, which homes."
AT_WORK = frozenset({"queued", "running"})
PAGE = 200
"""Commands read in one page of a run's log."""
RUN_EVERY = 5
"""Readings of a command at work after which its run is looked at, too."""


class RunCommands:
    """One per robot; reads alone."""

    def __init__(self, robot: RobotClient, *, poll_s: float = 0.2) -> None:
        """Connect it to its robot; `poll_s` is the pause between readings of a command at work."""
        self._robot = robot
        self._poll_s = poll_s

    def follow(
        self,
        run_id: str,
        command: wire.Command,
        cancelled: threading.Event,
        *,
        at_work: Callable[[], None] = lambda: None,
    ) -> wire.Command:
        """Return the command when it has ended; a robot that does not answer is read again until somebody cancels.

        Raises:
            RobotRestarted: the robot no longer knows it.
            SessionLost: its run was ended; a wait that was broken off stays listed as running for ever.
            OutcomeUnknown: it has ended with a status that this server does not know, or the robot does not describe it
                in a form that makes sense; or cancelled while the robot does not answer, or reports such a status.
        """
        if command.status in wire.ENDED_COMMAND_STATUSES:
            return command
        newest, numbers = command, itertools.count(1)
        silent: RobotUnreachable | None = None

        def read() -> wire.Command:
            nonlocal newest, silent
            silent = None
            try:
                newest = self._robot.command(run_id, command.id)
                if next(numbers) % RUN_EVERY == 0 and newest.status not in wire.ENDED_COMMAND_STATUSES:
                    newest = self._read_as_run_ends(run_id, newest)
            except RobotUnreachable as fault:
                silent = fault
            except (CommandNotFound, RunNotFound) as forgotten:
                raise RobotRestarted(
                    f"The robot restarted while {command.command_type} was at work, and has forgotten it. It may "
                    f"have been carried out in part; what the pipettes hold is not known.",
                    OPEN_ANOTHER,
                ) from forgotten
            except (RobotFaulty, RobotRejected, UnsupportedByRobot) as fault:
                raise OutcomeUnknown.of(
                    fault,
                    before=f"How {command.command_type} ends is not known.",
                    moved=Movement.UNKNOWN,
                    remedy="Look at the robot; it may be moving.",
                ) from fault
            return newest

        def pause(seconds: float) -> None:
            if silent is None:
                at_work()
            if silent is None and newest.status in AT_WORK:
                threading.Event().wait(seconds)
            elif cancelled.wait(seconds):
                raise OutcomeUnknown(
                    f"The robot {'fell silent' if silent else f'reports the status {newest.status!r}'} while "
                    f"{command.command_type} was at work, and the command was cancelled: how it ends is not known. "
                    f"Nothing further is sent until {'it answers' if silent else 'that is known'}.",
                    "Look at the robot; it may be moving.",
                ) from silent

        ended = ask_until(read, _has_ended, every_s=self._poll_s, sleep=pause)
        if ended.status not in wire.ENDED_COMMAND_STATUSES:
            raise OutcomeUnknown(
                f"The robot has ended {ended.command_type} with the status {ended.status!r}, which this server does "
                f"not know: what became of it is not known.",
                "Look at the robot, then close the session. This server may not know the release of its software.",
            )
        return ended

    def _read_as_run_ends(self, run_id: str, command: wire.Command) -> wire.Command:
        """Read a command at work once more if its run has ended.

        Raises:
            SessionLost: the run has ended, and the command has not.
        """
        run = self._robot.run(run_id)
        if run.status not in wire.ENDED_RUN_STATUSES:
            return command
        command = self._robot.command(run_id, command.id)
        if command.status in wire.ENDED_COMMAND_STATUSES:
            return command
        raise SessionLost(
            f"Run {run_id} was ended ({run.status}) while {command.command_type} was at work. It may have been carried "
            f"out in part; where the gantry stands and what the pipettes hold is not known.",
            OPEN_ANOTHER,
            moved=Movement.UNKNOWN,
        )

    def log(
        self, run_id: str, cursor: int = 0, *, known: Container[str] = frozenset(), results: bool = True
    ) -> Iterator[wire.Command]:
        """Read the run's commands, oldest first; those that the deck state needs the result of with it.

        Args:
            run_id: whose commands.
            cursor: how many are left out at the beginning.
            known: ids of commands whose result is not needed.
            results: False leaves all results out, which costs a request for each.
        """
        for new in pages(lambda cursor: self._robot.commands(run_id, cursor=cursor, page_length=PAGE), cursor):
            for command in new:
                wanted = results and command.command_type in NEEDS_RESULT and command.status == "succeeded"
                yield self._robot.command(run_id, command.id) if wanted and command.id not in known else command


def _has_ended(command: wire.Command) -> bool:
    """Return whether a command has ended, if only in a way of a release to come."""
    return command.status in wire.ENDED_COMMAND_STATUSES or (
        command.status not in AT_WORK and command.completed_at is not None
    )
