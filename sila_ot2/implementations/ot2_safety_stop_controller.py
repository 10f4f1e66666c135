"""The feature OT2SafetyStopController."""

from __future__ import annotations

import datetime
import threading
from typing import ClassVar

from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.runs.stop_both import stop_both
from sila_ot2.driver.runs.stop_now import StopNow
from sila_ot2.generated.ot2_safety_stop_controller import OT2SafetyStopControllerBase, StopNowResponses
from sila_ot2.sila import Call, Execution, ObservableProperty


class OT2SafetyStopController(OT2SafetyStopControllerBase):
    """Stops everything, and keeps it stopped."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"StopNow"})
    INTERRUPTS: ClassVar[frozenset[str]] = frozenset({f"{OT2SafetyStopControllerBase.FEATURE}/Command/StopNow"})
    """Commands that wait for no other (fully qualified)."""

    def __init__(
        self, safety_stop: SafetyStop, stop_now: StopNow, stands_in_for: OT2SafetyStopController | None = None
    ) -> None:
        """Connect it to its robot.

        Args:
            safety_stop: the latch.
            stop_now: stops the robot.
            stands_in_for: of the robot that a simulated one stands in for, which is stopped and released with it.
        """
        self.latch = safety_stop
        self.stop_now = stop_now
        self._stands_in_for = stands_in_for
        self.SafetyStopActive = ObservableProperty(False)
        self.LatchedAt: ObservableProperty[list[datetime.datetime]] = ObservableProperty([])
        self._latches = [self.latch] if stands_in_for is None else [self.latch, stands_in_for.latch]
        self._showing = threading.Lock()
        self._unsubscribe = [latch.since.subscribe(self._show) for latch in self._latches]

    def StopNow(self, *, execution: Execution) -> StopNowResponses:
        """Latch, and stop what is at work."""
        if self._stands_in_for is None:
            result = self.stop_now.stop(cancelled=execution.cancelled)
        else:
            result = stop_both(self._stands_in_for.stop_now, self.stop_now, cancelled=execution.cancelled)
        return StopNowResponses(result.effect.value, result.run_id, result.explanation)

    def ReleaseStop(self, *, call: Call) -> None:
        """Release the latch; that of a robot that is stood in for last, and only if the other one could be released."""
        for latch in self._latches:
            latch.release()

    def close(self) -> None:
        """Follow the latches no longer."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _show(self, _: datetime.datetime | None) -> None:
        with self._showing:  # who shows last has read all latches after each had its newest value
            since = [at for latch in self._latches if (at := latch.since.value) is not None]
            self.SafetyStopActive.set(bool(since))
            self.LatchedAt.set([min(since)] if since else [])
