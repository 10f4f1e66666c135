"""The hand-over of labware to or from an arm: while one is pending, the arm may be inside, and nothing moves.

It begins when the gantry is parked and the slot is offered, and ends when somebody says that the labware was delivered
or removed, or aborts it; time alone never ends it, nor does a restart of this server.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import RunActionNotAllowed
from sila_ot2.store.handovers import DeliveredLabware, Handover, HandoverStore
from sila_ot2.subscribers import Subscribers
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

HOW_TO_END = "Report it with LabwareDelivered or LabwareRemoved once the arm is clear, or call AbortHandover."


class HandoverPhase(str, Enum):
    """How far a pending hand-over is."""

    PREPARED = "Prepared"
    OVERDUE = "Overdue"
    """It has not ended in time. The arm may still be inside."""
    INTERRUPTED = "Interrupted"
    """Something has happened since that may have moved the robot, or this server was restarted."""


@dataclass(frozen=True)
class PendingHandover:
    """A hand-over that has not ended, as it is shown."""

    handover: Handover
    phase: HandoverPhase = HandoverPhase.PREPARED
    why: str = ""
    """What has interrupted it; empty if nothing has."""

    def __str__(self) -> str:
        return f"{self.handover} is pending since {self.handover.since.isoformat(timespec='seconds')}"


class Handovers:
    """One per robot; safe to use from any thread."""

    def __init__(self, store: HandoverStore, *, overdue_after_s: float) -> None:
        """Read whether an earlier process has left one pending.

        Args:
            store: keeps it.
            overdue_after_s: how long one may be pending before somebody has to look.
        """
        self._store = store
        self._overdue_after_s = overdue_after_s
        self._changing = threading.RLock()
        self._completing = False
        self._timer: threading.Timer | None = None
        self.pending: Observable[PendingHandover | None] = Observable(None)
        if (kept := store.pending()) is not None:
            self.pending.set(PendingHandover(kept, HandoverPhase.INTERRUPTED, "This server was restarted since."))
        self.delivered: Observable[tuple[DeliveredLabware, ...]] = Observable(store.delivered())
        self.on_taken: Subscribers[str] = Subscribers()
        """Called with each slot from which an arm has taken labware."""

    def begin(self, handover: Handover) -> None:
        """Keep everything still from now on. The caller holds the turn.

        Raises:
            StorageFull: it cannot be written down; nothing is pending then.
        """
        with self._changing:
            self._store.begin(handover)
            self.pending.set(PendingHandover(handover))
            self._timer = threading.Timer(self._overdue_after_s, self._note_overdue, [handover])
            self._timer.daemon = True
            self._timer.start()
        log.info("%s has begun: nothing moves the robot until it has ended", handover)

    @contextmanager
    def completing(self) -> Iterator[None]:
        """Within the block, the command that holds the turn may report the changed deck to the robot; nothing moves."""
        self._completing = True
        try:
            yield
        finally:
            self._completing = False

    def complete(self, handover: Handover) -> None:
        """End a hand-over that was carried out, and remember what stands on the deck now; none if it was aborted.

        Raises:
            StorageFull: it cannot be written down; the hand-over stays pending.
        """
        arrived = None
        if handover.is_input:
            arrived = DeliveredLabware(handover.slot, handover.labware_type, handover.labware_id, utc_now())
        with self._changing:
            pending = self.pending.value
            if pending is None or pending.handover != handover:
                return
            self._store.end(arrived, left=handover.slot)
            self._end()
            self.delivered.set(self._store.delivered())
            if not handover.is_input:
                self.on_taken.fire(handover.slot)
        log.info("%s has ended", handover)

    def abort(self) -> None:
        """End the pending hand-over, if there is one, without a change of the deck; nothing moves.

        Raises:
            StorageFull: it cannot be written down; the hand-over stays pending.
        """
        with self._changing:
            pending = self.pending.value
            if pending is None:
                return
            self._store.end()
            self._end()
        log.warning("%s was aborted", pending.handover)

    def interrupt(self, why: str) -> None:
        """Note that something may have moved the robot since the hand-over began; it stays pending."""
        with self._changing:
            pending = self.pending.value
            if pending is not None and not pending.why:
                log.warning("%s was interrupted: %s", pending.handover, why)
                self.pending.set(replace(pending, phase=HandoverPhase.INTERRUPTED, why=why))

    def note_moved(self, slot: str, to: str | None) -> None:
        """Remember that delivered labware has left a slot for another one; None: for elsewhere."""
        with self._changing:
            self._store.move(slot, to)
            self.delivered.set(self._store.delivered())

    def require_still(self) -> None:
        """Return if no hand-over keeps the robot still.

        Raises:
            RunActionNotAllowed: one does. Nothing was sent.
        """
        pending = self.pending.value
        if pending is not None and not self._completing:
            raise RunActionNotAllowed(f"An arm may be inside the robot: {pending}.", HOW_TO_END)

    def close(self) -> None:
        """End the waiting for an overdue hand-over."""
        with self._changing:
            if self._timer is not None:
                self._timer.cancel()

    def _note_overdue(self, handover: Handover) -> None:
        with self._changing:
            pending = self.pending.value
            if pending is not None and pending.handover == handover and not pending.why:
                log.warning("%s is overdue: nothing moves the robot until it has ended", handover)
                self.pending.set(replace(pending, phase=HandoverPhase.OVERDUE))

    def _end(self) -> None:
        self.close()
        self._timer = None
        self.pending.set(None)
