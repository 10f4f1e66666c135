"""Where a pipette of eight channels fits when only some of its nozzles are in use: the others hang over what is beside.

A run's engine checks this for Python protocols only: not for single commands (measured on 7.5.0 and 8.1.0). The rules
are the engine's own; a test compares them on generated decks. Source of the numbers: pipette definitions and the robot
definition ot2 of opentrons-shared-data 9.0.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sila_ot2.driver.deck.plans.destinations import Destination, destination_of
from sila_ot2.driver.deck.plans.plan import PlannedCommand, rehearse
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import DeckPoint, around, slot_corner
from sila_ot2.driver.deck.state.labware import Labware
from sila_ot2.driver.deck.state.pipettes import NOZZLES, SessionPipette
from sila_ot2.driver.deck.state.positions import Point, highest_in_slot, well_position
from sila_ot2.driver.deck.state.wells import NOZZLE_PITCH_MM, touched
from sila_ot2.errors import DeckUnsafe, PositionOutOfBounds, WellUnknown

FRONT_MM, BACK_MM = 31.89, 347.5 - 35.91
"""How far to the front the back of a pipette goes, and how far to the back its front."""
SLOT_SIZE_MM = (128.0, 86.0)
FIRST_NOZZLE_MM = 31.5
"""From the middle of a pipette to nozzle A1, at its back."""


class Body(NamedTuple):
    """The outline of a pipette of eight channels, seen from above, around its middle."""

    left_mm: float
    right_mm: float
    half_length_mm: float
    tip_overlap_mm: float
    """How far a tip reaches up over the nozzle."""


_BODIES: Mapping[str, Body] = {
    "p10_multi": Body(16.0, 16.0, 44.49, 3.29),
    "p20_multi_gen2": Body(16.0, 16.0, 43.15, 8.25),
    "p50_multi": Body(30.5, 19.5, 47.5, 7.47),
    "p300_multi": Body(16.0, 16.0, 44.49, 7.47),
    "p300_multi_gen2": Body(16.0, 16.0, 43.15, 8.2),
}
_UNKNOWN = Body(30.5, 19.5, 47.5, 8.4)
RETURN_TIP_SCALE = 0.5
"""How far into a tip rack a tip is put back, as a part of its length."""


def check_nozzles(planned: Sequence[PlannedCommand], deck_state: DeckState) -> None:
    """Return if a pipette of eight channels fits wherever the commands take it.

    Raises:
        DeckUnsafe: it does not: with some nozzles in use it would hit something or reach beyond the deck, or one of
            its channels would be over no well. Nothing was sent.
    """
    if all(pipette.model.channels == 1 for pipette in deck_state.pipettes.values()):
        return
    for command in planned:
        to = destination_of(command, deck_state)
        if to is not None and to.pipette is not None and to.pipette.model.channels > 1 and to.labware is not None:
            _check_well(command, to, to.pipette, to.labware, deck_state)
        deck_state = rehearse(deck_state, [command]) if len(planned) > 1 else deck_state


def _check_well(
    command: PlannedCommand, to: Destination, pipette: SessionPipette, labware: Labware, deck_state: DeckState
) -> None:
    name = str(command.params["wellName"])
    try:
        touched(pipette, labware, name)
    except (PositionOutOfBounds, WellUnknown) as outside:
        raise DeckUnsafe.of(outside) from outside
    if pipette.nozzles.active == pipette.model.channels or to.slot is None:
        return
    goal = _goal(command, labware, name, deck_state)
    if goal is None:
        return
    what = f"A movement to well {name} of {labware.name} with nozzle {pipette.nozzles.primary[0]}1 of {pipette.label}"
    back_left, front_right, bottom_mm = _outline(pipette, labware, goal, deck_state)
    if front_right.y_mm > BACK_MM or back_left.y_mm < FRONT_MM:
        end = "back" if front_right.y_mm > BACK_MM else "front"
        raise DeckUnsafe(
            f"{what} would take the pipette beyond the {end} of the deck.",
            "Use another well or slot, or the nozzles at the other end.",
        )
    for slot in sorted(around(to.slot), key=int):
        if _overlaps(back_left, front_right, slot) and highest_in_slot(deck_state, slot) >= bottom_mm:
            raise DeckUnsafe(
                f"{what} would let its other nozzles hit what stands in slot {slot}.",
                "Use another well or slot, the nozzles at the other end, or move what stands there.",
            )


def _goal(command: PlannedCommand, labware: Labware, name: str, deck_state: DeckState) -> Point | None:
    """Return where the end of the tip goes, or the nozzle without one."""
    well = labware.wells[name]
    bottom = well_position(deck_state, labware, well)
    if bottom is None:
        return None
    where = command.params.get("wellLocation") or {}
    origin = where.get("origin", "top" if command.command_type != "dropTip" else "default")
    offset = where.get("offset") or {}
    height_mm = {"bottom": 0.0, "center": well.depth_mm / 2}.get(origin, well.depth_mm) + offset.get("z", 0.0)
    if command.command_type == "dropTip" and origin == "default" and labware.is_tip_rack:
        height_mm -= labware.tip_length_mm * RETURN_TIP_SCALE
    return Point(bottom.x_mm + offset.get("x", 0.0), bottom.y_mm + offset.get("y", 0.0), bottom.z_mm + height_mm)


def _outline(
    pipette: SessionPipette, labware: Labware, goal: Point, deck_state: DeckState
) -> tuple[DeckPoint, DeckPoint, float]:
    """Return the corners of the pipette at the back left and the front right, and how low its nozzles are."""
    body = _BODIES.get(pipette.name, _UNKNOWN)
    nozzles = pipette.nozzles
    primary_mm = FIRST_NOZZLE_MM - NOZZLES.index(nozzles.primary[0]) * NOZZLE_PITCH_MM
    if "centerMultichannelOnWells" in labware.quirks:
        half_mm = (nozzles.active - 1) * NOZZLE_PITCH_MM / 2
        primary_mm += half_mm if nozzles.primary[0] == NOZZLES[-1] else -half_mm
    middle_mm = goal.y_mm - primary_mm
    rack = deck_state.labware.get(pipette.tip.rack_id) if pipette.tip else None
    tip_mm = rack.tip_length_mm - body.tip_overlap_mm if rack and rack.tip_length_mm else 0.0
    return (
        DeckPoint(goal.x_mm - body.left_mm, middle_mm + body.half_length_mm),
        DeckPoint(goal.x_mm + body.right_mm, middle_mm - body.half_length_mm),
        goal.z_mm + tip_mm,
    )


def _overlaps(back_left: DeckPoint, front_right: DeckPoint, slot: str) -> bool:
    corner = slot_corner(slot)
    return (
        back_left.x_mm < corner.x_mm + SLOT_SIZE_MM[0]
        and front_right.x_mm > corner.x_mm
        and front_right.y_mm < corner.y_mm + SLOT_SIZE_MM[1]
        and back_left.y_mm > corner.y_mm
    )
