"""The progress of what is done in a session: a long command has a progress of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.tracking.steps.step_times import StepTimes
from sila_ot2.driver.waiting import Report
from sila_ot2.robot import wire

LONG_S = 2.0
"""Commands that are expected to take less have no progress of their own."""
UNFINISHED = 0.99
"""The most that is reported of a command that has not ended."""


class StepClock:
    """Reports how far the movements of one command of the laboratory are, also within one of them."""

    def __init__(
        self, planned: Sequence[PlannedCommand], report: Report, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare.

        Args:
            planned: the robot's commands.
            report: called with the progress.
            monotonic: the clock.
        """
        times = StepTimes()
        self._steps_s = [
            times.expected_s(
                wire.Command(id="none", command_type=one.command_type, status="queued", params=dict(one.params))
            )
            for one in planned
        ]
        self._report = report
        self._monotonic = monotonic
        self._number = 0
        self._begun = monotonic()

    def begin(self, number: int) -> None:
        """Take over that this movement begins now, counted from 0."""
        self._number, self._begun = number, self._monotonic()

    def pass_time(self) -> None:
        """Report how far the movement under way should be by now, if it is a long one."""
        expected_s = self._steps_s[self._number]
        if expected_s < LONG_S:
            return
        passed_s = self._monotonic() - self._begun
        left_s = max(0.0, sum(self._steps_s[self._number :]) - passed_s)
        partly = min(UNFINISHED, passed_s / expected_s)
        self._report(progress=(self._number + partly) / len(self._steps_s), remaining_s=left_s)
