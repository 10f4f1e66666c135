"""The feature OT2DeckService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.ownership.handovers import Handovers, PendingHandover
from sila_ot2.generated.ot2_deck_service import Delivery, Handover, OT2DeckServiceBase
from sila_ot2.sila import Call, ObservableProperty
from sila_ot2.store.handovers import DeliveredLabware


class OT2DeckService(OT2DeckServiceBase):
    """Shows and ends hand-overs of labware."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, handovers: Handovers) -> None:
        self._handovers = handovers
        self.PendingHandover: ObservableProperty[list[Handover]] = ObservableProperty([])
        self.DeliveredLabware: ObservableProperty[list[Delivery]] = ObservableProperty([])
        handovers.pending.subscribe(self._show_pending)
        handovers.delivered.subscribe(self._show_delivered)

    def AbortHandover(self, *, call: Call) -> None:
        """End the pending hand-over."""
        self._handovers.abort()

    def _show_pending(self, pending: PendingHandover | None) -> None:
        shown = []
        if pending is not None:
            handover = pending.handover
            shown = [
                Handover(
                    handover.slot,
                    handover.direction.value,
                    pending.phase.value,
                    handover.labware_type,
                    handover.labware_id,
                    handover.since,
                    pending.why,
                )
            ]
        self.PendingHandover.set(shown)

    def _show_delivered(self, delivered: tuple[DeliveredLabware, ...]) -> None:
        self.DeliveredLabware.set(
            [Delivery(one.slot, one.labware_type, one.labware_id, one.delivered_at) for one in delivered]
        )
