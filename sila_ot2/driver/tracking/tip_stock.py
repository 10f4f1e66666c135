"""The tips on the deck beyond the end of a run: what was declared, and what the commands of every run have done since.

Each command is applied once, whoever reads it: the session as it carries it out, or the tracker of the run. What nobody
can know is Unknown. Where no rack was declared, nothing is claimed and nothing is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.tip_racks import PLACES, RackDeck, free_places, is_same_labware, new_rack, next_free
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.tip_use import CONCERNS_TIPS, LOST, RunTips
from sila_ot2.errors import NoTipAvailable, TipRackNotDeclared, WellUnknown
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import DeclaredRack, TipPlaceState, TipRackStore, TipRecords, Trash
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

Racks = Mapping[str, DeclaredRack]
"""Tip racks by slot."""
RUNS_IN_MEMORY = 5
HOW_TO_CORRECT = "Put a new rack there and call ResetTips, or correct what is known of the rack with MarkTips."
END = "end"
"""Applied after the last command of a run."""


class TipStock:
    """One per robot; safe to use from any thread. Nothing here asks the robot while others wait."""

    def __init__(self, store: TipRackStore) -> None:
        """Go on where the last process has ended."""
        self._store = store
        self._changing = threading.RLock()
        self._runs: dict[str, RunTips] = {}
        self._applied: dict[str, set[str]] = {}
        self._unwritten = TipRecords()
        self.racks: Observable[Racks] = Observable(MappingProxyType(store.racks()))
        self.trash: Observable[Trash] = Observable(store.trash())

    # --- what people declare ------------------------------------------------------------------------------------------

    def reset(self, slot: str, definition_uri: str) -> None:
        """Declare that a rack full of unused tips stands in a slot; without a definition, of the kind that stood there.

        Raises:
            TipRackNotDeclared: no definition was given, and no rack is declared there.
            StorageFull: it could not be written down; it holds until this server ends.
        """
        with self._changing:
            uri = definition_uri or self._rack(slot).definition_uri
            self._set({**self.racks.value, slot: new_rack(slot, uri, utc_now())})
            self._write()

    def mark(self, slot: str, places: Sequence[str], state: TipPlaceState) -> None:
        """State what is so at places of a rack; without places, at all of them.

        Raises:
            TipRackNotDeclared: no rack is declared there.
            WellUnknown: a rack has no such place.
            StorageFull: as `reset`.
        """
        unknown = [place for place in places if place not in PLACES]
        if unknown:
            raise WellUnknown(f"A tip rack has no place {', '.join(unknown)}.", "The places are A1 to H12.")
        with self._changing:
            rack = self._rack(slot)
            marked = replace(rack, places={**rack.places, **dict.fromkeys(places or PLACES, state)})
            self._set({**self.racks.value, slot: marked})
            self._write()

    def remove(self, slot: str) -> None:
        """State that no rack stands in a slot that is to be followed; none is declared: nothing to do.

        Raises:
            StorageFull: as `reset`.
        """
        with self._changing:
            self._set({other: rack for other, rack in self.racks.value.items() if other != slot})
            self._write()

    def empty_trash(self) -> None:
        """State that the trash has been emptied.

        Raises:
            StorageFull: as `reset`.
        """
        with self._changing:
            self._set_trash(Trash(0, utc_now()))
            self._write()

    def forget(self) -> None:
        """Know of no rack and no trash any more: the robot is another one."""
        with self._changing:
            self._set({})
            self._set_trash(Trash())
            self._write_if_possible()

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
        with self._changing:
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
            self._write()
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
        pipettes: Mapping[str, str],
        read: Callable[[str], wire.Command] | None = None,
    ) -> None:
        """Apply commands of a run that have ended, in their order; those that have been applied are passed over.

        Args:
            run_id: whose commands.
            commands: all that have ended, or those from there on where the last call has ended.
            pipettes: names of the run's pipettes by identifier.
            read: reads a command with its result, which lists leave out.

        Raises:
            StorageFull: it could not be written down. The next call tries again.
            OT2Fault: what `read` raises; nothing of `commands` was applied.
        """
        concerned = [command for command in commands if command.command_type in CONCERNS_TIPS]
        if concerned:
            loaded = self._loaded(run_id, concerned, read)
            with self._changing:
                self._apply(run_id, concerned, pipettes, loaded)
        if concerned or not self._is_written:
            with self._changing:
                self._write()

    def end(self, run_id: str, dropped: Collection[str]) -> None:
        """Count the tips that the robot has dropped by itself at the end of a run that was played.

        Args:
            run_id: the run.
            dropped: the pipettes, by identifier.
        """
        with self._changing:
            run = self._close(run_id)
            if run is not None:
                count = sum(run.released(pipette_id) for pipette_id in dropped)
                self._set_trash(replace(self.trash.value, count=self.trash.value.count + count))
                self._write_if_possible()

    def lose(self, run_id: str) -> None:
        """Doubt every rack: the commands of a run cannot be read to the end."""
        with self._changing:
            if self._close(run_id) is not None:
                deck = RackDeck(self.racks.value, utc_now())
                deck.doubt(*deck.racks)
                self._set(deck.racks)
                self._write_if_possible()

    def _close(self, run_id: str) -> RunTips | None:
        """Note the end of a run; returns what is known of it, None if that has been concluded from before."""
        run, applied = self._known(run_id)
        if END in applied:
            return None
        applied.add(END)
        write_down(self._store.forget_old_runs, "Which runs are old")
        self._unwritten.runs[run_id] = run.model_dump_json()
        self._unwritten.commands.add((run_id, END))
        return run

    def _loaded(
        self, run_id: str, commands: Sequence[wire.Command], read: Callable[[str], wire.Command] | None
    ) -> Mapping[str, str]:
        """Return the labware that commands have loaded, by their identifiers; asked only while racks are declared."""
        found = {}
        with self._changing:
            _, applied = self._known(run_id)
            is_needed = bool(self.racks.value)
        for command in commands:
            if command.command_type == "loadLabware" and command.status == "succeeded" and command.id not in applied:
                found[command.id] = str(
                    (command.result or {}).get("labwareId") or command.params.get("labwareId") or ""
                )
                if not found[command.id] and read is not None and is_needed:
                    found[command.id] = str((read(command.id).result or {}).get("labwareId") or "")
        return found

    def _apply(
        self, run_id: str, commands: Sequence[wire.Command], pipettes: Mapping[str, str], loaded: Mapping[str, str]
    ) -> None:
        run, applied = self._known(run_id)
        deck = RackDeck(self.racks.value, utc_now())
        trashed = 0
        for command in commands:
            if command.id not in applied:
                trashed += run.take(command, loaded.get(command.id, ""), pipettes, deck)
                if command.id != LOST:
                    applied.add(command.id)
                    self._unwritten.commands.add((run_id, command.id))
        self._unwritten.runs[run_id] = run.model_dump_json()
        self._set(deck.racks)
        self._set_trash(replace(self.trash.value, count=self.trash.value.count + trashed))

    def _known(self, run_id: str) -> tuple[RunTips, set[str]]:
        if run_id not in self._runs:
            state, applied = self._store.run(run_id)
            self._runs[run_id] = RunTips.model_validate_json(state) if state else RunTips()
            self._applied[run_id] = set(applied)
            for old in list(self._runs)[:-RUNS_IN_MEMORY]:
                if old not in self._unwritten.runs:
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
            self._unwritten.removed.add(slot)
            self._unwritten.racks.pop(slot, None)
        for slot, rack in racks.items():
            if before.get(slot) != rack:
                self._unwritten.racks[slot] = rack
                self._unwritten.removed.discard(slot)
        self.racks.set(MappingProxyType(dict(racks)))

    def _set_trash(self, trash: Trash) -> None:
        if trash != self.trash.value:
            self._unwritten.trash = trash
            self.trash.set(trash)

    @property
    def _is_written(self) -> bool:
        return self._unwritten == TipRecords()

    def _write(self) -> None:
        if not self._is_written:
            self._store.write(self._unwritten)
            self._unwritten = TipRecords()

    def _write_if_possible(self) -> None:
        """What has happened is so whether or not it can be written down; the next write tries again."""
        write_down(partial(self._write), "What is known of the tips on the deck")


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
