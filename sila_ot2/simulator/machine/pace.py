"""How fast the simulated robot's time runs."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable

SLICE_S = 0.02
"""The longest step of a motion: a pause or a stop takes effect within this time."""


def parse_speed(text: str) -> float:
    """``fast``, ``paced`` or a factor, as a factor (``fast`` is infinite).

    Raises:
        ValueError: it is none of these.
    """
    if text == "fast":
        return math.inf
    if text == "paced":
        return 1.0
    factor = float(text)
    if not factor > 0:
        raise ValueError("a speed factor must be greater than 0")
    return factor


class Pace:
    """The clock of motions, delays and modules; the factor may be changed while they use it."""

    def __init__(self, factor: float) -> None:
        self.factor = factor
        self._anchor = time.monotonic()
        self._elapsed_s = 0.0

    def set(self, factor: float) -> None:
        """Run at another speed from now on."""
        self._elapsed_s = self.robot_time_s()
        self._anchor = time.monotonic()
        self.factor = factor

    @property
    def is_fast(self) -> bool:
        """Nothing takes time."""
        return math.isinf(self.factor)

    def robot_time_s(self) -> float:
        """Seconds of the robot's time that have passed; it does not pass while the speed is ``fast``."""
        if self.is_fast:
            return self._elapsed_s
        return self._elapsed_s + (time.monotonic() - self._anchor) * self.factor

    async def elapse(
        self,
        duration_s: float,
        *,
        may_run: Callable[[], bool] = lambda: True,
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> None:
        """Let this much of the robot's time pass.

        Args:
            duration_s: in the robot's seconds.
            may_run: no time passes while this is false (a paused robot holds in mid-move).
            progress: called with the fraction done, so that a motion cut short knows where it was.
        """
        done_s = 0.0
        while True:
            while not may_run():
                await asyncio.sleep(SLICE_S / 4)
            if self.is_fast or done_s >= duration_s:
                progress(1.0)
                await asyncio.sleep(0)
                return
            before = time.monotonic()
            await asyncio.sleep(min(SLICE_S, (duration_s - done_s) / self.factor))
            done_s += (time.monotonic() - before) * self.factor
            progress(min(1.0, done_s / duration_s))
