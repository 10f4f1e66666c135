"""What a protocol needs to stand on the deck when it begins, and where it lets somebody put labware later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sila_ot2.driver.deck.slots.standing import Piece, SlotLoad, modules_of, standing
from sila_ot2.driver.deck.state.labware import SLOTS, location_from_wire
from sila_ot2.robot import wire

_COVERED_BY_THERMOCYCLER = ("8", "10", "11")
"""Besides slot 7, in which it is loaded."""


@dataclass(frozen=True)
class DeckNeeds:
    """What a protocol needs, by slot; of slots that are in neither it needs nothing."""

    standing: Mapping[str, SlotLoad] = field(default_factory=dict)
    """What stands there when it begins."""
    kept_empty: Mapping[str, str] = field(default_factory=dict)
    """Where nothing may stand when it begins, and why."""


def needs_of(analysis: wire.Analysis) -> DeckNeeds:
    """Return what the protocol of an analysis needs.

    Labware that is loaded in a slot from or to which labware was moved before is not needed when it begins.
    """
    uris = {labware.id: labware.definition_uri for labware in analysis.labware}
    modules = modules_of(analysis)
    where: dict[str, str] = {}
    first: list[Piece] = []
    moved: set[str] = set()
    kept_empty = {
        slot: f"it is covered by the {model}"
        for _, model in modules.values()
        if model.startswith("thermocycler")
        for slot in _COVERED_BY_THERMOCYCLER
    }

    def slot_of(location: str) -> str:
        seen: set[str] = set()
        while location in where and location not in seen:
            seen.add(location)
            location = where[location]
        return modules.get(location, (location,))[0]

    for command in analysis.commands:
        if command.command_type not in ("loadLabware", "moveLabware"):
            continue
        params = command.params
        labware_id = str(params.get("labwareId") or (command.result or {}).get("labwareId") or "")
        if command.command_type == "loadLabware":
            uri = f"{params.get('namespace')}/{params.get('loadName')}/{params.get('version')}"
            uri = uris.setdefault(labware_id, uri)
            where[labware_id] = location_from_wire(params.get("location"))
            if slot_of(labware_id) not in moved:
                first.append(Piece(labware_id, uri, where[labware_id]))
            continue
        moved.add(slot_of(labware_id))
        where[labware_id] = location_from_wire(params.get("newLocation"))
        target = slot_of(labware_id)
        if target not in moved and target in SLOTS:
            kept_empty.setdefault(target, f"{uris.get(labware_id, 'labware')} is moved there")
        moved.add(target)
    found = standing(first, modules)
    return DeckNeeds(found, {slot: why for slot, why in kept_empty.items() if slot not in found})
