"""The commands of a protocol for people and programs, with the place where the protocol carries each of them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sila_ot2.driver.deck.state.labware import location_from_wire
from sila_ot2.driver.tracking.steps.step_text import step_text
from sila_ot2.robot import wire


class ProtocolCommand(NamedTuple):
    """A command; what it does not have is empty."""

    number: int
    """From 1."""
    command_type: str
    text: str
    mount: str
    labware: str
    """The identifier of its definition."""
    slot: str
    """Where the labware stands before the command, as far as the protocol says."""
    well: str
    volume_ul: float | None


def protocol_commands(analysis: wire.Analysis) -> Iterator[ProtocolCommand]:
    """Yield the commands of a protocol."""
    slots = {one.id: location_from_wire(one.location) for one in analysis.modules}
    slots |= {one.id: location_from_wire(one.location) for one in analysis.labware}
    mounts = {one.id: one.mount for one in analysis.pipettes}
    definitions = {one.id: one.definition_uri for one in analysis.labware}
    # An analysis says where labware stands at its end, and a text is to say nothing that is not so yet.
    nameable = [one.model_copy(update={"location": None}) for one in analysis.labware]
    for number, command in enumerate(analysis.commands, start=1):
        params, text = command.params, step_text(command, nameable)
        labware = str(params.get("labwareId") or (command.result or {}).get("labwareId") or "")
        if command.command_type == "loadLabware":
            slots[labware] = _slot(params.get("location"), slots)
        elif command.command_type == "moveLabware":
            text += f" to {_slot(params.get('newLocation'), slots)}"
        yield ProtocolCommand(
            number,
            command.command_type,
            text,
            mounts.get(str(params.get("pipetteId", "")), ""),
            definitions.get(labware, ""),
            slots.get(labware) or slots.get(str(params.get("moduleId", "")), ""),
            str(params.get("wellName") or ""),
            params.get("volume"),
        )
        if command.command_type == "moveLabware":
            slots[labware] = _slot(params.get("newLocation"), slots)


def _slot(location: Any, slots: dict[str, str]) -> str:
    """Return the slot of a location, which may be on a module or on other labware; else its name."""
    name = location_from_wire(location)
    is_beneath = isinstance(location, dict) and ("moduleId" in location or "labwareId" in location)
    return slots.get(name, name) if is_beneath else name
