"""Plans that move without touching liquid: home, move, report the position."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import replace
from typing import Any, Literal

from sila_ot2.driver.deck.plans.plan import (
    WAIT,
    CommandPlan,
    PlannedCommand,
    certain_pipette_on,
    labware_on_deck,
    pipette_on,
)
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.deck.state.wells import WellPoint, check_inside, touched
from sila_ot2.driver.liquid_handling.speeds import check_speed
from sila_ot2.errors import PipetteMissing, PositionOutOfBounds

Axis = Literal["x", "y", "leftZ", "rightZ", "leftPlunger", "rightPlunger"]
AXES: Mapping[str, Axis] = {
    "X": "x", "Y": "y", "LeftZ": "leftZ", "RightZ": "rightZ", "LeftPlunger": "leftPlunger",
    "RightPlunger": "rightPlunger",
}  # fmt: skip
"""The laboratory's names of the axes and the robot's."""

GANTRY_MM = {"x": 418.0, "y": 353.0}
"""Travel of the gantry from the deck's origin (the homed position in the OT-2's Smoothie driver, opentrons 9.0.0)."""
LEFT_MOUNT_X_MM = -34.0
"""Where the left mount stands relative to the right one (robot definition ot2, opentrons-shared-data 9.0.0)."""
HIGHEST_MM = 218.0
IN_FRONT_MM = {"x": 198.0, "y": 43.0}
"""Over the middle of slot 2, where the gantry leaves the slots at the back free."""


def home(axes: Sequence[Axis] = ()) -> CommandPlan:
    """Home the given axes, or all. Always allowed: it makes uncertain positions certain."""

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand("home", {"axes": list(axes)} if axes else {})]

    return plan


def park_in_front() -> CommandPlan:
    """Move the gantry, which has just been homed, over the front of the deck, as high as it can.

    Without a pipette the robot moves to no point: then this is refused.
    """

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        require_pipette_to_park(deck_state.pipettes)
        pipette = next(iter(deck_state.pipettes.values()))
        highest_mm = pipette.model.highest_mm
        where = {"coordinates": {**IN_FRONT_MM, "z": highest_mm}, "minimumZHeight": highest_mm}
        return [PlannedCommand("moveToCoordinates", {"pipetteId": pipette.pipette_id, **where})]

    return plan


def require_pipette_to_park(pipettes: Sized) -> None:
    """Return if there is a pipette that the gantry can be parked in front with.

    Raises:
        PipetteMissing: there is none.
    """
    if not pipettes:
        raise PipetteMissing("The gantry cannot be parked in front: no pipette is attached.", "Attach one.")


def drags_tips(command: PlannedCommand) -> bool:
    """Whether homing leaves a mount down while the gantry moves; without named axes, the mounts are lifted first."""
    axes = set(command.params.get("axes") or ()) if command.command_type == "home" else set()
    return bool(axes & {"x", "y"}) and not axes >= {"leftZ", "rightZ"}


def move_to_well(
    mount: Mount, labware_id: str, well: str, at: WellPoint, speed_mm_s: float, clearance_mm: float
) -> CommandPlan:
    """Move to a point of a well; without a tip, the nozzle goes there.

    Args:
        mount: of the pipette.
        labware_id: where to.
        well: where to.
        at: where in the well.
        speed_mm_s: 0 is the session's, or else the robot's own.
        clearance_mm: lowest height above the deck while traveling; 0 is the robot's own.
    """

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = certain_pipette_on(deck_state, mount)
        labware = labware_on_deck(deck_state, labware_id)
        for name in touched(pipette, labware, well):
            check_inside(labware, name, at)
        where = {"labwareId": labware_id, "wellName": well, "wellLocation": at.to_wire()}
        return [
            PlannedCommand(
                "moveToWell",
                {"pipetteId": pipette.pipette_id, **where, **_travel(deck_state, speed_mm_s, clearance_mm)},
            )
        ]

    return plan


def move_to_coordinates(
    mount: Mount, x_mm: float, y_mm: float, z_mm: float, speed_mm_s: float, clearance_mm: float
) -> CommandPlan:
    """Move the end of the tip (or the nozzle) to a point from the deck's origin, the front left corner of slot 1."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = certain_pipette_on(deck_state, mount)
        _check_reach(mount, x_mm, y_mm, z_mm)
        coordinates = {"x": x_mm, "y": y_mm, "z": z_mm}
        travel = _travel(deck_state, speed_mm_s, clearance_mm)
        return [
            PlannedCommand("moveToCoordinates", {"pipetteId": pipette.pipette_id, "coordinates": coordinates, **travel})
        ]

    return plan


def move_relative(mount: Mount, axis: Literal["x", "y", "z"], distance_mm: float) -> CommandPlan:
    """Move along one axis from wherever the pipette is; straight, whatever is in the way."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = certain_pipette_on(deck_state, mount)
        position = deck_state.position
        if position is not None and position.mount == mount:
            goal = {"x": position.x_mm, "y": position.y_mm, "z": position.z_mm}
            goal[axis] += distance_mm
            _check_reach(mount, goal["x"], goal["y"], goal["z"])
        return [
            PlannedCommand("moveRelative", {"pipetteId": pipette.pipette_id, "axis": axis, "distance": distance_mm})
        ]

    return plan


def save_position(mount: Mount) -> CommandPlan:
    """Ask where the pipette is."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand("savePosition", {"pipetteId": pipette_on(deck_state, mount).pipette_id})]

    return plan


def delay(duration_s: float) -> CommandPlan:
    """Wait; in a session the driver does, in a queued run the robot."""

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand(WAIT, {"seconds": duration_s})]

    return plan


def movement_speed(speed_mm_s: float) -> Callable[[DeckState], DeckState]:
    """Return what gives movements that name none a speed; 0 is the robot's own."""

    def change(deck_state: DeckState) -> DeckState:
        if speed_mm_s:
            check_speed(speed_mm_s)
        return replace(deck_state, speed_mm_s=speed_mm_s)

    return change


def _travel(deck_state: DeckState, speed_mm_s: float, clearance_mm: float) -> dict[str, Any]:
    travel: dict[str, Any] = {}
    if speed := speed_mm_s or deck_state.speed_mm_s:
        travel["speed"] = speed
    if clearance_mm:
        travel["minimumZHeight"] = clearance_mm
    return travel


def _check_reach(mount: Mount, x_mm: float, y_mm: float, z_mm: float) -> None:
    offset = LEFT_MOUNT_X_MM if mount == "left" else 0.0
    for axis, value, low, high in (
        ("X", x_mm, offset, GANTRY_MM["x"] + offset),
        ("Y", y_mm, 0.0, GANTRY_MM["y"]),
        ("Z", z_mm, 0.0, HIGHEST_MM),
    ):
        if not low <= value <= high:
            raise PositionOutOfBounds(
                f"{axis} = {value:g} mm lies outside of what the {mount} mount reaches, {low:g} to {high:g} mm.",
                "Give a position within this range.",
            )
