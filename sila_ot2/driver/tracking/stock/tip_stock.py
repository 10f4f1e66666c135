"""The tips on the deck beyond the end of a run: what was declared, and what the commands of every run have done since.

The same commands change the contents of wells (`LiquidStock`). Each command is applied once, although both the session
that carries it out and the tracker of the run read it. What cannot be known is Unknown. Tips of racks that were not
declared are not followed, and commands that use them are not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

from sila_ot2.driver.deck.state.contents import LiquidProblem
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.known_labware import KnownLabware
from sila_ot2.driver.deck.state.tip_racks import PLACES, RackDeck, free_places, is_same_labware, new_rack, next_free
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.liquids.liquid_use import CONCERNS_LIQUIDS, RunDeck, RunParts
from sila_ot2.driver.tracking.stock.deck_records import DeckRecords
from sila_ot2.driver.tracking.stock.liquid_stock import LiquidStock
from sila_ot2.driver.tracking.tips.tip_use import CONCERNS_TIPS, LOST
from sila_ot2.errors import NoTipAvailable, TipRackNotDeclared, WellUnknown
from sila_ot2.robot import wire
from sila_ot2.store.deck_use import DeckUse
from sila_ot2.store.tip_racks import END, DeclaredRack, TipPlaceState, TipRackStore, Trash
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

Racks = Mapping[str, DeclaredRack]
"""Tip racks by slot."""
RUNS_IN_MEMORY = 5
HOW_TO_CORRECT = "Put a new rack there and call ResetTips, or correct what is known of the rack with MarkTips."
CONCERNS_DECK = CONCERNS_TIPS | CONCERNS_LIQUIDS
STAYS_IN_RUN = frozenset(
    {"configureNozzleLayout", "moveToWell", "touchTip", "moveRelative", "moveToCoordinates", "moveToAddressableArea",
     "moveToAddressableAreaForDropTip", "home"}
)  # fmt: skip
"""Commands that change neither tips nor liquids of the deck, but what later commands of their run do."""


class TipStock:
    """One per robot; safe to use from any thread. No lock is held while the robot is read."""

    def __init__(self, store: TipRackStore, labware: KnownLabware | None = None) -> None:
        """Go on where the last process has ended.

        Args:
            store: keeps what is known, and of which commands.
            labware: whose definitions are known; those that robots have themselves if it is not given.
        """
        self._store = store
        self._records = DeckRecords(store)
        self.labware = labware or KnownLabware()
        self._runs: dict[str, RunDeck] = {}
        self._applied: dict[str, set[str]] = {}
        self.liquids = LiquidStock(self._records, self.labware)
        self.racks: Observable[Racks] = Observable(MappingProxyType(store.racks()))
        self.trash: Observable[Trash] = Observable(store.trash())

    # --- what people declare ------------------------------------------------------------------------------------------

    def reset(self, slot: str, definition_uri: str) -> None:
        """Declare that a rack full of unused tips stands in a slot; without a definition, of the kind that stood there.

        Raises:
            TipRackNotDeclared: no definition was given, and no rack is declared there; or it is not one of a tip rack.
            StorageFull: it could not be written down; it holds until this server ends.
        """
        with self._records.changing:
            uri = definition_uri or self._rack(slot).definition_uri
            known = self.labware.find(uri)
            if known is not None and not known.is_tip_rack:
                raise TipRackNotDeclared(f"{uri} is not a tip rack.", "Give the definition of a tip rack.")
            self._set({**self.racks.value, slot: new_rack(slot, uri, utc_now())})
            self.liquids.forget(slot)
            self._records.write()

    def mark(self, slot: str, places: Sequence[str], state: TipPlaceState) -> None:
        """State what places of a rack hold; without places, what all of them hold.

        Raises:
            TipRackNotDeclared: no rack is declared there.
            WellUnknown: a rack has no such place.
            StorageFull: as `reset`.
        """
        unknown = [place for place in places if place not in PLACES]
        if unknown:
            raise WellUnknown(f"A tip rack has no place {', '.join(unknown)}.", "The places are A1 to H12.")
        with self._records.changing:
            rack = self._rack(slot)
            marked = replace(rack, places={**rack.places, **dict.fromkeys(places or PLACES, state)})
            self._set({**self.racks.value, slot: marked})
            self._records.write()

    def remove(self, slot: str) -> None:
        """State that no rack stands in a slot that is to be followed; none is declared: nothing to do.

        Raises:
            StorageFull: as `reset`.
        """
        with self._records.changing:
            self._set({other: rack for other, rack in self.racks.value.items() if other != slot})
            self._records.write()

    def empty_trash(self) -> None:
        """State that the trash has been emptied.

        Raises:
            StorageFull: as `reset`.
        """
        with self._records.changing:
            self._set_trash(Trash(0, utc_now()))
            self._records.write()

    def forget(self) -> None:
        """Know of no rack and no trash any more: the robot is another one."""
        with self._records.changing:
            self._set({})
            self._set_trash(Trash())
            self._records.write_if_possible()

    # --- what is there to use -----------------------------------------------------------------------------------------

    def next_tips(self, definition_uri: str, channels: int) -> tuple[str, tuple[str, ...]]:
        """Return slot and places of the next unused tips, of any kind if no definition is given.

        Raises:
            NoTipAvailable: there are none.
        """
        return _next_tips(self.racks.value, definition_uri, channels)

    def reserve(self, definition_uri: str, channels: int, count: int) -> list[tuple[str, str]]:
        """Keep tips from being given out until they are used or marked; returns slot and place of each pick-up.

        Args:
            definition_uri: empty: of any kind.
            channels: of the pipette.
            count: how many times the pipette will pick up.

        Raises:
            NoTipAvailable: there are not as many; none is reserved then.
            StorageFull: as `reset`.
        """
        with self._records.changing:
            racks, found = dict(self.racks.value), []
            for number in range(count):
                try:
                    slot, places = _next_tips(racks, definition_uri, channels)
                except NoTipAvailable as short:
                    raise NoTipAvailable.of(
                        short, before=f"Of {count} pick-ups, {number} could be reserved."
                    ) from short
                reserved: dict[str, TipPlaceState] = dict.fromkeys(places, "Reserved")
                racks[slot] = replace(racks[slot], places={**racks[slot].places, **reserved})
                found.append((slot, places[0]))
            self._set(racks)
            self._records.write()
            return found

    def applied_to(self, deck_state: DeckState) -> DeckState:
        """Return the deck state of a session with what is known here of its racks: what is used, and what is empty."""
        used, empty = dict(deck_state.used_tips), dict(deck_state.empty_places)
        for labware in deck_state.labware.values():
            rack = self.racks.value.get(labware.location)
            if labware.is_tip_rack and rack is not None and is_same_labware(rack.definition_uri, labware.uri):
                used[labware.labware_id] = frozenset(rack.places) - frozenset(free_places(rack))
                empty[labware.labware_id] = frozenset(p for p, state in rack.places.items() if state == "Empty")
        return replace(deck_state, used_tips=used, empty_places=empty) if self.racks.value else deck_state

    # --- what runs do -------------------------------------------------------------------------------------------------

    def take(
        self,
        run_id: str,
        commands: Sequence[wire.Command],
        parts: RunParts,
        read: Callable[[str], wire.Command] | None = None,
        *,
        are_read_again: bool = True,
    ) -> None:
        """Apply commands of a run that have ended, in their order; those that have been applied are passed over.

        Args:
            run_id: whose commands.
            commands: all that have ended, or those from there on where the last call has ended.
            parts: of the run.
            read: reads a command with its result, which lists leave out.
            are_read_again: whether the next process gives all commands of the run again; then those that change neither
                tips nor liquids are written down with the next one that does.

        Raises:
            StorageFull: it could not be written down. The next call tries again.
            OT2Fault: what `read` raises; nothing of `commands` was applied.
        """
        concerned = [command for command in commands if command.command_type in CONCERNS_DECK]
        must_write = False
        if concerned:
            loaded = self._loaded(run_id, concerned, parts, read)
            with self._records.changing:
                applied = self._apply(run_id, concerned, parts, loaded)
            must_write = not are_read_again or not applied <= STAYS_IN_RUN
        if must_write or self._records.is_due:
            with self._records.changing:
                self._records.write()

    def foresee(self, run_id: str, commands: Sequence[wire.Command], parts: RunParts) -> list[LiquidProblem]:
        """Return what would be wrong with the liquids if these commands succeeded next in a run; nothing is changed."""
        with self._records.changing:
            run, _ = self._known(run_id)
            run, contents = run.to_foresee(), self.liquids.begin()
        racks = RackDeck({}, utc_now())
        for command in commands:
            run.follow(command, str(command.params.get("labwareId", "")), parts, racks, contents, self.labware)
        return contents.problems

    def end(self, run_id: str, dropped: Collection[str]) -> None:
        """Count the tips that the robot has dropped by itself at the end of a run that was played.

        Args:
            run_id: the run.
            dropped: the pipettes, by identifier.
        """
        with self._records.changing:
            run = self._close(run_id)
            if run is not None:
                count = sum(run.released(pipette_id) for pipette_id in dropped)
                self._set_trash(replace(self.trash.value, count=self.trash.value.count + count))
                self._records.write_if_possible()

    def lose(self, run_id: str) -> None:
        """Doubt every rack and well: the commands of a run cannot be read to the end."""
        with self._records.changing:
            if (run := self._close(run_id)) is not None:
                run.use.is_complete = False
                deck, contents = RackDeck(self.racks.value, utc_now()), self.liquids.begin()
                deck.doubt(*deck.racks)
                contents.doubt_all()
                self._set(deck.racks)
                self.liquids.keep(contents)
                self._records.write_if_possible()

    def has_followed(self, run_id: str) -> bool:
        """Return whether a command of a run or session was followed."""
        with self._records.changing:
            return bool(self._known(run_id)[1])

    def use_of(self, run_id: str) -> DeckUse:
        """Return what a run has done so far to wells and tips."""
        with self._records.changing:
            return self._known(run_id)[0].use.model_copy(deep=True)

    def _close(self, run_id: str) -> RunDeck | None:
        """Note the end of a run; returns what is known of it, None if that has been concluded from before."""
        run, applied = self._known(run_id)
        if END in applied:
            return None
        applied.add(END)
        write_down(self._store.forget_old_runs, "Which runs are old")
        self._records.runs[run_id] = run
        self._records.unwritten.commands.add((run_id, END))
        return run

    def _loaded(
        self,
        run_id: str,
        commands: Sequence[wire.Command],
        parts: RunParts,
        read: Callable[[str], wire.Command] | None,
    ) -> Mapping[str, str]:
        """Return the labware that commands have loaded; a command is read again if the list of the run lacks it."""
        with self._records.changing:
            run, applied = self._known(run_id)
            known = set(run.labware)
        moved = run.has_moved or any(command.command_type == "moveLabware" for command in commands)
        found = {}
        for command in commands:
            if command.command_type == "loadLabware" and command.status == "succeeded" and command.id not in applied:
                labware_id = str((command.result or {}).get("labwareId") or command.params.get("labwareId") or "")
                labware_id = labware_id or parts.labware_of(command, known, moved=moved)
                if not labware_id and read is not None:
                    labware_id = str((read(command.id).result or {}).get("labwareId") or "")
                found[command.id] = labware_id
                known.add(labware_id)
        return found

    def _apply(
        self, run_id: str, commands: Sequence[wire.Command], parts: RunParts, loaded: Mapping[str, str]
    ) -> Set[str]:
        """Apply those of the commands that have not been; returns of which types these are."""
        run, applied = self._known(run_id)
        deck, contents = RackDeck(self.racks.value, utc_now()), self.liquids.begin()
        trashed, types = 0, set[str]()
        for command in commands if END not in applied else ():
            if command.id not in applied:
                types.add(command.command_type)
                trashed += run.follow(command, loaded.get(command.id, ""), parts, deck, contents, self.labware)
                if command.id != LOST:
                    applied.add(command.id)
                    self._records.unwritten.commands.add((run_id, command.id))
        self._records.runs[run_id] = run
        self._set(deck.racks)
        if trashed:
            self._set_trash(replace(self.trash.value, count=self.trash.value.count + trashed))
        self.liquids.keep(contents)
        return types

    def _known(self, run_id: str) -> tuple[RunDeck, set[str]]:
        if run_id not in self._runs:
            state, applied = self._store.run(run_id)
            self._runs[run_id] = RunDeck.read(state) if state else RunDeck()
            self._applied[run_id] = set(applied)
            for old in list(self._runs)[:-RUNS_IN_MEMORY]:
                if old not in self._records.runs:
                    del self._runs[old], self._applied[old]
        return self._runs[run_id], self._applied[run_id]

    def _rack(self, slot: str) -> DeclaredRack:
        rack = self.racks.value.get(slot)
        if rack is None:
            declared = ", ".join(sorted(self.racks.value, key=int)) or "none"
            raise TipRackNotDeclared(
                f"No tip rack is declared in slot {slot}; slots with a declared rack: {declared}.",
                "Declare it with ResetTips and the URI of its definition.",
            )
        return rack

    def _set(self, racks: Mapping[str, DeclaredRack]) -> None:
        before = self.racks.value
        for slot in before.keys() - racks.keys():
            self._records.unwritten.removed.add(slot)
            self._records.unwritten.racks.pop(slot, None)
        for slot, rack in racks.items():
            if before.get(slot) != rack:
                self._records.unwritten.racks[slot] = rack
                self._records.unwritten.removed.discard(slot)
        self.racks.set(MappingProxyType(dict(racks)))

    def _set_trash(self, trash: Trash) -> None:
        if trash != self.trash.value:
            self._records.unwritten.trash = trash
            self.trash.set(trash)


def _next_tips(racks: Racks, definition_uri: str, channels: int) -> tuple[str, tuple[str, ...]]:
    for slot in sorted(racks, key=int):
        is_wanted = not definition_uri or is_same_labware(racks[slot].definition_uri, definition_uri)
        if is_wanted and (places := next_free(racks[slot], channels)):
            return slot, places
    kind = f" of {definition_uri}" if definition_uri else ""
    raise NoTipAvailable(
        f"No unused tips for {channels} channel{'s' if channels > 1 else ''} are left in any declared rack{kind}.",
        "Put a new rack on the deck and call ResetTips.",
    )
