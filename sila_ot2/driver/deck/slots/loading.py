"""Plans that tell the robot what stands on its deck; nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.slots.conflicts import conflict_with
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK, SLOTS, ArrivedLabware, Labware, SessionModule, location_to_wire
from sila_ot2.driver.deck.state.pipettes import MOUNTS, Mount
from sila_ot2.errors import LabwareNotLoaded, LocationUnknown, PipetteMissing, SlotNotAvailable
from sila_ot2.number_text import read_whole_number
from sila_ot2.robot import wire


def load_labware(load_name: str, namespace: str, version: int, location: str, display_name: str = "") -> CommandPlan:
    """Tell the robot that a labware stands at a location."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        _check_free(deck_state, location)
        # The robot reports its height only after it has been loaded; Session.load_labware checks again.
        _check_beside(deck_state, Labware("new labware", load_name, namespace, version, location, display_name))
        name = {"displayName": display_name} if display_name else {}
        where = location_to_wire(location, deck_state.modules)
        params = {"location": where, "loadName": load_name, "namespace": namespace, "version": version, **name}
        return [PlannedCommand("loadLabware", params)]

    return plan


def load_arrived(labware: ArrivedLabware, custom: Mapping[str, Any] | None = None) -> CommandPlan:
    """Tell the robot of labware that an arm has put on a slot, if its type is given and the slot is not taken.

    Args:
        labware: what has arrived.
        custom: its definition, if it is custom labware.
    """

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        if not labware.labware_type or deck_state.at_location(labware.slot) is not None:
            return []
        load_name, namespace, version = parts_of_type(labware.labware_type)
        if custom is not None:
            namespace, version = custom["namespace"], custom["version"]
        named = {"loadName": load_name, "namespace": namespace or "opentrons", "version": version or 1}
        name = {"displayName": labware.labware_id} if labware.labware_id else {}
        return [PlannedCommand("loadLabware", {"location": {"slotName": labware.slot}, **named, **name})]

    return plan


def parts_of_type(labware_type: str) -> tuple[str, str, int]:
    """Return load name, namespace and version of a type of labware; empty and 0 where they are not given."""
    match labware_type.split("/"):
        case [namespace, load_name, digits] if (version := read_whole_number(digits)) is not None:
            return load_name, namespace, version
        case _:
            return labware_type, "", 0


def load_module(model: str, slot: str) -> CommandPlan:
    """Tell the robot that one of the modules connected to it stands on a slot."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        _check_free(deck_state, slot)
        _check_beside(deck_state, SessionModule("new module", model, slot))
        return [PlannedCommand("loadModule", {"model": model, "location": {"slotName": slot}})]

    return plan


def move_labware(labware_id: str, location: str) -> CommandPlan:
    """Tell the robot that somebody has put the labware elsewhere, or taken it away."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        labware = deck_state.labware.get(labware_id)
        if labware is None:
            raise LabwareNotLoaded(
                f"No labware with the identifier {labware_id} is loaded.",
                "Load it with LoadLabware, which returns its identifier.",
            )
        if location == labware.location:
            return []
        if location != OFF_DECK:
            _check_free(deck_state, location)
            _check_above_others(deck_state, labware, location)
            _check_beside(deck_state, replace(labware, location=location))
        where = location_to_wire(location, deck_state.modules)
        # Without a gripper the only strategy that does not pause the run is to say that it has been done.
        params = {"labwareId": labware_id, "newLocation": where, "strategy": "manualMoveWithoutPause"}
        return [PlannedCommand("moveLabware", params)]

    return plan


def load_pipette(mount: str, name: str) -> CommandPlan:
    """Tell the robot to use the pipette on a mount."""

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand("loadPipette", {"mount": mount, "pipetteName": name})]

    return plan


def load_attached_pipette(mount: Mount, attached: Callable[[], Iterable[wire.Pipette]]) -> CommandPlan:
    """Tell the robot to use the pipette that is attached to a mount, unless it does so already.

    Args:
        mount: of the pipette.
        attached: reads the pipettes that are attached.
    """

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        found = next((pipette for pipette in attached() if pipette.mount == mount), None)
        if found is None:
            raise PipetteMissing(
                f"No pipette is attached to the {mount} mount, as far as the robot knows.",
                "Attach one, and home the robot so that it looks again.",
            )
        loaded = deck_state.pipettes.get(mount)
        if loaded is not None and loaded.name == found.name:
            return []
        return load_pipette(mount, found.name)(deck_state)

    return plan


def restore(deck_state: DeckState) -> list[PlannedCommand]:
    """Return what makes another run know the same modules, labware and pipettes by the same identifiers.

    Custom labware definitions are not commands; they have to be sent before.
    """
    planned = [
        PlannedCommand(
            "loadModule", {"moduleId": module.module_id, "model": module.model, "location": {"slotName": module.slot}}
        )
        for module in deck_state.modules.values()
    ]
    for labware in _carriers_first(deck_state):
        params = {
            "labwareId": labware.labware_id,
            "location": location_to_wire(labware.location, deck_state.modules),
            "loadName": labware.load_name,
            "namespace": labware.namespace,
            "version": labware.version,
        }
        planned.append(
            PlannedCommand(
                "loadLabware", {**params, **({"displayName": labware.display_name} if labware.display_name else {})}
            )
        )
    for mount in MOUNTS:
        if pipette := deck_state.pipettes.get(mount):
            params = {"pipetteId": pipette.pipette_id, "mount": mount, "pipetteName": pipette.name}
            planned.append(PlannedCommand("loadPipette", params))
    return planned


def _carriers_first(deck_state: DeckState) -> list[Labware]:
    """Labware stands on slots, on modules, or on labware that must be loaded before it."""
    placed: list[Labware] = []
    waiting = list(deck_state.labware.values())
    while waiting:
        unplaced = {labware.labware_id for labware in waiting}
        # None is ready if the robot reports labware that stands on itself: it refuses to load that.
        ready = [labware for labware in waiting if labware.location not in unplaced] or waiting
        placed += ready
        waiting = [labware for labware in waiting if labware not in ready]
    return placed


def _check_free(deck_state: DeckState, location: str) -> None:
    if location not in SLOTS and location not in deck_state.modules and location not in deck_state.labware:
        raise LocationUnknown(
            f"{location} is neither a slot (1 to 11) nor a module or labware loaded in this session.",
            "Name one of these, or load the module or labware first.",
        )
    if (there := deck_state.at_location(location)) is not None:
        name = there.name if isinstance(there, Labware) else f"{there.model} ({there.module_id})"
        raise SlotNotAvailable(
            f"{name} is at location {location} already.",
            "Choose another location, or take it away with MoveLabware or RemoveLabware first.",
        )


def _check_above_others(deck_state: DeckState, labware: Labware, location: str) -> None:
    """Refuse to put labware on itself, or on labware that stands on it."""
    for _ in range(len(deck_state.labware)):
        if location == labware.labware_id:
            raise SlotNotAvailable(f"{labware.name} cannot stand on itself.", "Choose another location.")
        if location not in deck_state.labware:
            return
        location = deck_state.labware[location].location


def _check_beside(deck_state: DeckState, new: Labware | SessionModule) -> None:
    if (conflict := conflict_with(deck_state, new)) is not None:
        raise SlotNotAvailable(f"Nothing was loaded: {conflict}.", "Choose another location.")
