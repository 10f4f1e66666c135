"""What stands on PyLabRobot's deck, as Opentrons labware definitions.

Everything in a slot becomes one piece of labware, so that the robot knows how high it is and travels above it, whether
liquid is handled there or not. Positions are those of PyLabRobot's resources relative to the slot.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import Any

from pylabrobot.resources import Container, Coordinate, Resource, TipRack, TipSpot
from pylabrobot.resources.itemized_resource import ItemizedResource
from pylabrobot.resources.opentrons import OTDeck
from pylabrobot.resources.well import CrossSectionType

NAMESPACE = "pylabrobot"
VERSION = 1
TRASH_SLOT = 12
LARGEST_UL = 1_000_000.0
"""For containers that have no volume of their own, such as the place of something that is only in the way."""


@dataclass(frozen=True)
class Described:
    """What stands in a slot.

    Attributes:
        definition: its labware definition.
        wells: the names of its wells, by the names of PyLabRobot's resources.
    """

    definition: dict[str, Any]
    wells: dict[str, str]


def signature(standing: Resource, slot: int) -> tuple[Any, ...]:
    """Return something that is equal as long as the same stands there in the same way."""
    return slot, tuple((id(part), part.name, *_placed(part)) for part in _parts(standing))


def _placed(part: Resource) -> tuple[float, ...]:
    """Where something is on what it stands on, and how it is turned."""
    return tuple(getattr(what, axis) for what in (part.location, part.rotation) for axis in "xyz")


def described(standing: Resource, slot: int, deck: OTDeck, load_name: str) -> Described:
    """Describe what stands in a slot.

    Args:
        standing: PyLabRobot's resource, with all that stands on it.
        slot: where.
        deck: the deck.
        load_name: the name for the definition.

    Raises:
        ValueError: it is rotated, or a container does not say how thick its bottom is.
    """
    parts = _parts(standing)
    turns = [standing.get_absolute_rotation(), *(part.rotation for part in parts[1:])]
    if any(angle % 360 for turn in turns for angle in (turn.x, turn.y, turn.z)):
        raise ValueError(f"{standing.name} in slot {slot} is rotated: the robot has no such labware")
    named = _named(parts)
    is_tip_rack = any(isinstance(part, TipRack) for part in parts)
    wells = {well: _shape(place, standing) for well, place in named.items()} or {"A1": _in_the_way(standing)}
    height = max(_at(part, standing, "t").z for part in parts)
    height = max([height, *(shape["z"] + shape["depth"] for shape in wells.values())])
    offset = standing.get_location_wrt(deck) - deck.slot_locations[slot - 1]
    definition = {
        "schemaVersion": 2,
        "version": VERSION,
        "namespace": NAMESPACE,
        "metadata": {
            "displayName": load_name,
            "displayCategory": "tipRack" if is_tip_rack else "wellPlate" if named else "other",
            "displayVolumeUnits": "µL",
        },
        "brand": {"brand": "unknown"},
        "parameters": {
            "format": "96Standard" if len(named) == 96 else "irregular",
            "isTiprack": is_tip_rack,
            "loadName": load_name,
            "isMagneticModuleCompatible": False,
            # In a container of its own, all tips of a pipette of eight channels stand around its center.
            "quirks": ["centerMultichannelOnWells"] if list(named) == ["A1"] else [],
            **(_tips(next(iter(named.values()))) if is_tip_rack else {}),
        },
        "ordering": _columns(list(wells)),
        "cornerOffsetFromSlot": {"x": offset.x, "y": offset.y, "z": offset.z},
        "dimensions": {
            "xDimension": standing.get_size_x(),
            "yDimension": standing.get_size_y(),
            "zDimension": height,
        },
        "wells": wells,
        "groups": [{"wells": list(wells), "metadata": {}}],
    }
    return Described(definition, {place.name: well for well, place in named.items()})


def _parts(standing: Resource) -> list[Resource]:
    """What stands there, with all that stands on it; without the tips, which PyLabRobot 1.0 has in the tree, too."""
    parts = [standing, *standing.get_all_children()]
    return [part for part in parts if not isinstance(part.parent, TipSpot)]


def _named(parts: list[Resource]) -> dict[str, Container | TipSpot]:
    """The places for liquid or tips by the names of their wells, column by column."""
    places = [part for part in parts if isinstance(part, Container | TipSpot)]
    for part in parts:
        if isinstance(part, ItemizedResource) and places:
            items = part.get_all_items()
            if {id(place) for place in places} <= {id(item) for item in items}:
                return {part.get_child_identifier(place): place for place in items}
    return {f"A{number}": place for number, place in enumerate(places, start=1)}


def _at(part: Resource, standing: Resource, height: str) -> Coordinate:
    """The middle of something at its bottom ("b", "cavity_bottom") or top ("t"), from the corner of what it stands on.

    PyLabRobot's own functions consider rotations, of which there are none here, and take seconds for a plate.
    """
    where: Coordinate = part.get_anchor("c", "c", height)
    while part is not standing:
        where, part = where + part.location, part.parent
    return where


def _shape(place: Container | TipSpot, standing: Resource) -> dict[str, Any]:
    if isinstance(place, TipSpot):
        tip = place.make_tip()
        bottom = _at(place, standing, "b")
        outline = {"shape": "circular", "diameter": place.get_size_x()}
        depth, volume = _length(tip), tip.maximal_volume
    else:
        bottom = _at(place, standing, "cavity_bottom")
        depth = _at(place, standing, "t").z - bottom.z
        volume = place.max_volume
        size_x, size_y = place.get_size_x(), place.get_size_y()
        if getattr(place, "cross_section_type", None) is CrossSectionType.CIRCLE:
            outline = {"shape": "circular", "diameter": size_x}
        else:
            outline = {"shape": "rectangular", "xDimension": size_x, "yDimension": size_y}
    volume = min(volume, LARGEST_UL)
    return {"depth": depth, "x": bottom.x, "y": bottom.y, "z": bottom.z, "totalLiquidVolume": volume, **outline}


def _in_the_way(standing: Resource) -> dict[str, Any]:
    """A well of something that has none: a definition needs one."""
    size_x, size_y = standing.get_size_x(), standing.get_size_y()
    depth = standing.get_size_z()
    place = {"x": size_x / 2, "y": size_y / 2, "z": 0.0, "depth": depth, "totalLiquidVolume": 0.0}
    return {**place, "shape": "rectangular", "xDimension": size_x, "yDimension": size_y}


def _tips(spot: Container | TipSpot) -> dict[str, float]:
    tip = spot.make_tip()
    return {"tipLength": _length(tip), "tipOverlap": tip.fitting_depth}


def _length(tip: Any) -> float:
    """The length of a tip, which PyLabRobot 1.0 has as its height."""
    length: float = tip.get_size_z() if hasattr(tip, "get_size_z") else tip.total_tip_length
    return length


def _columns(wells: list[str]) -> list[list[str]]:
    """The names of wells, column by column."""
    columns: dict[str, list[str]] = {}
    for well in wells:
        columns.setdefault(well.lstrip(string.ascii_uppercase), []).append(well)
    return list(columns.values())
