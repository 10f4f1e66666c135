"""A step of a run as text for a display."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

Labware = Sequence[wire.LoadedLabware]
OPERATOR_PAUSES = frozenset({"waitForResume", "pause"})


def operator_message(command: wire.Command) -> str | None:
    """Return the message of a protocol's own pause ("" if it has none), None if the command is no pause."""
    if command.command_type in OPERATOR_PAUSES:
        return str(command.params.get("message") or "")
    if command.command_type == "custom" and "PAUSE" in str(command.params.get("legacyCommandType", "")):
        return str(command.params.get("userMessage") or command.params.get("legacyCommandText") or "")
    return None


def waits_for_operator(command: wire.Command) -> bool:
    """Return whether an operator works on the deck until the run goes on: in a pause, or moving labware by hand."""
    return operator_message(command) is not None or str(command.params.get("strategy", "")).endswith("WithPause")


def step_text(command: wire.Command, loaded: Labware) -> str:
    """Return what the command does, as text; labware by its name and slot, as far as it is loaded."""
    if command.command_type == "custom":
        return str(command.params.get("legacyCommandText") or "")
    words = _TEXTS.get(command.command_type)
    if words is not None:
        return words(command.params, loaded)
    return _spaced(command.command_type)


def _place(params: Mapping[str, Any], loaded: Labware) -> str:
    labware = _labware(str(params.get("labwareId", "")), loaded)
    well = params.get("wellName")
    return f"{well} of {labware}" if well else labware


def _labware(labware_id: str, loaded: Labware) -> str:
    for labware in loaded:
        if labware.id == labware_id:
            slot = labware.location.get("slotName") if isinstance(labware.location, dict) else None
            return f"{labware.display_name or labware.load_name}{f' in slot {slot}' if slot else ''}"
    return "its labware"


def _amount(params: Mapping[str, Any]) -> str:
    volume_ul = finite_number(params.get("volume"))
    return f"{volume_ul:g} µL" if volume_ul is not None else "liquid"


def _seconds(value: Any) -> str:
    return f"{finite_number(value) or 0.0:g} s"


def _spaced(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.replace("/", ": "))
    return words[:1].upper() + words[1:]


_TEXTS: dict[str, Callable[[Mapping[str, Any], Labware], str]] = {
    "home": lambda params, loaded: "Home",
    "loadLabware": lambda params, loaded: f"Load {params.get('displayName') or params.get('loadName', 'labware')}",
    "loadPipette": lambda params, loaded: f"Load {params.get('pipetteName', 'pipette')} on the {params.get('mount')}",
    "loadModule": lambda params, loaded: f"Load {params.get('model', 'module')}",
    "pickUpTip": lambda params, loaded: f"Pick up a tip from {_place(params, loaded)}",
    "dropTip": lambda params, loaded: f"Drop the tip into {_place(params, loaded)}",
    "moveToAddressableAreaForDropTip": lambda params, loaded: "Move to where the tip is dropped",
    "dropTipInPlace": lambda params, loaded: "Drop the tip",
    "aspirate": lambda params, loaded: f"Aspirate {_amount(params)} from {_place(params, loaded)}",
    "dispense": lambda params, loaded: f"Dispense {_amount(params)} into {_place(params, loaded)}",
    "aspirateInPlace": lambda params, loaded: f"Aspirate {_amount(params)}",
    "dispenseInPlace": lambda params, loaded: f"Dispense {_amount(params)}",
    "blowout": lambda params, loaded: f"Blow out into {_place(params, loaded)}",
    "blowOutInPlace": lambda params, loaded: "Blow out",
    "touchTip": lambda params, loaded: f"Touch the tip at {_place(params, loaded)}",
    "moveToWell": lambda params, loaded: f"Move to {_place(params, loaded)}",
    "moveLabware": lambda params, loaded: f"Move {_labware(str(params.get('labwareId', '')), loaded)}",
    "comment": lambda params, loaded: str(params.get("message", "")),
    "waitForDuration": lambda params, loaded: f"Wait {_seconds(params.get('seconds'))}",
    "createTimer": lambda params, loaded: f"Start a timer of {_seconds(params.get('time'))}",
    "waitForTasks": lambda params, loaded: "Wait until a timer has ended",
    "waitForResume": lambda params, loaded: f"Wait for the operator: {params.get('message') or 'resume'}",
    "pause": lambda params, loaded: f"Wait for the operator: {params.get('message') or 'resume'}",
}
