"""Notices that a robot has fallen silent long before a reading of it gives up.

A reading waits some seconds for its answer, because a robot may be slow, and one route may hang while the others serve.
When half a poll interval has passed without any answer, the robot is asked, beside the reading, for any answer at all;
without one in the other half it counts as out of reach. With the first answer after that the reading is made to ask
once more; that the robot is back is reported by the reading, which alone knows what has become of it meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sila_ot2.driver.monitor.reachability import Reachability
from sila_ot2.errors import RobotUnreachable
from sila_ot2.robot.client import RobotClient

log = logging.getLogger(__name__)

LEAST_S = 0.5
"""The shortest interval that counts: some answers of a robot take this long."""


class LivenessMonitor:
    """One per robot, with a thread of its own; `start` and `stop` it once."""

    def __init__(self, robot: RobotClient, reachability: Reachability) -> None:
        self._robot = robot
        self._reachability = reachability
        self._changed = threading.Condition()
        self._begun_at: float | None = None
        self._interval_s = 0.0
        self._lost = False
        """Whether the robot was found to be silent during this reading."""
        self._closed = False
        self._thread = threading.Thread(target=self._watch, name="liveness", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End the watching; returns when the thread has ended or is stuck in a request that ends by itself."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @contextmanager
    def reading(self, interval_s: float) -> Iterator[None]:
        """Watch the readings made inside, which are `interval_s` apart."""
        with self._changed:
            self._begun_at, self._interval_s = time.monotonic(), max(interval_s, LEAST_S)
            self._lost = False
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._begun_at = None

    @property
    def silent_s(self) -> float:
        """For how long a reading has been waiting for an answer; 0 if there is none."""
        begun_at = self._begun_at
        return 0.0 if begun_at is None else time.monotonic() - max(begun_at, self._robot.answered_at)

    def _watch(self) -> None:
        while (interval_s := self._next_timeout()) is not None:
            try:
                self._probe(interval_s / 2)
            except Exception:  # a listener to the contact that fails must not end the watching
                log.exception("Whether the robot answers was not published to all who follow it.")

    def _probe(self, within_s: float) -> None:
        asked_at = time.monotonic()
        try:
            self._robot.probe(within_s=within_s)
        except RobotUnreachable as silent:
            if self._robot.answered_at < asked_at:
                self._lost = True
                self._reachability.lose(silent)
        else:
            if self._lost:
                self._lost = False
                self._robot.retry_reads()

    def _next_timeout(self) -> float | None:
        """Wait until a reading has been without an answer for half its interval; then, once in each interval."""
        probed_at = time.monotonic()
        with self._changed:
            while not self._closed:
                if self._begun_at is None:
                    self._changed.wait()
                    continue
                half_s = self._interval_s / 2
                silent_since = max(self._begun_at, self._robot.answered_at, probed_at)
                left_s = silent_since + half_s - time.monotonic()
                if left_s <= 0:
                    return self._interval_s
                self._changed.wait(left_s)
        return None
