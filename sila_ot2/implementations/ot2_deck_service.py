"""The feature OT2DeckService."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from sila_ot2.driver.deck.slots.deck_file import read_deck, slot_of, write_deck
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.ownership.handovers import Handovers, PendingHandover
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.liquid_stock import Contents
from sila_ot2.generated.ot2_deck_service import (
    Delivery,
    Handover,
    LabwareLiquids,
    OT2DeckServiceBase,
    SlotState,
    WellLiquid,
)
from sila_ot2.sila import Call, ObservableProperty
from sila_ot2.store.deck_slots import KnownSlot
from sila_ot2.store.handovers import DeliveredLabware
from sila_ot2.store.labware_contents import LabwareContents
from sila_ot2.times import utc_now


class OT2DeckService(OT2DeckServiceBase):
    """What stands on the deck, and hand-overs of labware."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"ExportDeck"})

    def __init__(self, handovers: Handovers, deck: KnownDeck) -> None:
        self._handovers = handovers
        self._deck = deck
        self.Slots: ObservableProperty[list[SlotState]] = ObservableProperty([])
        self.Liquids: ObservableProperty[list[LabwareLiquids]] = ObservableProperty([])
        self.PendingHandover: ObservableProperty[list[Handover]] = ObservableProperty([])
        self.DeliveredLabware: ObservableProperty[list[Delivery]] = ObservableProperty([])
        handovers.pending.subscribe(self._show_pending)
        handovers.delivered.subscribe(self._show_delivered)
        deck.slots.subscribe(self._show_slots)
        deck.in_use.subscribe(self._show_slots)
        deck.liquids.subscribe(self._show_liquids)

    def DeclareLabware(
        self, Slot: str, DefinitionUri: str, AdapterUri: str, ModuleModel: str, Label: str, *, call: Call
    ) -> None:
        """State what stands in a slot."""
        self._deck.declare([slot_of(Slot, DefinitionUri, AdapterUri, ModuleModel, Label, now=utc_now())])

    def ClearSlot(self, Slot: str, *, call: Call) -> None:
        """State that nothing stands in a slot."""
        self._deck.declare([slot_of(Slot, now=utc_now())])

    def ForgetDeck(self, Slot: str, *, call: Call) -> None:
        """Know nothing of a slot or of the deck."""
        self._deck.forget(Slot)

    def DeclareLiquid(
        self, Slot: str, Wells: Sequence[str], Volumes: Sequence[float], LiquidName: str, *, call: Call
    ) -> None:
        """State what wells hold."""
        self._deck.declare_liquid(Slot, Wells, Volumes, LiquidName)

    def ForgetLiquids(self, Slot: str, *, call: Call) -> None:
        """Know nothing of what wells hold."""
        self._deck.forget_liquids(Slot)

    def ImportDeck(self, Deck: bytes, *, call: Call) -> None:
        """State what stands on the whole deck."""
        self._deck.declare(read_deck(Deck, utc_now()))

    def ExportDeck(self, *, call: Call) -> bytes:
        """Return what is known as a file."""
        return write_deck(self._deck.slots.value.values())

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

    def _show_liquids(self, contents: Contents) -> None:
        self.Liquids.set([_liquids_of(contents[slot]) for slot in sorted(contents, key=int)])

    def _show_slots(self, _: object) -> None:
        slots, in_use = self._deck.slots.value, self._deck.in_use.value
        self.Slots.set([_slot_state(slots[slot], in_use) if slot in slots else _unknown(slot) for slot in SLOTS])


def _slot_state(known: KnownSlot, in_use: Collection[str]) -> SlotState:
    stands = "Empty" if known.is_empty else "InUse" if known.slot in in_use else "Occupied"
    return SlotState(
        Slot=known.slot,
        State="Mismatch" if known.contradiction else stands,
        Labware=list(known.labware),
        ModuleModel=known.module_model,
        Label=known.label,
        Source=known.source,
        KnownSince=[known.known_since],
        Compared=known.stated,
        Explanation=f"{known.contradiction} was loaded there instead." if known.contradiction else "",
    )


def _liquids_of(contents: LabwareContents) -> LabwareLiquids:
    wells = [
        WellLiquid(well, [] if one.volume_ul is None else [one.volume_ul], sorted(one.liquids), one.stated)
        for well, one in contents.wells.items()
    ]
    return LabwareLiquids(contents.slot, contents.definition_uri, wells)


def _unknown(slot: str) -> SlotState:
    return SlotState(slot, "Unknown", [], "", "", "Nothing", [], Compared=False, Explanation="")
