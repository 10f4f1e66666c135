"""The steps of a worklist that do what commands of a protocol do."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sila_ot2.driver.deck.deck_state import SET_TARGETS
from sila_ot2.driver.tracking.step_text import operator_message
from sila_ot2.robot import wire

Cells = dict[str, object]
"""A row of a worklist, by column."""

NEEDS_NO_STEP = frozenset(
    {"loadLabware", "reloadLabware", "loadPipette", "loadModule", "loadLiquid", "loadLiquidClass", "comment",
     "prepareToAspirate", "setRailLights", "setStatusBar", "savePosition", "verifyTipPresence", "getTipPresence",
     "moveToAddressableArea", "moveToAddressableAreaForDropTip"}
)  # fmt: skip
"""Commands that change nothing which the steps do not change by themselves."""
_ORIGINS = {"top": "Top", "bottom": "Bottom", "center": "Center"}
_IN_WELL = {
    "aspirate": "Aspirate", "dispense": "Dispense", "blowout": "BlowOut", "touchTip": "TouchTip",
    "moveToWell": "MoveToWell",
}  # fmt: skip
_COLUMNS = {
    "volume": "Volume", "flowRate": "FlowRate", "pushOut": "PushOut", "radius": "Radius", "speed": "Speed",
    "minimumZHeight": "MinimumClearance",
}  # fmt: skip
"""Parameters of commands in wells that are columns of a worklist."""
_WITHOUT_EFFECT = frozenset({"forceDirect", "correctionVolume"})
"""Parameters that change the way to a well, or what the robot reports, and not what is done there."""
_MODULES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "temperatureModule/setTargetTemperature": ("SetTemperature", {"celsius": "TargetTemperature"}),
    "temperatureModule/waitForTemperature": ("WaitForTemperature", {}),
    "temperatureModule/deactivate": ("Deactivate", {}),
    "heaterShaker/setTargetTemperature": ("SetHeaterTemperature", {"celsius": "TargetTemperature"}),
    "heaterShaker/waitForTemperature": ("WaitForHeaterTemperature", {}),
    "heaterShaker/deactivateHeater": ("DeactivateHeater", {}),
    "heaterShaker/setAndWaitForShakeSpeed": ("SetShakeSpeed", {"rpm": "TargetSpeed"}),
    "heaterShaker/deactivateShaker": ("DeactivateShaker", {}),
    "heaterShaker/openLabwareLatch": ("OpenLatch", {}),
    "heaterShaker/closeLabwareLatch": ("CloseLatch", {}),
    "thermocycler/setTargetBlockTemperature": (
        "SetBlockTemperature", {"celsius": "TargetTemperature", "blockMaxVolumeUl": "MaximumVolume"},
    ),
    "thermocycler/waitForBlockTemperature": ("WaitForBlockTemperature", {}),
    "thermocycler/deactivateBlock": ("DeactivateBlock", {}),
    "thermocycler/setTargetLidTemperature": ("SetLidTemperature", {"celsius": "TargetTemperature"}),
    "thermocycler/waitForLidTemperature": ("WaitForLidTemperature", {}),
    "thermocycler/deactivateLid": ("DeactivateLid", {}),
    "thermocycler/openLid": ("OpenLid", {}),
    "thermocycler/closeLid": ("CloseLid", {}),
    "thermocycler/runProfile": ("RunProfile", {"profile": "ProfileSteps", "blockMaxVolumeUl": "MaximumVolume"}),
    "magneticModule/engage": ("Engage", {"height": "Height"}),
    "magneticModule/disengage": ("Disengage", {}),
}  # fmt: skip
"""The steps of modules, and which parameters are their columns."""


_OF_OLD_PROTOCOLS = "command."
"""How the identifiers of commands begin that protocols below API level 2.14 give (recorded of releases 6.3 to 8.1)."""


class NoStep(Exception):
    """A command that no step of a worklist does; says why."""


def well_step(command: wire.Command, mount: str, slot: str) -> Cells:
    """Return the step of a command that a pipette carries out in a well.

    Args:
        command: of the protocol.
        mount: of the pipette.
        slot: where the labware stands.

    Raises:
        NoStep: there is none.
    """
    params = command.params
    name = _IN_WELL.get(command.command_type)
    if name is None:
        raise NoStep("worklists have no step for this command")
    if command.id.startswith(_OF_OLD_PROTOCOLS):
        raise NoStep("the robot does not tell the heights of protocols below API level 2.14")
    where = params.get("wellLocation") or {}
    origin = _ORIGINS.get(str(where.get("origin", "top")))
    if origin is None or where.get("volumeOffset"):
        raise NoStep("worklists cannot name this position in a well")
    offset = where.get("offset") or {}
    cells: Cells = {"Command": name, "Mount": mount, "LabwareIdentifier": slot, "Well": params.get("wellName")}
    cells["Origin"] = origin
    cells |= {f"Offset{axis.upper()}": offset.get(axis) or 0.0 for axis in "xyz"}
    others = {key: value for key, value in params.items() if value is not None and key not in _WITHOUT_EFFECT}
    for key in others.keys() - {"pipetteId", "labwareId", "wellName", "wellLocation"}:
        cells[_column(key)] = others[key]
    return cells


def module_step(command: wire.Command, slot: str, targets: set[str]) -> Cells:
    """Return the step of a command of a module.

    Args:
        command: of the protocol.
        slot: where the module stands.
        targets: the temperatures that steps before have set; changed.

    Raises:
        NoStep: there is none.
    """
    kind = command.command_type
    if kind not in _MODULES:
        raise NoStep("worklists have no step for this command")
    if kind in SET_TARGETS and f"{SET_TARGETS[kind]} {slot}" not in targets:
        raise NoStep("the temperature that it waits for was set before")
    targets.add(f"{kind} {slot}")
    name, columns = _MODULES[kind]
    cells: Cells = {"Command": name, "ModuleIdentifier": slot}
    for key, value in command.params.items():
        if value is None or key in ("moduleId", "taskId", "task_id"):
            continue
        if key not in columns:
            raise NoStep(f"the step {name} has no {key}")
        is_profile = columns[key] == "ProfileSteps"
        cells[columns[key]] = json.dumps([[s["celsius"], s["holdSeconds"]] for s in value]) if is_profile else value
    return cells


def other_step(command: wire.Command) -> Cells:
    """Return the step of a command that neither a pipette nor a module carries out.

    Raises:
        NoStep: there is none.
    """
    message = operator_message(command)
    if message is not None:
        raise NoStep(f"the protocol waits for the operator: {message}".rstrip(": "))
    if command.command_type == "waitForDuration":
        return {"Command": "Delay", "Duration": command.params.get("seconds", 0)}
    if command.command_type == "home":
        return {"Command": "Home"}
    raise NoStep("worklists have no step for this command")


def _column(parameter: str) -> str:
    if parameter not in _COLUMNS:
        raise NoStep(f"worklists have no column for {parameter}")
    return _COLUMNS[parameter]
