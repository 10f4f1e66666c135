"""StopNow in simulation mode: the robot and the simulated one, neither waiting for the other."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.runs.stop_both import stop_both
from sila_ot2.driver.runs.stop_now import StopEffect, StopNow, StopResult
from sila_ot2.errors import RobotUnreachable

WAIT_S = 30.0
NOTHING = StopResult()
STOPPED = StopResult(StopEffect.RUN_STOPPED, "run-1", "Run run-1 has ended.")
RELEASED = StopResult(StopEffect.RUN_RELEASED, "run-2", "Run run-2 was released.")
SILENT = RobotUnreachable("It is off.")


def stopping(outcome: StopResult | Exception, *, before: Any = lambda: None) -> StopNow:
    def stop(*, cancelled: Cancellation) -> StopResult:
        before()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return cast(StopNow, SimpleNamespace(stop=stop))


@pytest.mark.parametrize(
    ("robot", "simulated", "effect", "run_id"),
    [
        (NOTHING, NOTHING, StopEffect.NOTHING_RAN, ""),
        (NOTHING, STOPPED, StopEffect.RUN_STOPPED, "run-1"),
        (RELEASED, STOPPED, StopEffect.RUN_RELEASED, "run-2"),
        (NOTHING, SILENT, StopEffect.NOTHING_RAN, ""),
    ],
)
def test_effect_is_that_on_the_robot_if_there_was_one(
    robot: StopResult, simulated: StopResult | Exception, effect: StopEffect, run_id: str
) -> None:
    result = stop_both(stopping(robot), stopping(simulated), cancelled=Cancellation())
    assert (result.effect, result.run_id) == (effect, run_id)
    assert robot.explanation in result.explanation
    assert (simulated.explanation) in result.explanation  # type: ignore[union-attr]


def test_a_robot_that_cannot_be_stopped_is_an_error() -> None:
    with pytest.raises(RobotUnreachable, match="It is off"):
        stop_both(stopping(SILENT), stopping(STOPPED), cancelled=Cancellation())


def test_neither_waits_for_the_other() -> None:
    together = threading.Barrier(2)
    robot, simulated = (stopping(NOTHING, before=lambda: together.wait(WAIT_S)) for _ in range(2))
    assert stop_both(robot, simulated, cancelled=Cancellation()).effect is StopEffect.NOTHING_RAN
