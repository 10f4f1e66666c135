"""The schedule: in due time without a reason, at once with one, never more often than allowed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sila_ot2.driver.monitor.schedule import Schedule


def took(wait: Callable[[], bool]) -> float:
    begun = time.monotonic()
    assert wait()
    return time.monotonic() - begun


def test_the_first_time_is_now() -> None:
    assert took(Schedule(most_per_s=10).wait) < 0.5


def test_the_pause_is_waited_for() -> None:
    schedule = Schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(0.1)
    schedule.schedule_in(5)
    assert 0.09 < took(schedule.wait) < 4


def test_a_reason_hurries_who_waits_and_who_will() -> None:
    schedule = Schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(60)
    hurry = threading.Timer(0.05, schedule.schedule_in, (0.0,))
    hurry.start()
    assert took(schedule.wait) < 5
    hurry.join()
    schedule.schedule_in(60)
    schedule.schedule_in(0)
    assert took(schedule.wait) < 5


def test_never_more_often_than_allowed() -> None:
    schedule = Schedule(most_per_s=5)
    asked_at: list[float] = []
    while len(asked_at) < 9:
        schedule.schedule_in(0)
        schedule.wait()
        asked_at.append(time.monotonic())
    assert all(later - earlier > 0.99 for earlier, later in zip(asked_at, asked_at[5:], strict=False))


def test_reasons_that_come_together_are_one() -> None:
    schedule = Schedule(most_per_s=100, apart_s=0.1)
    schedule.wait()
    schedule.schedule_in(0)
    assert 0.09 < took(schedule.wait) < 4
    assert not schedule.wait(at_most_s=0.2)


def test_too_short_a_wait_is_an_error() -> None:
    schedule = Schedule(most_per_s=10)
    schedule.wait()
    schedule.schedule_in(60)
    assert not schedule.wait(at_most_s=0.05)
    schedule.schedule_in(0)
    assert schedule.wait(at_most_s=5)


def test_closing_ends_the_waiting() -> None:
    schedule = Schedule(most_per_s=10)
    schedule.wait()
    threading.Timer(0.05, schedule.close).start()
    assert not schedule.wait()
    assert not schedule.wait()
