"""Failed log-ins: who fails too often has to wait before the next attempt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES_OF_A_USER, FAILURES_OF_A_CLIENT = 5, 20
"""So many failures in a row are free: of one user from one client, and of all users from one client."""
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 900.0
FORGOTTEN_AFTER_S = 3600.0
MOST_KEPT = 10_000

Key = tuple[str, str]


class FailedLogins:
    """Counts failures by client, and by user and client: nobody can keep a user of another client from logging in.

    Args:
        clock: the time in seconds (tests).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mutex = threading.Lock()
        self._failures: dict[Key, tuple[int, float]] = {}

    def wait_s(self, user: str, client: str) -> float:
        """How long the user has to wait at this client, in seconds; 0 if not at all."""
        with self._mutex:
            return max(self._wait_s(key, free) for key, free in _keys(user, client))

    def failed(self, user: str, client: str) -> None:
        """Count a failure."""
        now = self._clock()
        with self._mutex:
            for key, _ in _keys(user, client):
                count, last = self._failures.pop(key, (0, now))
                self._failures[key] = (1 if now - last > FORGOTTEN_AFTER_S else count + 1, now)
            while len(self._failures) > MOST_KEPT:
                del self._failures[next(iter(self._failures))]  # the oldest

    def succeeded(self, user: str, client: str) -> None:
        """Forget the failures of the user at this client; those of others there still count."""
        with self._mutex:
            self._failures.pop((user, client), None)

    def _wait_s(self, key: Key, free: int) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        if count < free:
            return 0.0
        longest = min(FIRST_WAIT_S * 2.0 ** min(count - free, 10), LONGEST_WAIT_S)
        return max(last + longest - self._clock(), 0.0)


def _keys(user: str, client: str) -> tuple[tuple[Key, int], ...]:
    return ((user, client), FAILURES_OF_A_USER), (("", client), FAILURES_OF_A_CLIENT)
