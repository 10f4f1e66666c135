"""A long command of a session has a progress of its own, a short one has none."""

from __future__ import annotations

from typing import Any

from sila_ot2.driver.deck.plans.plan import WAIT, PlannedCommand
from sila_ot2.driver.session.progress import StepClock


class Reports(list[tuple[float, float]]):
    def __call__(self, *, progress: float, remaining_s: float) -> None:
        self.append((progress, remaining_s))


def clock_of(*planned: PlannedCommand) -> tuple[StepClock, list[float], Any]:
    now, reports = [0.0], Reports()
    return StepClock(planned, reports, monotonic=lambda: now[0]), now, reports


def test_long_command_progresses_while_it_is_at_work() -> None:
    clock, now, reports = clock_of(PlannedCommand("comment", {}), PlannedCommand(WAIT, {"seconds": 100}))
    clock.begin(0)
    clock.pass_time()
    assert reports == []
    clock.begin(1)
    for passed_s in (25.0, 75.0, 200.0):
        now[0] = passed_s
        clock.pass_time()
    assert [progress for progress, _ in reports] == [0.625, 0.875, 0.995]
    assert [left_s for _, left_s in reports] == [75.0, 25.0, 0.0]


def test_profile_progresses_by_its_holds() -> None:
    profile = PlannedCommand("thermocycler/runProfile", {"profile": [{"celsius": 23.0, "holdSeconds": 60.0}] * 10})
    clock, now, reports = clock_of(profile)
    clock.begin(0)
    now[0] = 300.0
    clock.pass_time()
    assert reports == [(0.5, 300.0)]
