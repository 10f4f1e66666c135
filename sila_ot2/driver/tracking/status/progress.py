"""How far a run is and how long it will go on: true, never backwards without a cause, and 1.0 at the end only."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable

from sila_ot2.driver.tracking.status.run_status import PAUSED, RunStatus

UNFINISHED = 0.999
"""The most that is reported of a run that has not succeeded."""
SEEN_WITHIN_S = 0.5
"""How long a step has been at work at most, about, when it is seen for the first time."""
PACE_FROM_S = 5.0
"""From this much work done on, the pace of this very run corrects the rest, if the steps are from the model only."""


class RunClock:
    """The progress of one run."""

    def __init__(
        self, steps_s: array[float], *, learned: bool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin.

        Args:
            steps_s: what each step is expected to take; empty: nothing is known of the run's length.
            learned: whether the steps are those of an earlier run of the same, and so need no correction.
            monotonic: the clock.
        """
        self._steps_s = steps_s
        self._learned = learned
        self._monotonic = monotonic
        self._total_s = sum(steps_s)
        self._done_s = 0.0
        self._completed = 0
        self._step_s = 0.0
        """How long the step under way has been at work."""
        self._worked_s = 0.0
        self._seen_at: float | None = None
        self.progress = 0.0
        self.remaining_s: float | None = self._total_s if steps_s else None

    def observe(self, completed: int, status: RunStatus) -> None:
        """Take over what the robot has just said.

        Args:
            completed: how many commands have ended.
            status: of the run.
        """
        now = self._monotonic()
        passed_s = 0.0 if self._seen_at is None or status in PAUSED else now - self._seen_at
        self._seen_at = now if status not in (RunStatus.IDLE, RunStatus.STARTING) else None
        self._step_s += passed_s
        if completed > self._completed:
            expected_s = sum(self._steps_s[self._completed : completed])
            self._done_s += expected_s
            self._completed = completed
            # What is more than the steps were to take has gone into the one that has begun since.
            self._step_s = min(max(0.0, self._step_s - expected_s), SEEN_WITHIN_S)
        self._worked_s += passed_s
        if status is RunStatus.SUCCEEDED:
            self.progress, self.remaining_s = 1.0, 0.0
        elif self._steps_s:
            self._estimate()

    def _estimate(self) -> None:
        step_s = self._steps_s[self._completed] if self._completed < len(self._steps_s) else 0.0
        partly_s = min(self._step_s, step_s)
        done_s = self._done_s + partly_s
        share = done_s / self._total_s if self._total_s > 0 else self._completed / len(self._steps_s)
        self.progress = max(self.progress, min(UNFINISHED, share))
        left_s = max(0.0, self._total_s - done_s) * self._pace(done_s)
        # Time that has not passed does not come back: an estimate that turns out too short stands still for a while.
        self.remaining_s = left_s if self.remaining_s is None else min(self.remaining_s, left_s)

    def _pace(self, done_s: float) -> float:
        if self._learned or done_s < PACE_FROM_S or done_s < 0.1 * self._total_s:
            return 1.0
        return min(3.0, max(0.2, self._worked_s / done_s))
