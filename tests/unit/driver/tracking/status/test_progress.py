"""Progress and remaining time: never backwards without a cause, and 1.0 at the end only."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sila_ot2.driver.tracking.status.progress import RunClock
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.steps.step_times import StepTimes, model_steps
from sila_ot2.robot import wire


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def clock(*steps_s: float, learned: bool = True) -> tuple[RunClock, Time]:
    time = Time()
    return RunClock(array("f", steps_s), learned=learned, monotonic=time), time


@pytest.mark.slow
@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=20),
    st.lists(st.tuples(st.floats(0, 30), st.integers(0, 3), st.booleans()), max_size=40),
    st.booleans(),
)
def test_neither_goes_backwards(steps_s: list[float], history: list[tuple[float, int, bool]], learned: bool) -> None:
    run, time = clock(*steps_s, learned=learned)
    completed = 0
    for passed_s, ended, paused in history:
        time.now += passed_s
        completed += ended
        before = run.progress, run.remaining_s
        run.observe(completed, RunStatus.PAUSED if paused else RunStatus.RUNNING)
        assert run.progress >= before[0]
        assert run.remaining_s is not None
        assert before[1] is None or run.remaining_s <= before[1] + 1e-3
        assert run.progress < 1.0
    run.observe(completed, RunStatus.SUCCEEDED)
    assert (run.progress, run.remaining_s) == (1.0, 0.0)


def test_pause_stops_the_clock() -> None:
    run, time = clock(10, 10)
    run.observe(0, RunStatus.RUNNING)
    time.now += 4
    run.observe(0, RunStatus.RUNNING)
    assert run.remaining_s == pytest.approx(16)
    time.now += 1000
    run.observe(0, RunStatus.PAUSED)
    assert run.remaining_s == pytest.approx(16)
    time.now += 2
    run.observe(0, RunStatus.RUNNING)
    assert run.remaining_s == pytest.approx(14)


def test_step_seen_late_has_been_at_work_since_the_one_before_ended() -> None:
    run, time = clock(10, 10)
    run.observe(0, RunStatus.RUNNING)
    time.now += 10.3
    run.observe(1, RunStatus.RUNNING)
    assert run.remaining_s == pytest.approx(9.7)


def test_step_after_one_that_took_longer_is_not_taken_to_be_old() -> None:
    run, time = clock(10, 10)
    run.observe(0, RunStatus.RUNNING)
    time.now += 15
    run.observe(1, RunStatus.RUNNING)
    assert run.remaining_s == pytest.approx(9.5)


def test_step_that_takes_longer_than_expected_holds_the_figures() -> None:
    run, time = clock(10, 10)
    run.observe(0, RunStatus.RUNNING)
    time.now += 30
    run.observe(0, RunStatus.RUNNING)
    assert (run.progress, run.remaining_s) == (pytest.approx(0.5), pytest.approx(10))  # type: ignore[comparison-overlap]


def test_pace_of_the_run_corrects_a_model_that_is_too_slow() -> None:
    run, time = clock(*[10.0] * 10, learned=False)
    for completed in range(6):
        run.observe(completed, RunStatus.RUNNING)
        time.now += 5
    assert run.remaining_s == pytest.approx(25, rel=0.15)


def test_run_of_unknown_length() -> None:
    run, time = clock()
    run.observe(5, RunStatus.RUNNING)
    assert (run.progress, run.remaining_s) == (0.0, None)
    run.observe(9, RunStatus.FAILED)
    assert run.progress == 0.0


def test_more_commands_than_expected() -> None:
    run, _ = clock(1, 1)
    run.observe(7, RunStatus.RUNNING)
    assert run.progress < 1.0
    assert run.remaining_s == 0.0


def step(kind: str, **params: object) -> wire.Command:
    return wire.Command(id="c", command_type=kind, status="succeeded", params=params)


def test_model_knows_volumes_distances_and_waits() -> None:
    times = StepTimes()
    times.expected_s(step("loadLabware", location={"slotName": "1"}))
    times.expected_s(step("loadLabware", location={"slotName": "9"}))
    near = times.expected_s(step("aspirate", labwareId="labware-0", wellName="A1", volume=10, flowRate=10))
    same = times.expected_s(step("aspirate", labwareId="labware-0", wellName="A1", volume=10, flowRate=10))
    far = times.expected_s(step("aspirate", labwareId="labware-1", wellName="A1", volume=10, flowRate=10))
    slow = times.expected_s(step("aspirate", labwareId="labware-1", wellName="A1", volume=10, flowRate=1))
    assert same < near
    assert same < far
    assert slow == pytest.approx(same + 9, abs=0.2)
    assert times.expected_s(step("waitForDuration", seconds=75)) == 75
    legacy = step("custom", legacyCommandText="Delaying for 2 minutes and 3.5 seconds")
    assert times.expected_s(legacy) == pytest.approx(123.5)


def test_paces_of_this_robot_correct_the_model() -> None:
    assert model_steps([step("waitForDuration", seconds=10)], {"waitForDuration": 1.5})[0] == pytest.approx(15)
