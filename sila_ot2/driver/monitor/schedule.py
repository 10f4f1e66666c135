"""When the robot is read next: at once if there is a reason, else when it is due, never more often than allowed."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

APART_S = 0.03
"""Between two readings at least: the robot sends several notifications for one change."""


@dataclass(frozen=True)
class Intervals:
    """How long to wait between two readings, in seconds."""

    active_s: float = 0.5
    """While a run is active."""
    idle_s: float = 2.0
    """While none is, or the robot gives no answer."""
    equipment_s: float = 5.0
    """For rail lights, pipettes and modules; the door is asked for every `idle_s`."""
    slow_s: float = 60.0
    """For health and calibration."""
    most_per_s: int = 10
    """The most readings in any one second, also if there are many reasons to read."""
    settle_s: float = 5.0
    """Between two look-ups of answers that were lost."""


class Schedule:
    """Says when to ask; one thread waits, any thread may hurry it."""

    def __init__(
        self, *, most_per_s: int, apart_s: float = 0.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with the first time due now.

        Args:
            most_per_s: how many times may fall into any one second.
            apart_s: how long after each the next may come: reasons that come together are one reason.
            monotonic: the clock.
        """
        self._monotonic = monotonic
        self._apart_s = apart_s
        self._due_at = -math.inf
        self._asked_at: deque[float] = deque(maxlen=most_per_s)
        self._changed = threading.Condition()
        self._closed = False

    def schedule_in(self, pause_s: float) -> None:
        """Make the next time come after `pause_s` at the latest."""
        with self._changed:
            due_at = self._monotonic() + pause_s
            if due_at < self._due_at:
                self._due_at = due_at
                self._changed.notify()

    def wait(self, at_most_s: float = threading.TIMEOUT_MAX) -> bool:
        """Wait until it is time to ask; returns False if it is not: after `at_most_s`, or once it is closed."""
        give_up_at = self._monotonic() + at_most_s
        with self._changed:
            while not self._closed and (left_s := self._left_s()) > 0:
                timeout_s = give_up_at - self._monotonic()
                if timeout_s <= 0:
                    return False
                self._changed.wait(min(left_s, timeout_s))
            self._asked_at.append(self._monotonic())
            self._due_at = math.inf
            return not self._closed

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _left_s(self) -> float:
        is_full = len(self._asked_at) == self._asked_at.maxlen
        allowed_at = self._asked_at[0] + 1.0 if is_full else -math.inf
        apart_at = self._asked_at[-1] + self._apart_s if self._asked_at else -math.inf
        return max(self._due_at, allowed_at, apart_at) - self._monotonic()
