"""Plans for moving liquid between many wells: transfer, distribute, consolidate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sila_ot2.driver.deck.deck_state import Record
from sila_ot2.driver.deck.pipettes import Mount
from sila_ot2.driver.deck.plan import Plan, Planned, labware_on_deck, pipette_on, sequence
from sila_ot2.driver.deck.wells import Point, well_of
from sila_ot2.driver.liquid_handling.liquids import SAME_UL, air_gap, aspirate, blow_out, dispense, mix, touch_tip
from sila_ot2.driver.liquid_handling.tips import blow_out_into_trash, drop_tip, pick_up_tip, size_of_next_tip_ul
from sila_ot2.errors import TransferInvalid, VolumeOutOfRange
from sila_ot2.robot.releases import Release

DEFAULT_HEIGHT_MM = 1.0
"""Above the bottom of a well, as the Opentrons Python interface does."""
TOUCH_DEPTH_MM = 1.0


TipPolicy = Literal["once", "always", "never"]
BlowOutPlace = Literal["nowhere", "source", "target", "trash"]


class Spot(NamedTuple):
    """A well of a labware."""

    labware_id: str
    well: str


@dataclass(frozen=True)
class Manner:
    """How liquid is moved."""

    mount: Mount
    tips: TipPolicy = "once"
    mix_before: int = 0
    mix_after: int = 0
    air_gap_ul: float = 0.0
    blow_out: BlowOutPlace = "nowhere"
    touch_tip: bool = False
    flow_rate_ul_s: float = 0.0
    source_height_mm: float = 0.0
    target_height_mm: float = 0.0

    @property
    def at_source(self) -> Point:
        """Where to draw."""
        return Point("bottom", z_mm=self.source_height_mm or DEFAULT_HEIGHT_MM)

    @property
    def at_target(self) -> Point:
        """Where to push out."""
        return Point("bottom", z_mm=self.target_height_mm or DEFAULT_HEIGHT_MM)


class Portion(NamedTuple):
    """A volume that goes from one well to another."""

    source: Spot
    target: Spot
    volume_ul: float


class Trip(NamedTuple):
    """What is drawn into the tip until it is emptied again."""

    draws: tuple[tuple[Spot, float], ...]
    pushes: tuple[tuple[Spot, float], ...]


def transfer(
    manner: Manner,
    release: Release,
    source_id: str,
    source_wells: Sequence[str],
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
) -> Plan:
    """Move liquid from well to well, one pair after the other; a single well serves all of the other side."""

    def plan(record: Record) -> Sequence[Planned]:
        portions = _portions(source_id, source_wells, target_id, target_wells, volumes_ul)
        room_ul = _room_ul(record, manner, manner.air_gap_ul)
        trips = []
        for portion in portions:
            for volume_ul in _parts(portion.volume_ul, room_ul):
                trips.append(Trip(((portion.source, volume_ul),), ((portion.target, volume_ul),)))
        return _plan(record, manner, release, trips)

    return plan


def distribute(
    manner: Manner,
    release: Release,
    source: Spot,
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
    disposal_ul: float,
) -> Plan:
    """Move liquid from one well to many, with as many portions in the tip at once as fit.

    The disposal volume is drawn in addition each time and blown out afterwards, into the source if the manner names no
    other place.
    """

    def plan(record: Record) -> Sequence[Planned]:
        portions = _portions(source.labware_id, [source.well], target_id, target_wells, volumes_ul)
        room_ul = _room_ul(record, manner, manner.air_gap_ul + disposal_ul)
        trips = []
        for group in _groups(portions, room_ul, per_portion_ul=0.0):
            total_ul = sum(portion.volume_ul for portion in group) + disposal_ul
            pushes = tuple((portion.target, portion.volume_ul) for portion in group)
            trips.append(Trip(((source, total_ul),), pushes))
        return _plan(record, manner, release, trips)

    return plan


def consolidate(
    manner: Manner,
    release: Release,
    source_id: str,
    source_wells: Sequence[str],
    target: Spot,
    volumes_ul: Sequence[float],
) -> Plan:
    """Move liquid from many wells to one, with as many portions in the tip at once as fit."""

    def plan(record: Record) -> Sequence[Planned]:
        portions = _portions(source_id, source_wells, target.labware_id, [target.well], volumes_ul)
        room_ul = _room_ul(record, manner, 0.0)
        trips = []
        for group in _groups(portions, room_ul, per_portion_ul=manner.air_gap_ul):
            draws = tuple((portion.source, portion.volume_ul) for portion in group)
            trips.append(Trip(draws, ((target, sum(portion.volume_ul for portion in group)),)))
        return _plan(record, manner, release, trips)

    return plan


def _portions(
    source_id: str,
    source_wells: Sequence[str],
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
) -> list[Portion]:
    count = max(len(source_wells), len(target_wells))
    fits = all(len(given) in (1, count) for given in (source_wells, target_wells, volumes_ul))
    if not fits:
        raise TransferInvalid(
            f"{len(source_wells)} source wells, {len(target_wells)} target wells and {len(volumes_ul)} volumes do not "
            f"fit together. Nothing moved. Give as many of each, or a single one for all."
        )

    def nth(given: Sequence[str], index: int) -> str:
        return given[index if len(given) > 1 else 0]

    return [
        Portion(
            Spot(source_id, nth(source_wells, index)),
            Spot(target_id, nth(target_wells, index)),
            volumes_ul[index if len(volumes_ul) > 1 else 0],
        )
        for index in range(count)
    ]


def _room_ul(record: Record, manner: Manner, taken_ul: float) -> float:
    """Return what a tip takes besides air and disposal volume."""
    pipette = pipette_on(record, manner.mount)
    capacity_ul = pipette.capacity_ul
    if manner.tips != "never" and pipette.tip is None:
        capacity_ul = min(capacity_ul, size_of_next_tip_ul(record, pipette))
    if capacity_ul - taken_ul <= SAME_UL:
        raise VolumeOutOfRange(
            f"{pipette.label} with its tip takes {capacity_ul:g} µl; {taken_ul:g} µl of air and disposal volume "
            f"leave no room for liquid. Nothing moved."
        )
    return capacity_ul - taken_ul


def _parts(volume_ul: float, room_ul: float) -> list[float]:
    """Return equal parts that fit."""
    count = math.ceil((volume_ul - SAME_UL) / room_ul) or 1
    return [volume_ul / count] * count


def _groups(portions: Sequence[Portion], room_ul: float, *, per_portion_ul: float) -> Iterator[list[Portion]]:
    """Yield the portions in groups that fit into a tip together, each with `per_portion_ul` of air."""
    group: list[Portion] = []
    held_ul = 0.0
    for portion in portions:
        for volume_ul in _parts(portion.volume_ul, room_ul - per_portion_ul):
            if group and held_ul + volume_ul + per_portion_ul > room_ul + SAME_UL:
                yield group
                group, held_ul = [], 0.0
            group.append(portion._replace(volume_ul=volume_ul))
            held_ul += volume_ul + per_portion_ul
    if group:
        yield group


def _plan(record: Record, manner: Manner, release: Release, trips: Sequence[Trip]) -> Sequence[Planned]:
    for trip in trips:
        for spot, _ in (*trip.draws, *trip.pushes):
            well_of(labware_on_deck(record, spot.labware_id), spot.well)
    plans: list[Plan] = []
    for number, trip in enumerate(trips):
        last = number == len(trips) - 1
        if manner.tips == "always" or (manner.tips == "once" and number == 0):
            plans.append(pick_up_tip(manner.mount))
        plans += _carry(manner, release, trip)
        if manner.tips == "always" or (manner.tips == "once" and last):
            plans.append(drop_tip(manner.mount, release))
    return sequence(plans)(record)


def _carry(manner: Manner, release: Release, trip: Trip) -> Iterator[Plan]:
    """Yield the plans of one trip, from the empty tip to the empty tip."""
    mount, rate = manner.mount, manner.flow_rate_ul_s
    for spot, volume_ul in trip.draws:
        if manner.mix_before and spot == trip.draws[0][0]:
            yield mix(mount, *spot, volume_ul, manner.mix_before, manner.at_source, rate, rate)
        yield aspirate(mount, *spot, volume_ul, manner.at_source, rate)
        if manner.touch_tip:
            yield _touch(mount, spot)
        if manner.air_gap_ul:
            yield air_gap(mount, manner.air_gap_ul, rate)
    drawn_ul = sum(volume_ul for _, volume_ul in trip.draws)
    pushed_ul = sum(volume_ul for _, volume_ul in trip.pushes)
    air_ul = manner.air_gap_ul * len(trip.draws)
    for spot, volume_ul in trip.pushes:
        yield dispense(mount, *spot, volume_ul + air_ul, manner.at_target, rate)
        air_ul = 0.0
        if manner.mix_after:
            yield mix(mount, *spot, volume_ul, manner.mix_after, manner.at_target, rate, rate)
        if manner.touch_tip:
            yield _touch(mount, spot)
    disposal = drawn_ul - pushed_ul > SAME_UL
    where = "source" if disposal and manner.blow_out == "nowhere" else manner.blow_out
    if where == "trash":
        yield blow_out_into_trash(mount, release)
    elif where != "nowhere":
        spot = trip.draws[-1][0] if where == "source" else trip.pushes[-1][0]
        yield blow_out(mount, *spot, Point("top"))


def _touch(mount: Mount, spot: Spot) -> Plan:
    return touch_tip(mount, *spot, Point("top", z_mm=-TOUCH_DEPTH_MM))
