"""Time that goes by only where something waits or lasts."""

from __future__ import annotations

from sila_ot2.cancellation import Cancellation


class PassingClock:
    """A monotonic clock."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class PassingCancellation(Cancellation):
    """Lets the time of a clock go by instead of waiting; it is set at a certain time, if one is given."""

    def __init__(self, clock: PassingClock, *, cancelled_at: float | None = None) -> None:
        super().__init__()
        self._clock = clock
        self._cancelled_at = cancelled_at

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.now += timeout or 0.0
        return self.is_set()

    def is_set(self) -> bool:
        return self._cancelled_at is not None and self._clock.now >= self._cancelled_at
