"""What stands in the slots of the deck beyond the end of a run: what was stated, loaded and moved.

The latest statement or report counts. Labware that somebody has declared is followed when a run moves it. When a run
loads something else in its slot, the declaration stays, and the contradiction is shown until the slot is declared anew.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sila_ot2.driver.deck.slots.standing import (
    Piece,
    SlotLoad,
    agrees,
    is_adapter,
    is_named,
    modules_of,
    pieces_of,
    standing,
)
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.tip_racks import is_same_labware
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.tracking.stock.liquid_stock import Contents
from sila_ot2.driver.tracking.stock.tip_stock import Racks, TipStock
from sila_ot2.errors import LabwareNotLoaded
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import DeckSlotStore, KnownSlot, SlotSource
from sila_ot2.store.deck_use import TipUse
from sila_ot2.store.handovers import DeliveredLabware
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

Slots = Mapping[str, KnownSlot]
"""What is known, by slot; of slots that are not in it nothing is."""


class KnownDeck:
    """One per robot; safe to use from any thread. It sends nothing to the robot."""

    def __init__(self, store: DeckSlotStore, tips: TipStock, handovers: Handovers) -> None:
        """Go on where the last process has ended.

        Args:
            store: keeps what is not kept as a tip rack or as delivered labware.
            tips: tip racks that are declared stand on the deck, too.
            handovers: likewise labware that arms have brought.
        """
        self._store = store
        self._tips = tips
        self._handovers = handovers
        self._changing = threading.RLock()
        self._active_run = ""
        """The run that had not ended when it was followed last."""
        self._kept: dict[str, KnownSlot] = store.all()
        self._racks: Racks = tips.racks.value
        self._delivered: tuple[DeliveredLabware, ...] = handovers.delivered.value
        self.slots: Observable[Slots] = Observable(MappingProxyType({}))
        self.in_use: Observable[frozenset[str]] = Observable(frozenset())
        """Slots with something that the open session has loaded, or a run that was started and has not ended."""
        self._used: dict[SlotSource, frozenset[str]] = {}
        self.racks: Observable[Racks] = tips.racks
        self.liquids: Observable[Contents] = tips.liquids.contents
        tips.racks.subscribe(self._follow_racks)
        handovers.delivered.subscribe(self._follow_delivered)
        handovers.on_taken.subscribe(self._note_taken)

    # --- what people and arms state -----------------------------------------------------------------------------------

    def tips_of(self, run_id: str) -> Mapping[str, Mapping[str, TipUse]]:
        """Return what a run has done to the tips of racks so far, by the labware of the run and by place."""
        return {name: one.tips for name, one in self._tips.use_of(run_id).labware.items() if one.tips}

    def declare(self, slots: Iterable[KnownSlot]) -> None:
        """State what stands in slots, or that nothing does; what was known of them is replaced.

        Raises:
            StorageFull: it could not be written down; it holds until this server ends.
        """
        stated = {one.slot: one for one in slots}
        for slot, one in stated.items():  # each of these tells this deck what has changed, so it is not held meanwhile
            self._tips.liquids.forget(slot)
            rack = self._tips.racks.value.get(slot)
            if rack is not None and not (one.labware and is_same_labware(one.labware[-1], rack.definition_uri)):
                self._tips.remove(slot)
            if any(delivered.slot == slot for delivered in self._handovers.delivered.value):
                self._handovers.note_moved(slot, None)
        with self._changing:
            self._kept.update(stated)
            self._publish()
            self._store.replace(self._kept.values())

    def declare_liquid(self, slot: str, wells: Sequence[str], volumes_ul: Sequence[float], liquid: str) -> None:
        """State what wells of the labware in a slot hold, as `LiquidStock.declare`.

        Raises:
            LabwareNotLoaded: it is not known which labware stands there.
            OT2Fault: what `LiquidStock.declare` raises.
        """
        known = self.slots.value.get(slot)
        if known is None or not known.labware:
            raise LabwareNotLoaded(
                f"It is not known which labware stands in slot {slot}.", "Declare it first (DeclareLabware)."
            )
        self._tips.liquids.declare(slot, known.labware[-1], wells, volumes_ul, liquid)

    def forget_liquids(self, slot: str = "") -> None:
        """Know nothing of what wells in a slot hold any more, or in all slots if `slot` is empty.

        Raises:
            StorageFull: as `declare`.
        """
        self._tips.liquids.forget(slot)

    def forget(self, slot: str = "") -> None:
        """Know nothing of a slot and its liquids any more, or of the whole deck if `slot` is empty.

        Tip racks that are declared and labware that arms have brought stay known.

        Raises:
            StorageFull: as `declare`.
        """
        self._tips.liquids.forget(slot)
        with self._changing:
            self._kept = {other: one for other, one in self._kept.items() if slot and other != slot}
            self._publish()
            self._store.replace(self._kept.values())

    # --- what sessions and runs do ------------------------------------------------------------------------------------

    def follow_session(self, deck_state: DeckState) -> None:
        """Take over what the session knows of its deck."""
        self.follow("Session", *_parts_of(deck_state))

    def follow_run(self, run: wire.Run, source: SlotSource) -> None:
        """Take over what the robot says of the deck of a run; of one that has ended, once.

        It stays the robot's current run, and its deck the deck of its end, whatever people and arms have done since.
        """
        is_over = run.status in wire.ENDED_RUN_STATUSES
        if is_over or run.status == "idle":
            self.follow_no_run()
        else:
            self._note_use("Run", pieces_of(run), modules_of(run))
        if not is_over or run.id == self._active_run:
            self.follow(source, pieces_of(run), modules_of(run))
        self._active_run = "" if is_over else run.id

    def follow_no_run(self) -> None:
        """Take over that no run goes on, beside that of the open session."""
        self._note_use("Run", (), {})

    def note_session(self, deck_state: DeckState) -> None:
        """Note what the open session has on the deck, which is then in use; an empty deck state if none is open."""
        self._note_use("Session", *_parts_of(deck_state))

    def _note_use(self, source: SlotSource, pieces: Iterable[Piece], modules: Mapping[str, tuple[str, str]]) -> None:
        with self._changing:
            self._used[source] = frozenset(standing(pieces, modules))
            self.in_use.set(frozenset().union(*self._used.values()))

    def follow(self, source: SlotSource, pieces: Iterable[Piece], modules: Mapping[str, tuple[str, str]]) -> None:
        """Take over what a session or a run says of its deck.

        Args:
            source: which of the two.
            pieces: its labware where it stands now; the same piece has the same identifier each time.
            modules: slot and model of its modules, by their identifiers.
        """
        listed = list(pieces)
        found = standing(listed, modules)
        here = {piece.identifier for piece in listed}
        with self._changing:
            before = self.slots.value
            origins = {name: slot for slot, known in self._kept.items() for name in known.identifiers}
            changed: dict[str, KnownSlot] = {}
            for slot in before.keys() | found.keys():
                known = before.get(slot)
                one = found.get(slot, SlotLoad(module_model=known.module_model if known else ""))
                origin = origins.get(one.top, slot)
                if known is not None and _has_left(known, one, here):
                    changed[slot] = self._left(source, known, one, origin)
                elif slot in found:
                    changed[slot] = self._loaded(source, slot, one, known, origin)
            changed = {slot: known for slot, known in changed.items() if known != before.get(slot)}
            if changed:
                self._kept.update(changed)
                self._publish()
                self._write_if_possible()

    def _loaded(
        self, source: SlotSource, slot: str, found: SlotLoad, known: KnownSlot | None, origin: str
    ) -> KnownSlot:
        """Return what is known of a slot in which a session or run has something, which may come from another slot."""
        new = KnownSlot(
            slot, found.labware, found.module_model, "", source, utc_now(), stated=False, identifiers=found.identifiers
        )
        if origin != slot:
            moved = self._kept[origin]
            return replace(new, label=moved.label, stated=moved.stated and not moved.contradiction)
        if known is None:
            return new
        if not found.identifiers and known.module_model == found.module_model:
            return known  # of the labware on the module nothing is said yet
        if not known.stated:
            same = (known.labware, known.module_model) == (found.labware, found.module_model)
            return replace(known, identifiers=found.identifiers, source=source) if same else new
        if not all(map(is_named, known.labware)):  # now it is known what the words have meant
            return replace(new, label=known.label, source=known.source, stated=True)
        contradiction = "" if agrees(known, found) else str(found)
        return replace(known, identifiers=found.identifiers, contradiction=contradiction)

    def _left(self, source: SlotSource, known: KnownSlot, found: SlotLoad, origin: str) -> KnownSlot:
        """Return what is known of a slot from which the labware was moved, with what stands there now."""
        if found.identifiers != known.identifiers[: len(found.identifiers)]:  # other labware has come
            return self._loaded(source, known.slot, found, None, origin)
        return replace(
            known,
            labware=found.labware,
            module_model=found.module_model,
            label="",
            source=source,
            known_since=utc_now(),
            stated=known.stated and not known.contradiction,
            identifiers=found.identifiers,
            contradiction="",
        )

    # --- what others keep ---------------------------------------------------------------------------------------------

    def _follow_racks(self, racks: Racks) -> None:
        with self._changing:
            for slot in self._racks.keys() - racks.keys():
                kept = self._kept.get(slot)
                if kept is not None and kept.labware == (self._racks[slot].definition_uri,):
                    del self._kept[slot]
            self._racks = racks
            self._publish()

    def _follow_delivered(self, delivered: tuple[DeliveredLabware, ...]) -> None:
        with self._changing:
            new = set(delivered) - set(self._delivered)
            self._delivered = delivered
            self._publish()
        for one in new:
            write_down(partial(self._tips.liquids.forget, one.slot), "That an arm has brought other labware")

    def _note_taken(self, slot: str) -> None:
        """Note that an arm has taken the labware from a slot; a module stays."""
        write_down(partial(self._tips.remove, slot), "That an arm has taken a tip rack")
        write_down(partial(self._tips.liquids.forget, slot), "That an arm has taken what wells held")
        with self._changing:
            known = self.slots.value.get(slot) or KnownSlot(slot, stated=False)
            self._kept[slot] = KnownSlot(
                slot, (), known.module_model, source="Handover", known_since=utc_now(), stated=known.stated
            )
            self._publish()
            self._write_if_possible()

    def _publish(self) -> None:
        merged = dict(self._kept)
        for one in self._delivered:
            kept = merged.get(one.slot)
            if kept is None or one.delivered_at > kept.known_since:
                below = kept.labware if kept is not None and kept.stated and all(map(is_adapter, kept.labware)) else ()
                merged[one.slot] = KnownSlot(
                    one.slot, (*below, one.labware_type), kept.module_model if kept else "", one.labware_id,
                    "Handover", one.delivered_at,
                )  # fmt: skip
        for slot, rack in self._racks.items():
            kept = merged.get(slot)
            if kept is None or (rack.declared_at > kept.known_since and rack.definition_uri not in kept.labware):
                merged[slot] = KnownSlot(slot, (rack.definition_uri,), known_since=rack.declared_at)
        self.slots.set(MappingProxyType({slot: merged[slot] for slot in sorted(merged, key=int)}))

    def _write_if_possible(self) -> None:
        """What has happened is so whether or not it can be written down; the next change tries again."""
        write_down(partial(self._store.replace, tuple(self._kept.values())), "What stands on the deck")


def _has_left(known: KnownSlot, found: SlotLoad, here: Collection[str]) -> bool:
    """Return whether a run has moved away the labware that was on top in a slot."""
    return bool(known.identifiers) and known.identifiers[-1] in here and known.identifiers[-1] not in found.identifiers


def _parts_of(deck_state: DeckState) -> tuple[list[Piece], dict[str, tuple[str, str]]]:
    """Return the labware and the modules of a session."""
    pieces = [
        Piece(f"session/{one.labware_id}", one.uri, _in_session(one.location, deck_state))
        for one in deck_state.labware.values()
    ]
    return pieces, {module.module_id: (module.slot, module.model) for module in deck_state.modules.values()}


def _in_session(location: str, deck_state: DeckState) -> str:
    return f"session/{location}" if location in deck_state.labware else location
