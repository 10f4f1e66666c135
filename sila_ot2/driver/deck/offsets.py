"""Labware offsets: given with a run, or taken from the store that every run feeds."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sila_ot2.errors import LabwareOffsetInvalid
from sila_ot2.robot import wire
from sila_ot2.store.offsets import OffsetStore, StoredOffset
from sila_ot2.store.runs import KeptOffset
from sila_ot2.times import utc_now


class Offsets:
    """One per robot; safe to use from any thread."""

    def __init__(self, store: OffsetStore) -> None:
        self._store = store

    def keep_given(self, offsets: Iterable[KeptOffset]) -> None:
        """Keep offsets that a client gave with a run."""
        now = utc_now()
        self._store.keep(_stored(offset, now) for offset in offsets)

    def import_from(self, run: wire.Run, first_seen_at: datetime.datetime) -> None:
        """Keep the offsets of a run, whoever created it, unless newer ones are known.

        Args:
            run: the run.
            first_seen_at: when this server saw the run first, by its own clock: the robot's may be wrong, and an offset
                from the future would stay the newest.
        """
        self._store.keep(
            _stored(_kept(offset), first_seen_at)
            for offset in run.labware_offsets
            if isinstance(offset.location.get("slotName"), str)
        )

    def for_run(
        self, given: Iterable[KeptOffset], *, use_stored: bool, analysis: wire.Analysis | None
    ) -> tuple[KeptOffset, ...]:
        """Return the offsets of a run: those given, and of the stored ones those its labware needs.

        Args:
            given: these win over stored ones for the same labware and place.
            use_stored: whether stored ones are used at all.
            analysis: tells which labware the protocol loads; without it all that are stored are used.
        """
        chosen = {(offset.definition_uri, offset.slot, offset.module_model): offset for offset in given}
        if use_stored:
            used = {labware.definition_uri for labware in analysis.labware} if analysis else None
            for stored in self._store.all():
                if used is None or stored.definition_uri in used:
                    key = (stored.definition_uri, stored.slot, stored.module_model)
                    chosen.setdefault(key, KeptOffset.model_validate(vars(stored)))
        return tuple(chosen.values())


def require_effect(given: Iterable[KeptOffset], analysis: wire.Analysis) -> None:
    """Return if each offset shifts something that the protocol loads, or has moved by hand.

    Labware on an adapter is not shifted by the offset of its slot.

    Raises:
        LabwareOffsetInvalid: one does not, or two are given for one place; the message names them.
    """
    places = [_place(offset) for offset in given]
    twice = [place for place, count in Counter(places).items() if count > 1]
    if twice:
        raise LabwareOffsetInvalid(f"Two labware offsets are given for {_listed(twice)}.", "Give one.")
    standing = _standing(analysis)
    unused = [place for place in places if place not in standing]
    if unused:
        raise LabwareOffsetInvalid(
            f"The labware offset for {_listed(unused)} fits nothing of the protocol.",
            "Leave it out, or correct labware, slot and module. Offsets fit: "
            f"{_listed(sorted(standing)) or 'nothing'}.",
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


_Place = tuple[str, str, str]
"""Definition, slot, and model of the module under the labware (empty: none)."""


def _place(offset: KeptOffset) -> _Place:
    return offset.definition_uri, offset.slot, offset.module_model


def _standing(analysis: wire.Analysis) -> set[_Place]:
    """Return where the protocol's labware stands at any time."""
    modules = {module.id: module for module in analysis.modules}
    definitions = {labware.id: labware.definition_uri for labware in analysis.labware}
    found: list[tuple[str | None, Any]] = [(labware.id, labware.location) for labware in analysis.labware]
    for command in analysis.commands:
        if command.command_type == "loadLabware":
            found.append(((command.result or {}).get("labwareId"), command.params.get("location")))
        elif command.command_type == "moveLabware":
            found.append((command.params.get("labwareId"), command.params.get("newLocation")))
    places: set[_Place] = set()
    for labware_id, location in found:
        if labware_id not in definitions or not isinstance(location, Mapping):
            continue
        module = modules.get(location.get("moduleId", ""))
        deck = module.location if module else location
        slot = deck.get("slotName") if isinstance(deck, Mapping) else None
        if slot:
            places.add((definitions[labware_id], str(slot), module.model if module else ""))
    return places


def _listed(places: Iterable[_Place]) -> str:
    return "; ".join(f"{uri} in slot {slot}{f' on {model}' if model else ''}" for uri, slot, model in places)


def _kept(offset: wire.LabwareOffset) -> KeptOffset:
    return KeptOffset(
        definition_uri=offset.definition_uri,
        slot=str(offset.location.get("slotName", "")),
        module_model=str(offset.location.get("moduleModel") or ""),
        x_mm=offset.vector.x,
        y_mm=offset.vector.y,
        z_mm=offset.vector.z,
    )


def _stored(offset: KeptOffset, measured_at: datetime.datetime) -> StoredOffset:
    return StoredOffset(**offset.model_dump(), measured_at=measured_at)
