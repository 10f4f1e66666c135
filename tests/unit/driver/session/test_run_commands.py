"""Following a command of a session until the robot says how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.session.run_commands import RUN_EVERY, RunCommands
from sila_ot2.errors import (
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotFaulty,
    RobotRejected,
    SessionLost,
    UnsupportedByRobot,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import Reason, Unreachable
from tests.fakes.robot_in_memory import BEGIN, command


class RobotAtWork:
    """A command at work, and its run; each is answered as scripted, the last answer again and again."""

    def __init__(self, statuses: list[str], run_status: str) -> None:
        self.statuses = statuses
        self.run_status = run_status
        self.silent: list[Any] = []
        self.completed_at: datetime | None = None

    def command(self, *_: str) -> wire.Command:
        if self.silent:
            self.silent.pop()()
            raise Unreachable("It does not answer.", Reason.TIMED_OUT)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return AT_WORK.model_copy(update={"status": status, "completed_at": self.completed_at})

    def run(self, _: str) -> wire.Run:
        return wire.Run(id="r", status=self.run_status, created_at=BEGIN)


AT_WORK = wire.Command.model_validate(command("moveToWell", status="running"))


def follow(robot: RobotAtWork, cancelled: Cancellation | None = None, *, ended: bool = False) -> wire.Command:
    robot.completed_at = BEGIN if ended else None
    commands = RunCommands(cast(RobotClient, robot), poll_s=0.0)
    return commands.follow("r", AT_WORK, cancelled or Cancellation())


def test_a_command_that_is_long_at_work_in_a_run_that_goes_on_is_followed_to_its_end() -> None:
    robot = RobotAtWork(["running"] * (3 * RUN_EVERY) + ["succeeded"], "running")
    assert follow(robot).status == "succeeded"


def test_a_command_that_ended_with_its_run_has_its_own_end() -> None:
    robot = RobotAtWork(["running"] * RUN_EVERY + ["failed"], "stopped")
    assert follow(robot).status == "failed"


def test_a_command_that_is_at_work_in_a_run_that_has_ended_is_lost() -> None:
    with pytest.raises(SessionLost, match=r"Run r was ended \(stopped\) while moveToWell was at work") as lost:
        follow(RobotAtWork(["running"], "stopped"))
    assert lost.value.moved is Movement.UNKNOWN


def test_a_robot_that_is_silent_is_asked_again_until_somebody_cancels() -> None:
    robot, cancelled = RobotAtWork(["succeeded"], "running"), Cancellation()
    robot.silent = [lambda: None, lambda: None]
    assert follow(robot).status == "succeeded"
    robot.silent = [cancelled.set, lambda: None]
    with pytest.raises(OutcomeUnknown, match="fell silent while moveToWell was at work"):
        follow(robot, cancelled)


def test_a_command_that_ended_with_a_status_of_a_release_to_come_has_an_unknown_outcome() -> None:
    robot = RobotAtWork(["running", "future-succeeded"], "idle")
    with pytest.raises(OutcomeUnknown, match="has ended moveToWell with the status 'future-succeeded'"):
        follow(robot, ended=True)


def test_a_command_at_work_in_an_unknown_way_is_followed_to_its_end() -> None:
    robot = RobotAtWork(["pondering", "pondering", "succeeded"], "running")
    assert follow(robot).status == "succeeded"


def test_a_command_at_work_in_an_unknown_way_can_be_cancelled() -> None:
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(OutcomeUnknown, match="reports the status 'pondering' while moveToWell was at work"):
        follow(RobotAtWork(["pondering"], "running"), cancelled)


@pytest.mark.parametrize("fault", [RobotFaulty, RobotRejected, UnsupportedByRobot])
def test_a_command_that_the_robot_does_not_describe_has_an_unknown_outcome(fault: type[OT2Fault]) -> None:
    def refuse() -> None:
        raise fault("It makes no sense.", moved=Movement.NONE)

    robot = RobotAtWork(["running"], "running")
    robot.silent = [refuse]
    with pytest.raises(OutcomeUnknown, match="How moveToWell ends is not known. It makes no sense.") as unknown:
        follow(robot)
    assert unknown.value.moved is Movement.UNKNOWN
