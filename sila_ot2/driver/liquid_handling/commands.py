"""The commands that worklists and clients share: the plan of each, made of its parameters."""

from __future__ import annotations

from typing import TypeAlias

from sila_ot2.driver.deck.plan import CommandPlan
from sila_ot2.driver.deck.wells import Origin, WellPoint
from sila_ot2.driver.liquid_handling import liquids, motions, tips
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


def aspirate(given: AspirateParameters) -> CommandPlan:
    """See `liquids.aspirate`."""
    return liquids.aspirate(
        given.mount, given.labware_identifier, given.well, given.volume_ul, point_of(given), given.flow_rate_ul_s
    )


def dispense(given: DispenseParameters) -> CommandPlan:
    """See `liquids.dispense`."""
    return liquids.dispense(
        given.mount,
        given.labware_identifier,
        given.well,
        given.volume_ul,
        point_of(given),
        given.flow_rate_ul_s,
        given.push_out_ul,
    )


def blow_out(given: BlowOutParameters) -> CommandPlan:
    """See `liquids.blow_out`."""
    return liquids.blow_out(given.mount, given.labware_identifier, given.well, point_of(given), given.flow_rate_ul_s)


def air_gap(given: AirGapParameters, release: Release) -> CommandPlan:
    """See `liquids.air_gap`."""
    return liquids.air_gap(given.mount, given.volume_ul, given.flow_rate_ul_s, release)


def mix(given: MixParameters) -> CommandPlan:
    """See `liquids.mix`."""
    return liquids.mix(
        given.mount,
        given.labware_identifier,
        given.well,
        given.volume_ul,
        given.repetitions,
        point_of(given),
        given.aspirate_flow_rate_ul_s,
        given.dispense_flow_rate_ul_s,
    )


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
