"""The schedule: in due time without a reason, at once with one, never too often. Time is that of the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sila_ot2.driver.monitor.schedule import Schedule


class ScheduleClock:
    """Time goes by only while the schedule waits; what is to happen meanwhile happens at its time."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self._events: list[tuple[float, Callable[[], None]]] = []

    def schedule(self, *, most_per_s: int, apart_s: float = 0.0) -> Schedule:
        made = Schedule(most_per_s=most_per_s, apart_s=apart_s, monotonic=lambda: self.now_s)
        made._changed.wait = self._wait  # type: ignore[method-assign,assignment]
        return made

    def after(self, pause_s: float, event: Callable[[], None]) -> None:
        self._events.append((self.now_s + pause_s, event))

    def took_s(self, wait: Callable[[], bool]) -> float:
        begun_s = self.now_s
        assert wait()
        return self.now_s - begun_s

    def _wait(self, timeout_s: float) -> None:
        if self._events and self._events[0][0] <= self.now_s + timeout_s:
            self.now_s, event = self._events.pop(0)
            event()
        else:
            self.now_s += timeout_s


@pytest.fixture
def clock() -> ScheduleClock:
    return ScheduleClock()


def test_the_first_time_is_now(clock: ScheduleClock) -> None:
    assert clock.took_s(clock.schedule(most_per_s=10).wait) == 0


def test_the_pause_is_waited_for(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(0.5)
    schedule.schedule_in(5)
    assert clock.took_s(schedule.wait) == 0.5


def test_a_reason_hurries_who_waits_and_who_will(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(60)
    clock.after(7, lambda: schedule.schedule_in(0))
    assert clock.took_s(schedule.wait) == 7
    schedule.schedule_in(60)
    schedule.schedule_in(0)
    assert clock.took_s(schedule.wait) == 0


def test_never_more_often_than_allowed(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=5)
    asked_at: list[float] = []
    for _ in range(12):
        schedule.schedule_in(0)
        schedule.wait()
        asked_at.append(clock.now_s - 1000)
    assert asked_at == [0] * 5 + [1] * 5 + [2] * 2


def test_reasons_that_come_together_are_one(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=100, apart_s=0.25)
    schedule.wait()
    schedule.schedule_in(0)
    assert clock.took_s(schedule.wait) == 0.25
    assert not schedule.wait(at_most_s=3)


def test_too_short_a_wait_is_reported_and_removes_nothing(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(60)
    assert not schedule.wait(at_most_s=20)
    assert clock.took_s(schedule.wait) == 40


def test_closing_ends_the_waiting(clock: ScheduleClock) -> None:
    schedule = clock.schedule(most_per_s=10)
    schedule.wait()
    clock.after(3, schedule.close)
    assert not schedule.wait()
    assert clock.now_s == 1003
    assert not schedule.wait()
