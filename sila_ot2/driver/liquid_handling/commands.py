"""The commands that worklists and clients share: the plan of each, made of its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TypeAlias

from sila_ot2.driver.deck.plans.plan import CommandPlan, sequence
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.deck.state.wells import Origin, WellPoint
from sila_ot2.driver.liquid_handling import liquids, motions, tips
from sila_ot2.driver.liquid_handling.class_choice import after, touch_wall, with_class
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClass, LiquidClasses
from sila_ot2.generated.atomic_liquid_handling import (
    AirGapParameters,
    AspirateParameters,
    BlowOutParameters,
    DelayParameters,
    DispenseParameters,
    DropTipParameters,
    MixParameters,
    MoveToWellParameters,
    PickUpTipParameters,
    ReturnTipParameters,
    TouchTipParameters,
)
from sila_ot2.robot.releases import Release

InWell: TypeAlias = (
    AspirateParameters
    | DispenseParameters
    | MixParameters
    | BlowOutParameters
    | TouchTipParameters
    | MoveToWellParameters
)
"""Parameters that name a point of a well."""
AS_WATER = LiquidClass()
ORIGINS: dict[str, Origin] = {"Top": "top", "Bottom": "bottom", "Center": "center"}


def point_of(given: InWell) -> WellPoint:
    """Return the point of a well that the parameters name."""
    return WellPoint(ORIGINS[given.origin], given.offset_x_mm, given.offset_y_mm, given.offset_z_mm)


def pick_up_tip(given: PickUpTipParameters) -> CommandPlan:
    """See `tips.pick_up_tip`."""
    return tips.pick_up_tip(given.mount, given.tip_rack_identifier, given.well)


def drop_tip(given: DropTipParameters, release: Release) -> CommandPlan:
    """See `tips.drop_tip`."""
    return tips.drop_tip(given.mount, release, given.destination, given.well, alternate=given.alternate)


def return_tip(given: ReturnTipParameters) -> CommandPlan:
    """See `tips.return_tip`."""
    return tips.return_tip(given.mount)


def aspirate(given: AspirateParameters, liquid: LiquidClass = AS_WATER) -> CommandPlan:
    """See `liquids.aspirate`; with the flow rate and delay of a liquid class, unless the client gives a flow rate."""
    where = given.mount, given.labware_identifier, given.well
    rate_ul_s = given.flow_rate_ul_s or liquid.aspirate_ul_s
    draw = liquids.aspirate(*where, given.volume_ul, point_of(given), rate_ul_s)
    return sequence([draw, *after(liquid.aspirate_delay_s), *_touch(where, liquid)])


def dispense(given: DispenseParameters, liquid: LiquidClass = AS_WATER) -> CommandPlan:
    """See `liquids.dispense`; with a liquid class as `aspirate`."""
    where = given.mount, given.labware_identifier, given.well
    rate_ul_s = given.flow_rate_ul_s or liquid.dispense_ul_s
    push = liquids.dispense(*where, given.volume_ul, point_of(given), rate_ul_s, given.push_out_ul)
    return sequence([push, *after(liquid.dispense_delay_s), *_touch(where, liquid)])


def blow_out(given: BlowOutParameters) -> CommandPlan:
    """See `liquids.blow_out`."""
    return liquids.blow_out(given.mount, given.labware_identifier, given.well, point_of(given), given.flow_rate_ul_s)


def air_gap(given: AirGapParameters, release: Release) -> CommandPlan:
    """See `liquids.air_gap`."""
    return liquids.air_gap(given.mount, given.volume_ul, given.flow_rate_ul_s, release)


def mix(given: MixParameters, classes: LiquidClasses) -> CommandPlan:
    """Draw and push out again and again in one well; with a liquid class as `aspirate`."""
    return with_class(classes, given.liquid_class, given.mount, partial(_mix, given))


def _mix(given: MixParameters, liquid: LiquidClass) -> CommandPlan:
    where, at = (given.mount, given.labware_identifier, given.well), point_of(given)
    draw_ul_s = given.aspirate_flow_rate_ul_s or liquid.aspirate_ul_s
    push_ul_s = given.dispense_flow_rate_ul_s or liquid.dispense_ul_s
    once = [
        liquids.aspirate(*where, given.volume_ul, at, draw_ul_s),
        *after(liquid.aspirate_delay_s),
        liquids.dispense(*where, given.volume_ul, at, push_ul_s, liquids.OWN),
        *after(liquid.dispense_delay_s),
    ]
    return sequence([*once * given.repetitions, *_touch(where, liquid)])


def _touch(where: tuple[Mount, str, str], liquid: LiquidClass) -> Iterator[CommandPlan]:
    if liquid.touch_tip:
        yield touch_wall(*where)


def touch_tip(given: TouchTipParameters) -> CommandPlan:
    """See `liquids.touch_tip`."""
    return liquids.touch_tip(
        given.mount, given.labware_identifier, given.well, point_of(given), given.radius, given.speed_mm_s
    )


def move_to_well(given: MoveToWellParameters) -> CommandPlan:
    """See `motions.move_to_well`."""
    return motions.move_to_well(
        given.mount,
        given.labware_identifier,
        given.well,
        point_of(given),
        given.speed_mm_s,
        given.minimum_clearance_mm,
    )


def delay(given: DelayParameters) -> CommandPlan:
    """See `motions.delay`."""
    return motions.delay(given.duration_s)
