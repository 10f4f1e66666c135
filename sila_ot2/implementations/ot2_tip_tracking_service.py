"""The feature OT2TipTrackingService."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from sila_ot2.driver.runs.deck_agreement import DeckPolicy
from sila_ot2.driver.tracking.stock.tip_stock import Racks, TipStock
from sila_ot2.generated.ot2_tip_tracking_service import (
    FindNextTipResponses,
    OT2TipTrackingServiceBase,
    TipPlace,
    TipRack,
    Trash,
)
from sila_ot2.sila import Call, ObservableProperty
from sila_ot2.store.tip_racks import DeclaredRack, TipPlaceState
from sila_ot2.store.tip_racks import Trash as StoredTrash


class OT2TipTrackingService(OT2TipTrackingServiceBase):
    """What is known of the tips on the deck."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"FindNextTip"})

    def __init__(self, stock: TipStock, policy: DeckPolicy) -> None:
        self._stock = stock
        self._policy = policy
        self.TipRacks: ObservableProperty[list[TipRack]] = ObservableProperty([])
        self.TrashedTips = ObservableProperty(self._trash_of(stock.trash.value))
        stock.racks.subscribe(self._show)
        stock.trash.subscribe(lambda trash: self.TrashedTips.set(self._trash_of(trash)))

    def ResetTips(self, Slot: str, DefinitionUri: str, *, call: Call) -> None:
        """Declare a full rack."""
        self._stock.reset(Slot, DefinitionUri)

    def MarkTips(self, Slot: str, Wells: Sequence[str], TipState: str, *, call: Call) -> None:
        """State what is at places of a rack."""
        self._stock.mark(Slot, Wells, cast(TipPlaceState, TipState))

    def RemoveTipRack(self, Slot: str, *, call: Call) -> None:
        """Follow the rack no more."""
        self._stock.remove(Slot)

    def FindNextTip(self, DefinitionUri: str, WholeColumn: bool, *, call: Call) -> FindNextTipResponses:
        """Return the next unused tip."""
        slot, places = self._stock.next_tips(DefinitionUri, 8 if WholeColumn else 1)
        return FindNextTipResponses(slot, places[0])

    def ReserveTips(self, DefinitionUri: str, WholeColumn: bool, Count: int, *, call: Call) -> list[TipPlace]:
        """Keep unused tips from being given out."""
        return [
            TipPlace(slot, place) for slot, place in self._stock.reserve(DefinitionUri, 8 if WholeColumn else 1, Count)
        ]

    def ResetTrashCount(self, *, call: Call) -> None:
        """Count the tips in the trash from zero."""
        self._stock.empty_trash()

    def _show(self, racks: Racks) -> None:
        self.TipRacks.set([self._rack_of(racks[slot]) for slot in sorted(racks, key=int)])

    def _rack_of(self, rack: DeclaredRack) -> TipRack:
        def places(state: TipPlaceState) -> list[str]:
            return [place for place, found in rack.places.items() if found == state]

        free = places("Free")
        return TipRack(
            Slot=rack.slot,
            DefinitionUri=rack.definition_uri,
            FreeTips=free,
            ReservedTips=places("Reserved"),
            UsedTips=places("Used"),
            EmptyPlaces=places("Empty"),
            UnknownPlaces=places("Unknown"),
            Low=len(free) < self._policy.low_tips,
            DeclaredAt=rack.declared_at,
        )

    def _trash_of(self, trash: StoredTrash) -> Trash:
        limit = self._policy.trash_limit
        emptied_at = [trash.emptied_at] if trash.emptied_at else []
        return Trash(trash.count, limit, 0 < limit < trash.count, emptied_at)
