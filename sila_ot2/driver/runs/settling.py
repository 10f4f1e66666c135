"""Waits until a run whose stop was accepted has ended and the robot has settled; gives its record."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.runs.confirmation import Confirmation
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_faults import fault_of
from sila_ot2.errors import CommandCancelled, Movement, RunNotFound, StopTimedOut, StorageFull
from sila_ot2.robot import wire
from sila_ot2.store.runs import RunRecord

WAIT_OR_RESTART = "Wait; if that does not help, only a restart of the robot does."
WRITTEN_WITHIN_S = 3.0
"""How long the record of a run that has ended is waited for if writing it down fails."""


class Settling:
    """One per robot.

    Args:
        monitor: sees the end of the run.
        registry: has its record.
        confirmation: waits until clients see it.
        within_s: how long the robot may take.
    """

    def __init__(self, monitor: Monitor, registry: RunRegistry, confirmation: Confirmation, *, within_s: float) -> None:
        self._monitor = monitor
        self._registry = registry
        self._confirmation = confirmation
        self._within_s = within_s

    def wait(self, run_id: str, cancelled: Cancellation) -> RunRecord:
        """Return the record of a run once it has ended.

        Raises:
            StopTimedOut: the robot has not settled in time; it may be moving.
            StorageFull: the run has ended, and its record cannot be written down.
            RobotRestarted: the robot restarted before it had settled.
            CommandCancelled: the waiting was cancelled.
        """

        def until(look: Callable[[], RunRecord | bool | None], timeout_s: float) -> RunRecord | None:
            self._monitor.wait_for(look, timeout_s=timeout_s, cancelled=cancelled)
            return self._record(run_id)

        def cannot_be_written() -> bool:
            return self._monitor.cannot_write and self.reported(run_id) in wire.ENDED_RUN_STATUSES

        record = until(lambda: self._record(run_id) or cannot_be_written() or None, self._within_s)
        if record is None:
            record = until(lambda: self._record(run_id), WRITTEN_WITHIN_S if cannot_be_written() else 0.0)
        if record is not None:
            self._confirmation.await_published(run_id, lambda status: status in wire.ENDED_RUN_STATUSES)
            if record.restarted and (fault := fault_of(record)) is not None:
                raise fault
            return record
        if cancelled.is_set():
            raise stop_is_sent(run_id)
        if self.reported(run_id) in wire.ENDED_RUN_STATUSES:
            raise StorageFull(
                f"The robot has ended run {run_id}, and its record cannot be written down yet.",
                "Make room on the disk of the server; the record follows.",
                moved=Movement.UNKNOWN,
            )
        trouble = self._monitor.state.value.contact.explanation or f"it says {self.reported(run_id)}"
        raise StopTimedOut(
            f"The robot accepted the stop of run {run_id} and has not settled within {self._within_s:.0f} s "
            f"({trouble}). It may be moving.",
            WAIT_OR_RESTART,
        )

    def reported(self, run_id: str) -> str:
        """Return the status that the robot reported last."""
        with contextlib.suppress(RunNotFound):
            return self._registry.view(run_id).robot_status
        return "nothing"

    def _record(self, run_id: str) -> RunRecord | None:
        with contextlib.suppress(RunNotFound):  # not seen by the monitor yet
            return self._registry.view(run_id).record
        return None


def stop_is_sent(run_id: str) -> CommandCancelled:
    """Return the error for a waiting that was cancelled."""
    return CommandCancelled(
        f"The stop of run {run_id} was sent and is not taken back; waiting for it was cancelled.",
        "Look at RunStatus for its end.",
    )
