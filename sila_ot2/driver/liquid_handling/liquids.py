"""Plans for liquid: aspirate, dispense, mix, blow out, touch the tip, in a well or in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sila_ot2.driver.deck.checks.volume_limits import check_empty, check_pipette_volume, check_space
from sila_ot2.driver.deck.plans.plan import (
    CommandPlan,
    PlannedCommand,
    labware_on_deck,
    pipette_on,
    sequence,
    tipped_pipette_on,
)
from sila_ot2.driver.deck.state.contents import SAME_UL
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import NOZZLES, FlowRates, Mount, SessionPipette
from sila_ot2.driver.deck.state.wells import WellPoint, check_inside, touched
from sila_ot2.driver.liquid_handling.speeds import check_flow_rate
from sila_ot2.errors import (
    LocationUnknown,
    NotEnoughLiquid,
    NotReconciled,
    PipetteMissing,
    TipAlreadyAttached,
    TipNotAttached,
)
from sila_ot2.robot.releases import Release
from sila_ot2.store.uncertain_tips import may_hold_a_tip

AIR_GAP_HEIGHT_MM = 5.0
"""How far above the well's top air is drawn, as the Opentrons Python interface does."""
OWN = 0.0
"""Stands for a flow rate, speed or push-out of the session, or else of the pipette or robot itself."""


def aspirate(
    mount: Mount, labware_id: str, well: str, volume_ul: float, at: WellPoint, flow_rate_ul_s: float
) -> CommandPlan:
    """Move to a well and draw liquid. A flow rate of 0 is the session's, or else the pipette's own."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        place = _in_well(deck_state, pipette, labware_id, well, at)
        check_space(pipette, volume_ul)
        rate = flow_rate_ul_s or pipette.flow_rates.aspirate_ul_s
        return [PlannedCommand("aspirate", {**place, "volume": volume_ul, "flowRate": rate})]

    return plan


def dispense(
    mount: Mount,
    labware_id: str,
    well: str,
    volume_ul: float,
    at: WellPoint,
    flow_rate_ul_s: float,
    push_out_ul: float,
) -> CommandPlan:
    """Move to a well and push liquid out; a push-out of 0 is the robot's default."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        place = _in_well(deck_state, pipette, labware_id, well, at)
        return [PlannedCommand("dispense", {**place, **_out(pipette, volume_ul, flow_rate_ul_s, push_out_ul)})]

    return plan


def aspirate_in_place(mount: Mount, volume_ul: float, flow_rate_ul_s: float) -> CommandPlan:
    """Draw where the tip is."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        check_space(pipette, volume_ul)
        rate = flow_rate_ul_s or pipette.flow_rates.aspirate_ul_s
        return [
            PlannedCommand("aspirateInPlace", {"pipetteId": pipette.pipette_id, "volume": volume_ul, "flowRate": rate})
        ]

    return plan


def dispense_in_place(mount: Mount, volume_ul: float, flow_rate_ul_s: float, push_out_ul: float) -> CommandPlan:
    """Push out where the tip is."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        out = _out(pipette, volume_ul, flow_rate_ul_s, push_out_ul)
        return [PlannedCommand("dispenseInPlace", {"pipetteId": pipette.pipette_id, **out})]

    return plan


def blow_out(mount: Mount, labware_id: str, well: str, at: WellPoint, flow_rate_ul_s: float) -> CommandPlan:
    """Move to a well and push out all that the tip holds, and some air."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = _to_be_emptied(deck_state, mount)
        place = _in_well(deck_state, pipette, labware_id, well, at)
        rate = flow_rate_ul_s or pipette.flow_rates.blow_out_ul_s
        return [PlannedCommand("blowout", {**place, "flowRate": rate})]

    return plan


def blow_out_in_place(mount: Mount, flow_rate_ul_s: float) -> CommandPlan:
    """Push out all that the tip holds where it is."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = _to_be_emptied(deck_state, mount)
        rate = flow_rate_ul_s or pipette.flow_rates.blow_out_ul_s
        return [PlannedCommand("blowOutInPlace", {"pipetteId": pipette.pipette_id, "flowRate": rate})]

    return plan


def air_gap(mount: Mount, volume_ul: float, flow_rate_ul_s: float, release: Release) -> CommandPlan:
    """Move above the well that the tip is in and draw air; a robot that knows air does not take it for liquid."""
    draw = "airGapInPlace" if release.knows("airGapInPlace") else "aspirateInPlace"

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        check_space(pipette, volume_ul)
        place = deck_state.last_well.get(mount)
        if place is None:
            raise LocationUnknown(
                f"{pipette.label} is in no well, so there is none to draw air above.",
                "Move to a well first, or use AspirateInPlace.",
            )
        above = WellPoint("top", z_mm=AIR_GAP_HEIGHT_MM)
        where = {"labwareId": place[0], "wellName": place[1], "wellLocation": above.to_wire()}
        rate = flow_rate_ul_s or pipette.flow_rates.aspirate_ul_s
        prepare = (
            [PlannedCommand("prepareToAspirate", {"pipetteId": pipette.pipette_id})] if not pipette.volume_ul else []
        )
        return [
            PlannedCommand("moveToWell", {"pipetteId": pipette.pipette_id, **where}),
            *prepare,
            PlannedCommand(draw, {"pipetteId": pipette.pipette_id, "volume": volume_ul, "flowRate": rate}),
        ]

    return plan


def mix(
    mount: Mount,
    labware_id: str,
    well: str,
    volume_ul: float,
    repetitions: int,
    at: WellPoint,
    aspirate_rate_ul_s: float,
    dispense_rate_ul_s: float,
) -> CommandPlan:
    """Draw and push out again and again in one well."""
    draw = aspirate(mount, labware_id, well, volume_ul, at, aspirate_rate_ul_s)
    push = dispense(mount, labware_id, well, volume_ul, at, dispense_rate_ul_s, OWN)
    return sequence([draw, push] * repetitions)


def touch_tip(mount: Mount, labware_id: str, well: str, at: WellPoint, radius: float, speed_mm_s: float) -> CommandPlan:
    """Touch the walls of a well on four sides, at `radius` times the well's own radius."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        place = _in_well(deck_state, pipette, labware_id, well, at)
        speed: dict[str, Any] = {"speed": speed_mm_s} if speed_mm_s else {}
        return [PlannedCommand("touchTip", {**place, "radius": radius, **speed})]

    return plan


def prepare_to_aspirate(mount: Mount) -> CommandPlan:
    """Move the plunger to where aspirating begins; the tip should be above the liquid."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        check_empty(pipette)
        return [PlannedCommand("prepareToAspirate", {"pipetteId": pipette.pipette_id})]

    return plan


def configure_for_volume(mount: Mount, volume_ul: float) -> CommandPlan:
    """Tell the robot the volumes to come, for pipettes with a mode for small ones; with an empty tip."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = tipped_pipette_on(deck_state, mount)
        check_pipette_volume(pipette, volume_ul)
        return [PlannedCommand("configureForVolume", {"pipetteId": pipette.pipette_id, "volume": volume_ul})]

    return plan


def configure_nozzles(mount: Mount, active: int, *, primary_in_front: bool) -> CommandPlan:
    """Use some nozzles of a pipette of eight channels only: `active` ones, counted from the front or from the back."""

    def plan(deck_state: DeckState) -> list[PlannedCommand]:
        pipette = pipette_on(deck_state, mount)
        if pipette.model.channels == 1:
            raise PipetteMissing(
                f"{pipette.label} has one channel only; there is nothing to choose.",
                "Name the mount of an 8-channel pipette.",
            )
        if pipette.tip is not None:
            raise TipAlreadyAttached(
                f"{pipette.label} holds a tip; its nozzles can be chosen without one only.", "Drop it first."
            )
        primary, other = (NOZZLES[-1], NOZZLES[-active]) if primary_in_front else (NOZZLES[0], NOZZLES[active - 1])
        layout: dict[str, Any]
        if active >= pipette.model.channels:
            layout = {"style": "ALL"}
        elif active == 1:
            layout = {"style": "SINGLE", "primaryNozzle": f"{primary}1"}
        else:
            back, front = sorted((primary, other))
            layout = {
                "style": "QUADRANT",
                "primaryNozzle": f"{primary}1",
                "frontRightNozzle": f"{front}1",
                "backLeftNozzle": f"{back}1",
            }
        params = {"pipetteId": pipette.pipette_id, "configurationParams": layout}
        return [PlannedCommand("configureNozzleLayout", params)]

    return plan


def flow_rates(mount: Mount, rates: FlowRates) -> Callable[[DeckState], DeckState]:
    """Return what gives a pipette other flow rates for commands that name none; a rate of 0 is the pipette's own."""

    def change(deck_state: DeckState) -> DeckState:
        pipette = pipette_on(deck_state, mount)
        own = pipette.model.flow_rates
        chosen = FlowRates(*(rate or default for rate, default in zip(rates, own, strict=True)))
        for rate in chosen:
            check_flow_rate(rate, pipette)
        return deck_state.with_pipette(replace(pipette, flow_rates=chosen))

    return change


def _in_well(
    deck_state: DeckState, pipette: SessionPipette, labware_id: str, well: str, at: WellPoint
) -> dict[str, Any]:
    labware = labware_on_deck(deck_state, labware_id)
    for name in touched(pipette, labware, well):
        check_inside(labware, name, at)
    return {
        "pipetteId": pipette.pipette_id,
        "labwareId": labware_id,
        "wellName": well,
        "wellLocation": at.to_wire(),
    }


def _out(pipette: SessionPipette, volume_ul: float, flow_rate_ul_s: float, push_out_ul: float) -> dict[str, Any]:
    if volume_ul > pipette.volume_ul + SAME_UL:
        raise NotEnoughLiquid(
            f"{pipette.label} holds {pipette.volume_ul:g} µL, so {volume_ul:g} µL cannot be dispensed.",
            "Dispense less, or aspirate first.",
        )
    rate = flow_rate_ul_s or pipette.flow_rates.dispense_ul_s
    return {"volume": volume_ul, "flowRate": rate, **({"pushOut": push_out_ul} if push_out_ul else {})}


def _to_be_emptied(deck_state: DeckState, mount: Mount) -> SessionPipette:
    """Blowing out is allowed with an uncertain volume, not with an uncertain tip."""
    pipette = pipette_on(deck_state, mount)
    if pipette.untracked_tip:
        raise NotReconciled(
            may_hold_a_tip(pipette.label),
            "Look at it, then call ReconcileState or DiscardTipUntracked.",
        )
    if pipette.tip is None:
        raise TipNotAttached(f"{pipette.label} has no tip.", "Pick up a tip first.")
    return pipette
