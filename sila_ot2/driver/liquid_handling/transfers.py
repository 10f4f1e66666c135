"""Plans for moving liquid between many wells: transfer, distribute, consolidate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from sila_ot2.driver.deck.checks.volume_limits import check_loads, free_for_liquid_ul
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand, labware_on_deck, pipette_on, sequence
from sila_ot2.driver.deck.state.contents import SAME_UL
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.deck.state.wells import WellPoint, well_of
from sila_ot2.driver.liquid_handling.class_choice import after, class_on_deck, touch_wall
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClass, LiquidClasses
from sila_ot2.driver.liquid_handling.liquids import OWN, air_gap, aspirate, blow_out, dispense, mix
from sila_ot2.driver.liquid_handling.tips import (
    blow_out_into_trash,
    drop_tip,
    pick_up_tip,
    size_of_next_tip_ul,
)
from sila_ot2.errors import TransferInvalid
from sila_ot2.robot.releases import Release

DEFAULT_HEIGHT_MM = 1.0
"""Above the bottom of a well, as the Opentrons Python interface does."""

TipPolicy = Literal["once", "always", "never"]
BlowOutPlace = Literal["nowhere", "source", "target", "trash"]


class WellReference(NamedTuple):
    """A well of a labware."""

    labware_id: str
    well: str


@dataclass(frozen=True)
class TransferOptions:
    """How liquid is moved."""

    mount: Mount
    tips: TipPolicy
    mix_before: int
    mix_after: int
    air_gap_ul: float
    blow_out: BlowOutPlace
    touch_tip: bool
    flow_rate_ul_s: float
    source_height_mm: float
    target_height_mm: float
    liquid_class: str = ""
    """Name of a row of `classes`; empty: water."""
    classes: LiquidClasses = NO_CLASSES
    liquid: LiquidClass = LiquidClass()
    """What `liquid_class` means for the pipette and its tip."""

    @property
    def at_source(self) -> WellPoint:
        """Where to draw."""
        return WellPoint("bottom", z_mm=self.source_height_mm or DEFAULT_HEIGHT_MM)

    @property
    def at_target(self) -> WellPoint:
        """Where to push out."""
        return WellPoint("bottom", z_mm=self.target_height_mm or DEFAULT_HEIGHT_MM)


def _for_liquid(options: TransferOptions, deck_state: DeckState) -> TransferOptions:
    """Return the options with what the liquid class adds; values that the client has given have priority.

    Raises:
        LiquidClassUnknown: there is no such class for the pipette and its tip.
    """
    takes_tip = options.tips != "never"
    liquid = class_on_deck(options.classes, options.liquid_class, deck_state, options.mount, takes_tip=takes_tip)
    return replace(
        options,
        air_gap_ul=options.air_gap_ul or liquid.air_gap_ul,
        touch_tip=options.touch_tip or liquid.touch_tip,
        source_height_mm=options.source_height_mm or liquid.source_height_mm,
        target_height_mm=options.target_height_mm or liquid.target_height_mm,
        liquid=liquid,
    )


class TransferStep(NamedTuple):
    """A volume that goes from one well to another."""

    source: WellReference
    target: WellReference
    volume_ul: float


class TipLoad(NamedTuple):
    """What is drawn into the tip until it is emptied again."""

    draws: tuple[tuple[WellReference, float], ...]
    pushes: tuple[tuple[WellReference, float], ...]


def transfer(
    options: TransferOptions,
    release: Release,
    source_id: str,
    source_wells: Sequence[str],
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
) -> CommandPlan:
    """Move liquid from well to well, one pair after the other; a single well serves all of the other side."""

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        steps = _steps_of(source_id, source_wells, target_id, target_wells, volumes_ul)
        how = _for_liquid(options, deck_state)
        free_ul = _free_ul(deck_state, how, how.air_gap_ul)
        check_loads(sum(step.volume_ul for step in steps), free_ul)
        tip_loads = []
        for step in steps:
            for volume_ul in _parts(step.volume_ul, free_ul):
                tip_loads.append(TipLoad(((step.source, volume_ul),), ((step.target, volume_ul),)))
        return _plan(deck_state, how, release, tip_loads)

    return plan


def distribute(
    options: TransferOptions,
    release: Release,
    source: WellReference,
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
    disposal_ul: float,
) -> CommandPlan:
    """Move liquid from one well to many, with as many steps in the tip at once as fit.

    The disposal volume is drawn in addition each time and blown out afterwards, into the source if the options name no
    other place.
    """

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        steps = _steps_of(source.labware_id, [source.well], target_id, target_wells, volumes_ul)
        how = _for_liquid(options, deck_state)
        free_ul = _free_ul(deck_state, how, how.air_gap_ul + disposal_ul)
        check_loads(sum(step.volume_ul for step in steps), free_ul)
        tip_loads = []
        for group in _groups(steps, free_ul, per_step_ul=0.0):
            total_ul = sum(step.volume_ul for step in group) + disposal_ul
            pushes = tuple((step.target, step.volume_ul) for step in group)
            tip_loads.append(TipLoad(((source, total_ul),), pushes))
        return _plan(deck_state, how, release, tip_loads)

    return plan


def consolidate(
    options: TransferOptions,
    release: Release,
    source_id: str,
    source_wells: Sequence[str],
    target: WellReference,
    volumes_ul: Sequence[float],
) -> CommandPlan:
    """Move liquid from many wells to one, with as many steps in the tip at once as fit."""

    def plan(deck_state: DeckState) -> Sequence[PlannedCommand]:
        steps = _steps_of(source_id, source_wells, target.labware_id, [target.well], volumes_ul)
        how = _for_liquid(options, deck_state)
        liquid_ul = _free_ul(deck_state, how, how.air_gap_ul)
        check_loads(sum(step.volume_ul for step in steps), liquid_ul)
        tip_loads = []
        for group in _groups(steps, liquid_ul + how.air_gap_ul, per_step_ul=how.air_gap_ul):
            draws = tuple((step.source, step.volume_ul) for step in group)
            tip_loads.append(TipLoad(draws, ((target, sum(step.volume_ul for step in group)),)))
        return _plan(deck_state, how, release, tip_loads)

    return plan


def _steps_of(
    source_id: str,
    source_wells: Sequence[str],
    target_id: str,
    target_wells: Sequence[str],
    volumes_ul: Sequence[float],
) -> list[TransferStep]:
    count = max(len(source_wells), len(target_wells))
    fits = count > 0 and all(len(given) in (1, count) for given in (source_wells, target_wells, volumes_ul))
    if not fits:
        raise TransferInvalid(
            f"{len(source_wells)} source wells, {len(target_wells)} target wells and {len(volumes_ul)} volumes do "
            "not fit together.",
            "Give as many of each, or a single one for all.",
        )

    def nth(given: Sequence[str], index: int) -> str:
        return given[index if len(given) > 1 else 0]

    return [
        TransferStep(
            WellReference(source_id, nth(source_wells, index)),
            WellReference(target_id, nth(target_wells, index)),
            volumes_ul[index if len(volumes_ul) > 1 else 0],
        )
        for index in range(count)
    ]


def _free_ul(deck_state: DeckState, options: TransferOptions, taken_ul: float) -> float:
    """Return what a tip takes besides air and disposal volume."""
    pipette = pipette_on(deck_state, options.mount)
    capacity_ul = pipette.capacity_ul
    if options.tips != "never" and pipette.tip is None:
        capacity_ul = min(capacity_ul, size_of_next_tip_ul(deck_state, pipette))
    return free_for_liquid_ul(pipette, capacity_ul, taken_ul)


def _parts(volume_ul: float, free_ul: float) -> list[float]:
    """Return equal parts that fit."""
    count = math.ceil((volume_ul - SAME_UL) / free_ul) or 1
    return [volume_ul / count] * count


def _groups(steps: Sequence[TransferStep], free_ul: float, *, per_step_ul: float) -> Iterator[list[TransferStep]]:
    """Yield the steps in groups that fit into a tip together, each with `per_step_ul` of air."""
    group: list[TransferStep] = []
    held_ul = 0.0
    for step in steps:
        for volume_ul in _parts(step.volume_ul, free_ul - per_step_ul):
            if group and held_ul + volume_ul + per_step_ul > free_ul + SAME_UL:
                yield group
                group, held_ul = [], 0.0
            group.append(step._replace(volume_ul=volume_ul))
            held_ul += volume_ul + per_step_ul
    if group:
        yield group


def _plan(
    deck_state: DeckState, options: TransferOptions, release: Release, tip_loads: Sequence[TipLoad]
) -> Sequence[PlannedCommand]:
    for tip_load in tip_loads:
        for reference, _ in (*tip_load.draws, *tip_load.pushes):
            well_of(labware_on_deck(deck_state, reference.labware_id), reference.well)
    plans: list[CommandPlan] = []
    for number, tip_load in enumerate(tip_loads):
        last = number == len(tip_loads) - 1
        if options.tips == "always" or (options.tips == "once" and number == 0):
            plans.append(pick_up_tip(options.mount, "", ""))
        plans += _carry(options, release, tip_load)
        if options.tips == "always" or (options.tips == "once" and last):
            plans.append(drop_tip(options.mount, release, "", "", alternate=False))
    return sequence(plans)(deck_state)


def _carry(options: TransferOptions, release: Release, tip_load: TipLoad) -> Iterator[CommandPlan]:
    """Yield the plans of one tip load, from the empty tip to the empty tip."""
    mount, liquid = options.mount, options.liquid
    draw_rate = options.flow_rate_ul_s or liquid.aspirate_ul_s
    push_rate = options.flow_rate_ul_s or liquid.dispense_ul_s
    for reference, volume_ul in tip_load.draws:
        if options.mix_before and reference == tip_load.draws[0][0]:
            yield mix(mount, *reference, volume_ul, options.mix_before, options.at_source, draw_rate, push_rate)
        yield aspirate(mount, *reference, volume_ul, options.at_source, draw_rate)
        yield from after(liquid.aspirate_delay_s)
        if options.touch_tip:
            yield touch_wall(mount, *reference)
        if options.air_gap_ul:
            yield air_gap(mount, options.air_gap_ul, draw_rate, release)
    drawn_ul = sum(volume_ul for _, volume_ul in tip_load.draws)
    pushed_ul = sum(volume_ul for _, volume_ul in tip_load.pushes)
    air_ul = options.air_gap_ul * len(tip_load.draws)
    for reference, volume_ul in tip_load.pushes:
        yield dispense(mount, *reference, volume_ul + air_ul, options.at_target, push_rate, OWN)
        air_ul = 0.0
        yield from after(liquid.dispense_delay_s)
        if options.mix_after:
            yield mix(mount, *reference, volume_ul, options.mix_after, options.at_target, draw_rate, push_rate)
        if options.touch_tip:
            yield touch_wall(mount, *reference)
    disposal = drawn_ul - pushed_ul > SAME_UL
    where = "source" if disposal and options.blow_out == "nowhere" else options.blow_out
    if where == "trash":
        yield blow_out_into_trash(mount, release)
    elif where != "nowhere":
        reference = tip_load.draws[-1][0] if where == "source" else tip_load.pushes[-1][0]
        yield blow_out(mount, *reference, WellPoint("top"), OWN)
