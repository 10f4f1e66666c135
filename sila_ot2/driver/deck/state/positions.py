"""How high things stand on the deck and where their wells are, as the robot's engine computes it.

Sources: definitions of modules (schema 3) and of the deck ot2_standard in opentrons-shared-data 9.0.0. A test compares
the numbers with the engine of the simulated robot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import TRASH_SLOT, slot_corner, slot_of
from sila_ot2.driver.deck.state.labware import Labware, SessionModule, Well

TRASH_HEIGHT_MM = 82.0
THERMOCYCLER_SLOTS = frozenset({"7", "8", "10", "11"})
"""It stands on slot 7 and covers the others."""
_RIGHT_SLOTS = frozenset({"3", "6", "9"})


class Point(NamedTuple):
    """In mm from the deck's front left corner."""

    x_mm: float
    y_mm: float
    z_mm: float


class ModuleShape(NamedTuple):
    """Where labware stands on a module, and how high the module is."""

    labware_at: Point
    """From the front left corner of the slot."""
    height_mm: float
    """Without labware, and without the lid of a thermocycler."""
    over_labware_mm: float = 0.0
    """What of the module stands higher than labware on it."""
    labware_in_right_slots: tuple[float, float] | None = None
    """X and Y in slots 3, 6 and 9, where the module is turned around."""


SHAPES: Mapping[str, ModuleShape] = {
    "temperatureModuleV1": ModuleShape(Point(-0.15, -0.15, 80.09), 84.0),
    "temperatureModuleV2": ModuleShape(Point(-1.45, -0.15, 80.09), 84.0, 0.0, (1.15, -0.15)),
    "magneticModuleV1": ModuleShape(Point(0.125, -0.125, 82.25), 110.152, 4.052),
    "magneticModuleV2": ModuleShape(Point(-1.175, -0.125, 82.25), 110.152, 4.052, (1.425, -0.125)),
    "thermocyclerModuleV1": ModuleShape(Point(0.0, 82.56, 97.8), 98.0),
    "thermocyclerModuleV2": ModuleShape(Point(0.0, 68.8, 108.96), 108.96),
    "heaterShakerModuleV1": ModuleShape(Point(-0.125, 1.125, 68.275), 82.0, 0.0, (0.125, -1.125)),
}
_UNKNOWN = ModuleShape(Point(0.0, 0.0, 110.0), 110.0)


def shape_of(model: str) -> ModuleShape:
    """Return the shape of a module; of an unknown one, that of a high one."""
    return SHAPES.get(model, _UNKNOWN)


def is_thermocycler(module: SessionModule) -> bool:
    """Whether a module covers more than its slot."""
    return module.model.startswith("thermocycler")


def corner_of(deck_state: DeckState, labware: Labware) -> Point | None:
    """Return the front left bottom corner of labware; None if it is off the deck."""
    slot = slot_of(deck_state, labware.location)
    if slot is None:
        return None
    x_mm, y_mm = slot_corner(slot)
    if (module := deck_state.modules.get(labware.location)) is not None:
        shape = shape_of(module.model)
        turned = shape.labware_in_right_slots if slot in _RIGHT_SLOTS else None
        more_x, more_y = turned or shape.labware_at[:2]
        sunk_mm = labware.sunk_in_modules_mm.get(module.model, 0.0)
        return Point(x_mm + more_x, y_mm + more_y, shape.labware_at.z_mm - sunk_mm)
    if (below := deck_state.labware.get(labware.location)) is not None:
        corner = corner_of(deck_state, below)
        sunk_mm = labware.sunk_in_labware_mm.get(below.load_name, labware.sunk_in_labware_mm.get("default", 0.0))
        return corner and corner._replace(z_mm=corner.z_mm + below.height_mm - sunk_mm)
    return Point(x_mm, y_mm, 0.0)


def top_of(deck_state: DeckState, labware: Labware) -> float:
    """Return how high labware reaches, without what stands on it; 0 off the deck."""
    corner = corner_of(deck_state, labware)
    if corner is None:
        return 0.0
    module = deck_state.modules.get(labware.location)
    return corner.z_mm + labware.height_mm + (shape_of(module.model).over_labware_mm if module else 0.0)


def highest_in_slot(deck_state: DeckState, slot: str) -> float:
    """Return how high the things in a slot reach, those that a thermocycler brings there included."""
    heights = [TRASH_HEIGHT_MM if slot == TRASH_SLOT else 0.0]
    for module in deck_state.modules.values():
        if module.slot == slot or (is_thermocycler(module) and slot in THERMOCYCLER_SLOTS):
            heights.append(_highest_on(deck_state, module.module_id) or shape_of(module.model).height_mm)
    heights.append(_highest_on(deck_state, slot))
    return max(heights)


def well_position(deck_state: DeckState, labware: Labware, well: Well) -> Point | None:
    """Return the middle of a well's bottom."""
    corner = corner_of(deck_state, labware)
    return corner and Point(corner.x_mm + well.x_mm, corner.y_mm + well.y_mm, corner.z_mm + well.bottom_mm)


def _highest_on(deck_state: DeckState, location: str) -> float:
    """Return how high the uppermost labware of the stack at a location reaches; 0 if there is none."""
    highest_mm = 0.0
    for _ in range(len(deck_state.labware)):
        found = next((one for one in deck_state.labware.values() if one.location == location), None)
        if found is None:
            break
        highest_mm, location = top_of(deck_state, found), found.labware_id
    return highest_mm
