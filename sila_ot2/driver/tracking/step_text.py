"""A step of a run as text for a display."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sila_ot2.robot import wire

OPERATOR_PAUSES = frozenset({"waitForResume", "pause"})


def operator_message(command: wire.Command) -> str | None:
    """Return the message of a protocol's own pause ("" if it has none), None if the command is no pause."""
    if command.command_type in OPERATOR_PAUSES:
        return str(command.params.get("message") or "")
    if command.command_type == "custom" and "PAUSE" in str(command.params.get("legacyCommandType", "")):
        return str(command.params.get("userMessage") or command.params.get("legacyCommandText") or "")
    return None


def step_text(command: wire.Command, run: wire.Run | None) -> str:
    """Return what the command does, as text; labware by its name and slot, as far as the run knows it."""
    if command.command_type == "custom":
        return str(command.params.get("legacyCommandText") or "")
    words = _TEXTS.get(command.command_type)
    if words is not None:
        return words(command.params, run)
    return _spaced(command.command_type)


def _place(params: Mapping[str, Any], run: wire.Run | None) -> str:
    labware = _labware(str(params.get("labwareId", "")), run)
    well = params.get("wellName")
    return f"{well} of {labware}" if well else labware


def _labware(labware_id: str, run: wire.Run | None) -> str:
    for labware in run.labware if run else ():
        if labware.id == labware_id:
            slot = labware.location.get("slotName") if isinstance(labware.location, dict) else None
            return f"{labware.display_name or labware.load_name}{f' in slot {slot}' if slot else ''}"
    return "its labware"


def _amount(params: Mapping[str, Any]) -> str:
    volume = params.get("volume")
    return f"{volume:g} µL" if isinstance(volume, int | float) else "liquid"


def _spaced(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.replace("/", ": "))
    return words[:1].upper() + words[1:]


_TEXTS: dict[str, Callable[[Mapping[str, Any], wire.Run | None], str]] = {
    "home": lambda params, run: "Home",
    "loadLabware": lambda params, run: f"Load {params.get('displayName') or params.get('loadName', 'labware')}",
    "loadPipette": lambda params, run: f"Load {params.get('pipetteName', 'pipette')} on the {params.get('mount')}",
    "loadModule": lambda params, run: f"Load {params.get('model', 'module')}",
    "pickUpTip": lambda params, run: f"Pick up a tip from {_place(params, run)}",
    "dropTip": lambda params, run: f"Drop the tip into {_place(params, run)}",
    "dropTipInPlace": lambda params, run: "Drop the tip",
    "aspirate": lambda params, run: f"Aspirate {_amount(params)} from {_place(params, run)}",
    "dispense": lambda params, run: f"Dispense {_amount(params)} into {_place(params, run)}",
    "aspirateInPlace": lambda params, run: f"Aspirate {_amount(params)}",
    "dispenseInPlace": lambda params, run: f"Dispense {_amount(params)}",
    "blowout": lambda params, run: f"Blow out into {_place(params, run)}",
    "blowOutInPlace": lambda params, run: "Blow out",
    "touchTip": lambda params, run: f"Touch the tip at {_place(params, run)}",
    "moveToWell": lambda params, run: f"Move to {_place(params, run)}",
    "moveLabware": lambda params, run: f"Move {_labware(str(params.get('labwareId', '')), run)}",
    "comment": lambda params, run: str(params.get("message", "")),
    "waitForDuration": lambda params, run: f"Wait {params.get('seconds', 0):g} s",
    "waitForResume": lambda params, run: f"Wait for the operator: {params.get('message') or 'resume'}",
    "pause": lambda params, run: f"Wait for the operator: {params.get('message') or 'resume'}",
}
