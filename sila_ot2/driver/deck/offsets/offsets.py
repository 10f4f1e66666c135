"""Labware offsets: given with a run, set by clients, or taken from runs and from the robot's own store."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sila_ot2.driver.deck.offsets.offset_choice import OffsetChoice, Place, choose, kept, other_robot, place_of
from sila_ot2.driver.deck.offsets.offset_file import read_offsets, write_offsets
from sila_ot2.driver.deck.offsets.offset_of_store import newest_of, read_in_sequence
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import LabwareOffsetInvalid, LabwareOffsetNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.offsets import OffsetStore, Source, StoredOffset
from sila_ot2.store.runs import KeptOffset
from sila_ot2.times import utc_now


class OffsetEntry(NamedTuple):
    """A stored offset, and why it is not applied on this robot; empty if it is, wherever it fits."""

    stored: StoredOffset
    reason: str


class Offsets:
    """One per robot; safe to use from any thread."""

    def __init__(self, robot: RobotClient, store: OffsetStore, serial: Callable[[], str]) -> None:
        """Connect it to the robot, whose `serial` number is empty as long as it is not known."""
        self._robot = robot
        self._store = store
        self._serial = serial
        self.entries: Observable[tuple[OffsetEntry, ...]] = Observable(())
        self.notify()

    def keep_given(self, offsets: Iterable[KeptOffset]) -> None:
        """Keep offsets that a client gave with a run, in place of what is kept."""
        self._keep((self._stored(offset, utc_now(), "Client") for offset in offsets), replace=True)

    def import_from(self, run: wire.Run, first_seen_at: datetime.datetime) -> None:
        """Keep the offsets of a run, whoever created it, unless newer ones are known.

        Those of labware on an adapter are left out: they are about both.

        Args:
            run: the run.
            first_seen_at: when this server saw the run first, by its own clock: the robot's may be wrong, and an offset
                from the future would stay the newest.
        """
        self._keep(self._stored(offset, first_seen_at, "Run") for offset in offsets_of(run))

    def import_from_robot(self) -> tuple[int, int]:
        """Keep the newest offset of each place in the robot's own store, unless newer ones are known.

        Returns:
            How many are kept, and how many of the robot's were passed over: older than what is kept, for labware
            on an adapter, or for any place.

        Raises:
            UnsupportedByRobot: it has no such store (before release 8.4).
        """
        now, listed = utc_now(), self._robot.stored_labware_offsets()
        newest = newest_of(listed).values()
        count = self._keep(self._stored(one.offset, min(one.created_at, now), "Robot") for one in newest)
        return count, len(listed) - count

    def set_offset(self, offset: KeptOffset) -> None:
        """Keep an offset in place of what is kept for the same labware and place."""
        self._keep([self._stored(offset, utc_now(), "Client")], replace=True)

    def remove_offset(self, definition_uri: str, slot: str, module_model: str) -> None:
        """Remove an offset; the run that it came from does not bring it back.

        Raises:
            LabwareOffsetNotFound: none is kept for this labware and place.
        """
        for stored, _ in self.entries.value:
            if (stored.definition_uri, stored.slot, stored.module_model) == (definition_uri, slot, module_model):
                self._keep([self._stored(kept(stored), utc_now(), "Client")], replace=True, removed=True)
                return
        raise LabwareOffsetNotFound(
            f"No offset is kept for {listed_places([(definition_uri, slot, module_model)])}.", "Look at StoredOffsets."
        )

    def import_file(self, content: bytes) -> tuple[int, int]:
        """Keep the offsets of a file, unless newer ones are known; returns how many, and how many were passed over.

        Raises:
            LabwareOffsetInvalid: it is not a file of labware offsets; nothing was kept.
        """
        offsets = read_offsets(content, utc_now())
        count = self._keep(offsets)
        return count, len(offsets) - count

    def export_file(self) -> bytes:
        """Return all offsets as a file, for `import_file`."""
        return write_offsets(stored for stored, _ in self.entries.value)

    def for_run(self, given: Iterable[KeptOffset], *, use_stored: bool, analysis: wire.Analysis | None) -> OffsetChoice:
        """Return the offsets of a run: those given, and of the stored ones those that fit.

        Args:
            given: these win over stored ones for the same labware and place.
            use_stored: whether stored ones are used at all.
            analysis: which labware the protocol loads, and where; without it, all offsets of this robot are used.
        """
        stored = [stored for stored, _ in self.entries.value] if use_stored else []
        return choose(given, stored, _standing(analysis) if analysis else None, self._serial())

    def for_session(self) -> list[dict[str, Any]]:
        """Return all of this robot, as it takes them, for a run whose labware is loaded step by step.

        The robot applies each to labware of its definition in its slot, on its model of module. Empty if its release
        takes no offsets.
        """
        if not self._robot.release.can(Ability.LABWARE_OFFSETS):
            return []
        return [on_the_wire(offset) for offset in self.for_run((), use_stored=True, analysis=None).applied]

    def notify(self) -> None:
        """Bring `entries` up to date: something was stored, or another robot is worked with."""
        serial = self._serial()
        self.entries.set(tuple(OffsetEntry(one, other_robot(one, serial)) for one in self._store.all()))

    def _keep(self, offsets: Iterable[StoredOffset], *, replace: bool = False, removed: bool = False) -> int:
        count = self._store.keep(offsets, replace=replace, removed=removed)
        if count:
            self.notify()
        return count

    def _stored(self, offset: KeptOffset, measured_at: datetime.datetime, source: Source) -> StoredOffset:
        return StoredOffset(**offset.model_dump(), measured_at=measured_at, source=source, robot_serial=self._serial())


def require_effect(given: Iterable[KeptOffset], analysis: wire.Analysis) -> None:
    """Return if each offset shifts something that the protocol loads, or has moved by hand.

    Labware on an adapter is not shifted by the offset of its slot.

    Raises:
        LabwareOffsetInvalid: one does not, or two are given for one place; the message names them.
    """
    places = [place_of(offset) for offset in given]
    twice = [place for place, count in Counter(places).items() if count > 1]
    if twice:
        raise LabwareOffsetInvalid(f"Two labware offsets are given for {listed_places(twice)}.", "Give one.")
    standing = _standing(analysis)
    unused = [place for place in places if place not in standing]
    if unused:
        raise LabwareOffsetInvalid(
            f"The labware offset for {listed_places(unused)} fits nothing of the protocol.",
            "Leave it out, or correct labware, slot and module. Offsets fit: "
            f"{listed_places(sorted(standing)) or 'nothing'}.",
        )


def on_the_wire(offset: KeptOffset) -> dict[str, Any]:
    """Return an offset as the robot takes it when a run is created."""
    location: dict[str, str] = {"slotName": offset.slot}
    if offset.module_model:
        location["moduleModel"] = offset.module_model
    return {
        "definitionUri": offset.definition_uri,
        "location": location,
        "vector": {"x": offset.x_mm, "y": offset.y_mm, "z": offset.z_mm},
    }


def _standing(analysis: wire.Analysis) -> set[Place]:
    """Return where the protocol's labware stands at any time."""
    modules = {module.id: module for module in analysis.modules}
    definitions = {labware.id: labware.definition_uri for labware in analysis.labware}
    found: list[tuple[str, Any]] = [(labware.id, labware.location) for labware in analysis.labware]
    for command in analysis.commands:
        if command.command_type == "loadLabware":
            found.append((str((command.result or {}).get("labwareId")), command.params.get("location")))
        elif command.command_type == "moveLabware":
            found.append((str(command.params.get("labwareId")), command.params.get("newLocation")))
    places: set[Place] = set()
    for labware_id, location in found:
        if labware_id not in definitions or not isinstance(location, Mapping):
            continue
        module = modules.get(str(location.get("moduleId", "")))
        deck = module.location if module else location
        slot = deck.get("slotName") if isinstance(deck, Mapping) else None
        if slot:
            places.add((definitions[labware_id], str(slot), module.model if module else ""))
    return places


def listed_places(places: Iterable[Place]) -> str:
    """Return the places for a message."""
    return "; ".join(f"{uri} in slot {slot}{f' on {model}' if model else ''}" for uri, slot, model in places)


def offsets_of(run: wire.Run) -> tuple[KeptOffset, ...]:
    """Return the offsets that the robot reports for a run, without those of labware on an adapter."""
    return tuple(one for offset in run.labware_offsets if (one := _of_run(offset)) is not None)


def _of_run(offset: wire.LabwareOffset) -> KeptOffset | None:
    """Return an offset of the robot; None if it is for labware on an adapter, or for no slot of the deck."""
    if offset.location is None:
        return read_in_sequence(offset)
    slot, adapter = offset.location.get("slotName"), offset.location.get("definitionUri")
    if slot not in SLOTS or adapter:
        return None
    return KeptOffset(
        definition_uri=offset.definition_uri,
        slot=slot,
        module_model=str(offset.location.get("moduleModel") or ""),
        x_mm=offset.vector.x,
        y_mm=offset.vector.y,
        z_mm=offset.vector.z,
    )
