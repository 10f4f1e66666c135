"""The current run as the robot reports it, read with a bounded number of requests."""

from __future__ import annotations

from dataclasses import dataclass

from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.errors import RunNotFound
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient

READINGS = 4
"""How often a current run that cannot be found is read: it may have been replaced between two requests."""
APART_S = 0.25
"""Between these readings, so that a run that is just being created has the time to appear."""


@dataclass(frozen=True)
class CurrentWork:
    """What the robot reports to be at work."""

    run: wire.Run | None = None
    """The current run."""
    half_created: str = ""
    """A current run that answers 404: releases 8.x leave it behind when the creation of a run fails."""
    app_work: AppWork | None = None
    """What the Opentrons App does beside the current run."""


def read_current_run(robot: RobotClient, *, apart_s: float = APART_S) -> CurrentWork:
    """Ask the robot for its current run; a run that is named and cannot be found counts as half-created.

    Raises:
        RobotUnreachable: the robot cannot be read.
    """

    def read() -> CurrentWork:
        run_id = robot.current_run_id()
        if run_id is None:
            return CurrentWork()
        try:
            return CurrentWork(robot.run(run_id))
        except RunNotFound:  # replaced between the two requests, being created, or half-created
            return CurrentWork(half_created=run_id)

    return ask_until(read, lambda work: not work.half_created, every_s=apart_s, at_most=READINGS)
