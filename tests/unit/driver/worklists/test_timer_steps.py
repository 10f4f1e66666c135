"""Timers of worklists: what is asked of the robot, what this server waits for itself, and what is refused."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType, ModuleType
from typing import Any

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans import module_plans
from sila_ot2.driver.deck.plans import timers as deck_timers
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.session import driver_waits
from sila_ot2.driver.session.driver_waits import DriverWaits
from sila_ot2.driver.tracking.steps import step_times
from sila_ot2.driver.tracking.steps.step_times import StepTimes
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.worklist import plan_of, read
from sila_ot2.errors import CommandCancelled, ParameterInvalid, WorklistInvalid
from sila_ot2.robot import wire
from sila_ot2.robot.releases import release_of


def plan(*steps: tuple[str, str, float | None]) -> list[PlannedCommand]:
    rows = [
        {"Command": command, **({"Timer": timer} if timer else {}), **({} if s is None else {"Duration": s})}
        for command, timer, s in steps
    ]
    return list(plan_of(read(json.dumps(rows).encode(), "json"), release_of("9.0.0"))(DeckState()))


START, WAIT = ("StartTimer", "lysis", 600.0), ("WaitForTimer", "lysis", None)


def test_a_timer_is_a_task_of_the_robot() -> None:
    assert [(one.command_type, one.params) for one in plan(START, ("Home", "", None), WAIT)] == [
        ("createTimer", {"time": 600.0, "task_id": "worklist-timer:lysis"}),
        ("home", {}),
        ("waitForTasks", {"task_ids": ["worklist-timer:lysis"]}),
    ]
    plan(START, WAIT, START, WAIT)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([WAIT], r"Line 1.*No earlier step starts the timer lysis"),
        ([("StartTimer", "wash", 1.0), WAIT, START], r"step 2.*No earlier step starts the timer lysis"),
        ([START, START], r"step 2.*lysis is started a second time"),
        ([("StartTimer", "a b", 1.0)], "Timer"),
        ([("StartTimer", "a" * 41, 1.0)], "Timer"),
        ([("StartTimer", "", 1.0)], "Timer"),
        ([("StartTimer", "a", None)], "Duration"),
        ([("StartTimer", "a", -1.0)], "Duration"),
        ([("StartTimer", "a", 86_401.0)], "Duration"),
        ([START, ("WaitForTimer", "lysis", 3.0)], "Duration"),
    ],
)
def test_a_timer_that_makes_no_sense_is_refused_with_its_place(steps: list[Any], message: str) -> None:
    with pytest.raises((ParameterInvalid, WorklistInvalid), match=message):
        plan(*steps)


def operations(work: Callable[[], object], module: ModuleType) -> int:
    """How many instructions of a module some work takes."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if frame.f_code.co_filename != module.__file__:
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def timers(number: int) -> list[tuple[str, str, float | None]]:
    """Return so many timers that run at the same time, and then one wait for each."""
    names = [f"t{each}" for each in range(number)]
    return [*(("StartTimer", name, 600.0) for name in names), *(("WaitForTimer", name, None) for name in names)]


@pytest.mark.parametrize("module", [deck_timers, module_plans, worklist])
def test_twice_as_many_timers_are_planned_with_twice_the_work(module: ModuleType) -> None:
    few, many = (operations(partial(plan, *timers(number)), module) for number in (20, 40))
    assert 0 < many < 2.2 * few


def test_twice_as_many_timers_are_kept_with_twice_the_work() -> None:
    def perform(number: int) -> None:
        waits = DriverWaits()
        for command in plan(*timers(number))[:number]:
            waits.perform(command, DeckState(), Cancellation(), lambda: None)

    few, many = (operations(partial(perform, number), driver_waits) for number in (20, 40))
    assert 0 < many < 2.2 * few


class WaitingClock:
    """The time of this server; waiting lets it pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        self.waited: list[float] = []
        monkeypatch.setattr(time, "monotonic", lambda: self.now_s)
        monkeypatch.setattr(driver_waits, "wait", self._wait)
        self.waits = DriverWaits()

    def _wait(self, duration_s: float, *, cancelled: Cancellation, **_: Any) -> None:
        if cancelled.is_set():
            raise CommandCancelled("simulated")
        self.waited.append(duration_s)
        self.now_s += max(duration_s, 0.0)

    def perform(self, command: PlannedCommand, cancelled: Cancellation | None = None) -> bool:
        return self.waits.perform(command, DeckState(), cancelled or Cancellation(), lambda: None)


def test_step_by_step_this_server_counts_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = WaitingClock(monkeypatch)
    start, wait = plan(START, WAIT)
    assert clock.perform(start)
    assert clock.waited == []
    clock.now_s += 400.0
    assert clock.perform(wait)
    assert clock.waited == [200.0]
    assert clock.perform(start)
    clock.now_s += 700.0
    assert clock.perform(wait)
    assert clock.waited[-1] < 0, "it has ended, and is not waited for"
    assert clock.perform(start)
    cancelled = Cancellation()
    cancelled.set()
    with pytest.raises(CommandCancelled):
        clock.perform(wait, cancelled)


def test_timers_that_have_ended_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = WaitingClock(monkeypatch)
    for number in range(50):
        clock.perform(PlannedCommand("createTimer", {"time": 5.0, "task_id": f"worklist-timer:{number}"}))
        clock.now_s += 1.0
    assert len(clock.waits._timers) == 5


def test_a_raw_timer_is_left_to_the_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    for params in ({"time": 5.0}, {"time": 5.0, "task_id": "mine"}):
        assert not WaitingClock(monkeypatch).perform(PlannedCommand("createTimer", params))


def test_the_remaining_time_of_a_run_knows_how_long_its_timers_still_run() -> None:
    times = StepTimes()

    def expected_s(command_type: str, result: dict[str, Any] | None = None, **params: Any) -> float:
        return times.expected_s(
            wire.Command(id="c", command_type=command_type, status="queued", params=params, result=result)
        )

    expected_s("createTimer", time=60.0, task_id="a")
    expected_s("createTimer", result={"task_id": "made-up"}, time=600.0)
    expected_s("waitForDuration", seconds=20.0)
    assert expected_s("waitForTasks", task_ids=["a"]) == pytest.approx(40.0, abs=1.0)
    assert expected_s("waitForTasks", task_ids=["a", "made-up"]) == pytest.approx(540.0, abs=1.0)
    assert expected_s("waitForTasks", task_ids=["a", "unknown"]) == 0
    assert expected_s("waitForTasks", task_ids=None) == 0


def test_twice_as_many_timers_are_estimated_with_twice_the_work() -> None:
    def estimate(number: int) -> None:
        times = StepTimes()
        for one in plan(*timers(number)):
            times.expected_s(
                wire.Command(id="c", command_type=one.command_type, status="queued", params=dict(one.params))
            )

    few, many = (operations(partial(estimate, number), step_times) for number in (20, 40))
    assert 0 < many < 2.2 * few
