"""What a session knows, folded from the commands its run has carried out.

The same fold follows a session command by command, restores it after a restart of this server from the robot's own
command list, and rehearses a worklist before anything is sent.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from sila_ot2.driver.deck.state.command_results import understanding
from sila_ot2.driver.deck.state.labware import SLOTS, Labware, SessionModule, labware_from, location_from_wire
from sila_ot2.driver.deck.state.pipettes import NOZZLES, Evidence, Mount, Nozzles, SessionPipette, Tip, fresh_pipette
from sila_ot2.driver.deck.state.wells import wells_under
from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number, members_in, quoted
from sila_ot2.robot.reachability import Reason
from sila_ot2.times import utc_now

EMPTY: Mapping[str, Any] = MappingProxyType({})


class Position(NamedTuple):
    """Where a pipette (the end of its tip, if it has one) was last reported to be, in mm from the deck's origin."""

    mount: Mount
    x_mm: float
    y_mm: float
    z_mm: float
    reported_at: datetime.datetime


SET_TARGETS = {
    "temperatureModule/waitForTemperature": "temperatureModule/setTargetTemperature",
    "heaterShaker/waitForTemperature": "heaterShaker/setTargetTemperature",
    "thermocycler/waitForBlockTemperature": "thermocycler/setTargetBlockTemperature",
    "thermocycler/waitForLidTemperature": "thermocycler/setTargetLidTemperature",
}
"""What must come before a wait in the same run: a run's engine knows no other targets."""


@dataclass(frozen=True)
class DeckState:
    """The state of a session; immutable, `after` returns the next one."""

    labware: Mapping[str, Labware] = field(default_factory=lambda: EMPTY)
    modules: Mapping[str, SessionModule] = field(default_factory=lambda: EMPTY)
    pipettes: Mapping[str, SessionPipette] = field(default_factory=lambda: EMPTY)
    """By mount."""
    used_tips: Mapping[str, frozenset[str]] = field(default_factory=lambda: EMPTY)
    """Wells by tip rack; a tip that was returned is used, too."""
    empty_places: Mapping[str, frozenset[str]] = field(default_factory=lambda: EMPTY)
    """Places without a tip, by tip rack; only of racks that are followed beyond the session."""
    last_well: Mapping[str, tuple[str, str]] = field(default_factory=lambda: EMPTY)
    """Labware and well that each pipette went to last, by mount; absent after a movement to elsewhere."""
    shaking: frozenset[str] = frozenset()
    """Heater-shakers that are shaking by the commands of the session's run, by their identifiers in it. Another client
    may have stopped them."""
    targets_c: Mapping[str, float] = field(default_factory=lambda: EMPTY)
    """Temperatures that the session's run has set, by `target_of`."""
    speed_mm_s: float = 0.0
    """Of movements that name none; 0 is the robot's own."""
    position: Position | None = None
    """None before the first report and after homing."""

    def after(self, command: wire.Command) -> DeckState:
        """Return the state after a command that has ended.

        Raises:
            RobotFaulty: what the robot says of the command cannot be understood.
        """
        if command.status == "succeeded":
            change = _CHANGES.get(command.command_type)
            with understanding(command):
                deck_state = change(self, command.params, command.result or {}) if change else self
                return _moved(deck_state, command)
        if command.status == "failed" and command.command_type in _HANDLING:
            return self._with_uncertain_tips(command)
        return self

    def pipette_by_id(self, pipette_id: str) -> SessionPipette | None:
        """Return the pipette with the robot's identifier."""
        return next((pipette for pipette in self.pipettes.values() if pipette.pipette_id == pipette_id), None)

    def at_location(self, location: str) -> Labware | SessionModule | None:
        """Return what stands at a location directly."""
        for module in self.modules.values():
            if module.slot == location:
                return module
        return next((labware for labware in self.labware.values() if labware.location == location), None)

    def on_top(self, slot: str) -> Labware | None:
        """Return the uppermost labware in a slot, which may stand on a module or an adapter."""
        found, location = None, next((one.module_id for one in self.modules.values() if one.slot == slot), slot)
        for _ in range(len(self.labware)):
            above = next((one for one in self.labware.values() if one.location == location), None)
            if above is None:
                break
            found, location = above, above.labware_id
        return found

    def slot_of(self, labware: Labware) -> str:
        """Return the slot in which labware stands, which may stand on a module or an adapter; "offDeck" if in none."""
        location = labware.location
        for _ in range(len(self.labware)):
            if location not in self.labware:
                break
            location = self.labware[location].location
        return self.modules[location].slot if location in self.modules else location

    def with_pipette(self, pipette: SessionPipette) -> DeckState:
        """Return the state with this pipette in place of the one on its mount."""
        return replace(self, pipettes={**self.pipettes, pipette.mount: pipette})

    def _with_uncertain_tips(self, command: wire.Command) -> DeckState:
        """Return the state after a failure during an action: the tip and what it holds are uncertain."""
        pipette = self.pipette_by_id(command.params.get("pipetteId", ""))
        if pipette is None or not may_have_acted(command.error):
            return self
        picking = command.command_type == "pickUpTip"
        return self.with_pipette(
            replace(pipette, evidence=Evidence.UNKNOWN, untracked_tip=pipette.untracked_tip or picking)
        )


def uncertain_liquid(deck_state: DeckState) -> tuple[str, ...]:
    """Return the pipettes that hold a tip known to the robot, and nobody knows how much liquid."""
    return tuple(
        pipette.label
        for pipette in deck_state.pipettes.values()
        if pipette.evidence is Evidence.UNKNOWN and not pipette.untracked_tip
    )


def may_have_acted(error: wire.ErrorOccurrence | None) -> bool:
    """Whether a failure came during the action, and not from the engine's own checks before it.

    The engine names its checks (TipNotAttachedError, InvalidAspirateVolumeError, ...); what the hardware raises comes
    as an unexpected exception, or with a code of communication (1000) or motion (2000) (8.1.0, 9.0.0, recorded). A
    command that is interrupted fails with RunStoppedError.
    """
    if error is None or error.error_type in ("", "PythonException", "UnexpectedProtocolError", "RunStoppedError"):
        return True
    return (error.error_code or "").startswith(("1", "2", "3003", "3004"))


def _moved(deck_state: DeckState, command: wire.Command) -> DeckState:
    position = (command.result or {}).get("position")
    pipette = deck_state.pipette_by_id(command.params.get("pipetteId", ""))
    if position is None or pipette is None:
        return deck_state
    at = command.completed_at or utc_now()
    x_mm, y_mm, z_mm = (_number(position[axis]) for axis in "xyz")
    return replace(deck_state, position=Position(pipette.mount, x_mm, y_mm, z_mm, at))


def _number(value: Any) -> float:
    """Return a number, which `understanding` takes for a fault of the robot if it is something else."""
    if (number := finite_number(value)) is None:
        raise ValueError(f"{quoted(value)} is not a number")
    return number


Change = Callable[[DeckState, Mapping[str, Any], Mapping[str, Any]], DeckState]


def _load_labware(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    labware_id = str(result.get("labwareId") or params["labwareId"])
    labware = labware_from(
        result["definition"], labware_id, location_from_wire(params["location"]), str(params.get("displayName") or "")
    )
    return replace(deck_state, labware={**deck_state.labware, labware_id: labware})


def _move_labware(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    labware = deck_state.labware.get(params["labwareId"])
    if labware is None:
        return deck_state
    moved = replace(labware, location=location_from_wire(params["newLocation"]))
    return replace(deck_state, labware={**deck_state.labware, moved.labware_id: moved})


def _load_module(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    model, slot = params["model"], location_from_wire(params["location"])
    if not isinstance(model, str) or slot not in SLOTS:
        raise ValueError("model is not a text, or location is not a slot")
    module = SessionModule(str(result["moduleId"]), model, slot, str(result.get("serialNumber") or ""))
    return replace(deck_state, modules={**deck_state.modules, module.module_id: module})


def _load_pipette(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    return deck_state.with_pipette(fresh_pipette(params["mount"], str(result["pipetteId"]), params["pipetteName"]))


def _pick_up_tip(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    rack = deck_state.labware.get(params["labwareId"])
    if pipette is None or rack is None:
        return deck_state
    well = params["wellName"]
    volume_ul = _number(result.get("tipVolume") or rack.wells[well].capacity_ul)
    places = frozenset(wells_under(pipette.nozzles, rack, well))
    used = deck_state.used_tips.get(rack.labware_id, frozenset()) | places
    picked = replace(
        pipette,
        tip=Tip(rack.labware_id, well, volume_ul),
        volume_ul=0.0,
        evidence=Evidence.TRACKED,
        untracked_tip=False,
    )
    taken = replace(deck_state.with_pipette(picked), used_tips={**deck_state.used_tips, rack.labware_id: used})
    if (empty := taken.empty_places.get(rack.labware_id)) is not None:
        taken = replace(taken, empty_places={**taken.empty_places, rack.labware_id: empty | places})
    return _went(taken, params, {})


def _lose_tip(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    if pipette is None:
        return deck_state
    rack = deck_state.labware.get(params.get("labwareId", ""))
    if rack is not None and (empty := deck_state.empty_places.get(rack.labware_id)):
        empty -= frozenset(wells_under(pipette.nozzles, rack, params["wellName"]))
        deck_state = replace(deck_state, empty_places={**deck_state.empty_places, rack.labware_id: empty})
    bare = replace(pipette, tip=None, volume_ul=0.0, evidence=Evidence.TRACKED, untracked_tip=False)
    return _elsewhere(deck_state.with_pipette(bare), params, {})


def _draw(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    return _hold(deck_state, params, _number(result.get("volume", params["volume"])))


def _push(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    return _hold(deck_state, params, -_number(result.get("volume", params["volume"])))


def _hold(deck_state: DeckState, params: Mapping[str, Any], more_ul: float) -> DeckState:
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    if pipette is None:
        return deck_state
    volume_ul = round(max(0.0, pipette.volume_ul + more_ul), 6)
    return _went(deck_state.with_pipette(replace(pipette, volume_ul=volume_ul)), params, {})


def _empty(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    """Blowing out also makes the volume certain, as long as the tip itself is certain."""
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    if pipette is None:
        return deck_state
    evidence = pipette.evidence if pipette.untracked_tip else Evidence.TRACKED
    return _went(deck_state.with_pipette(replace(pipette, volume_ul=0.0, evidence=evidence)), params, {})


def _configure_nozzles(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    if pipette is None:
        return deck_state
    return deck_state.with_pipette(replace(pipette, nozzles=nozzles_of(pipette.model.channels, params)))


def nozzles_of(channels: int, params: Mapping[str, Any]) -> Nozzles:
    """Return which nozzles of a pipette are in use after `configureNozzleLayout` with these parameters.

    Raises:
        RobotFaulty: a parameter is of another kind.
    """
    layout = members_in(params.get("configurationParams"))
    style, primary = layout.get("style"), str(layout.get("primaryNozzle", "A1"))
    far = str(layout.get("backLeftNozzle" if primary[:1] == NOZZLES[-1] else "frontRightNozzle", primary))
    if not isinstance(style, str) or not {primary[:1], far[:1]} <= {*NOZZLES}:
        raise RobotFaulty(
            f"A command of the robot has nozzles that are not understood: {quoted(layout)}.",
            Reason.SENSELESS_ANSWER.remedy,
        )
    if style == "SINGLE":
        return Nozzles(1, primary)
    if style == "QUADRANT":
        return Nozzles(abs(NOZZLES.index(far[0]) - NOZZLES.index(primary[0])) + 1, primary)
    return Nozzles(channels)


def _went(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    """Note the well that the pipette is in, if the command names one."""
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    if pipette is None or "wellName" not in params:
        return deck_state
    place = (params["labwareId"], params["wellName"])
    return deck_state if deck_state.last_well.get(pipette.mount) == place else _placed(deck_state, pipette.mount, place)


def _elsewhere(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    pipette = deck_state.pipette_by_id(params["pipetteId"])
    return _placed(deck_state, pipette.mount, None) if pipette else deck_state


def _placed(deck_state: DeckState, mount: Mount, place: tuple[str, str] | None) -> DeckState:
    others = {other: well for other, well in deck_state.last_well.items() if other != mount}
    return replace(deck_state, last_well={**others, mount: place} if place else others)


def _home(deck_state: DeckState, _params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    return replace(deck_state, last_well=EMPTY, position=None)


def _may_home(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    """The robot homes its mounts if a pipette is near or its position is not known, and reports whether it did."""
    return _home(deck_state, params, result) if result.get("pipetteRetracted", True) else deck_state


def _shake(deck_state: DeckState, params: Mapping[str, Any], result: Mapping[str, Any]) -> DeckState:
    shaking = deck_state.shaking | {str(params["moduleId"])}
    return replace(_may_home(deck_state, params, result), shaking=shaking)


def _stop_shaking(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
    return replace(deck_state, shaking=deck_state.shaking - {str(params["moduleId"])})


def target_of(command_type: str, module_id: str) -> str:
    """Return the name of what a command sets at a module."""
    return f"{command_type} {module_id}"


def _set_target(command_type: str) -> Change:
    def change(deck_state: DeckState, params: Mapping[str, Any], _: Mapping[str, Any]) -> DeckState:
        target = target_of(command_type, str(params["moduleId"]))
        targets_c = {**deck_state.targets_c, target: _number(params["celsius"])}
        return replace(deck_state, targets_c=targets_c)

    return change


_CHANGES: Mapping[str, Change] = {
    **{command_type: _set_target(command_type) for command_type in SET_TARGETS.values()},
    "loadLabware": _load_labware,
    "moveLabware": _move_labware,
    "loadModule": _load_module,
    "loadPipette": _load_pipette,
    "pickUpTip": _pick_up_tip,
    "dropTip": _lose_tip,
    "dropTipInPlace": _lose_tip,
    "aspirate": _draw,
    "aspirateInPlace": _draw,
    "airGapInPlace": _draw,
    "dispense": _push,
    "dispenseInPlace": _push,
    "blowout": _empty,
    "blowOutInPlace": _empty,
    "configureNozzleLayout": _configure_nozzles,
    "moveToWell": _went,
    "touchTip": _went,
    "moveToCoordinates": _elsewhere,
    "moveRelative": _elsewhere,
    "moveToAddressableArea": _elsewhere,
    "moveToAddressableAreaForDropTip": _elsewhere,
    "home": _home,
    "thermocycler/openLid": _home,
    "thermocycler/closeLid": _home,
    "heaterShaker/openLabwareLatch": _may_home,
    "heaterShaker/setAndWaitForShakeSpeed": _shake,
    "heaterShaker/deactivateShaker": _stop_shaking,
}
_HANDLING = frozenset(
    {"pickUpTip", "dropTip", "dropTipInPlace", "aspirate", "aspirateInPlace", "dispense", "dispenseInPlace", "blowout",
     "blowOutInPlace", "airGapInPlace", "prepareToAspirate"}
)  # fmt: skip
"""Commands after whose failure a pipette's tip and volume are uncertain."""

NEEDS_RESULT = frozenset({"loadLabware", "loadModule", "loadPipette", "pickUpTip"})
"""Commands whose results `after` needs; lists of commands leave results out."""
