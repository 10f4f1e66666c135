"""Slow is not lost: a robot that has a reason to be silent stays in contact, for a stated time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2.driver.monitor.reachability import ContactProblem, Reachability
from sila_ot2.driver.monitor.slowness import LONG_RUN, LONGEST_WITHOUT_ANSWER_S, Slowness
from sila_ot2.robot.reachability import Reason, Unreachable

SILENT = Unreachable("no answer", Reason.TIMED_OUT)
REFUSED = Unreachable("refused", Reason.REFUSED)


class SlowRobot:
    """A robot, and the time since its last answer."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.robot: Any = SimpleNamespace(answered_at=1000.0, has_changes_under_way=False)
        self.slowness = Slowness(cast(Any, self.robot), monotonic=lambda: self.now_s)
        self.reachability = Reachability(self.slowness.is_expected)
        with self.reachability.asking():
            pass

    def lose(self, fault: Unreachable, after_s: float) -> ContactProblem:
        self.now_s = self.robot.answered_at + after_s
        self.reachability.lose(fault)
        return self.reachability.contact.value.problem


@pytest.fixture
def robot() -> SlowRobot:
    return SlowRobot()


def test_silence_without_a_reason_is_a_loss(robot: SlowRobot) -> None:
    assert robot.lose(SILENT, after_s=3) is ContactProblem.TIMED_OUT


def test_silence_while_a_request_of_ours_waits_is_slowness_for_a_stated_time(robot: SlowRobot) -> None:
    robot.robot.has_changes_under_way = True
    assert robot.lose(SILENT, after_s=LONGEST_WITHOUT_ANSWER_S - 1) is ContactProblem.NONE
    assert robot.lose(SILENT, after_s=LONGEST_WITHOUT_ANSWER_S + 1) is ContactProblem.TIMED_OUT


def test_silence_at_the_end_of_a_long_run_is_slowness(robot: SlowRobot) -> None:
    robot.slowness.note_run(LONG_RUN)
    assert robot.lose(SILENT, after_s=15) is ContactProblem.NONE
    robot.slowness.note_run(3)
    assert robot.lose(SILENT, after_s=15) is ContactProblem.TIMED_OUT


def test_a_refusal_does_not_count_as_a_slow_answer(robot: SlowRobot) -> None:
    robot.robot.has_changes_under_way = True
    assert robot.lose(REFUSED, after_s=1) is ContactProblem.REFUSED


def test_robot_that_was_out_of_reach_is_not_slow(robot: SlowRobot) -> None:
    assert robot.lose(REFUSED, after_s=1) is ContactProblem.REFUSED
    robot.robot.has_changes_under_way = True
    assert robot.lose(SILENT, after_s=1) is ContactProblem.TIMED_OUT
