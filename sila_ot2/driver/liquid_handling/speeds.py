"""Limits of speeds and flow rates: near zero, a movement takes almost forever, and only switching off ends it."""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.constraints import limits
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import SessionPipette, model_of
from sila_ot2.errors import SpeedOutOfRange

SLOWEST_MM_S = 1.0
"""Of the gantry; a movement across the whole deck then takes seven minutes. The least that the Opentrons Python
interface documents for a speed (of touch_tip)."""
_, FASTEST_MM_S = limits("AtomicLiquidHandling", "MoveToWell", "Speed")
"""The limit of the gantry's X axis (robot settings of the OT-2, `default_max_speed`)."""
LONGEST_STROKE_S = 600.0
"""How long the whole volume of a pipette may take; a hundredth of the default flow rate, or less."""
FASTEST_UL_S = 1000.0
"""The highest of the default flow rates of all pipettes (blowing out, first generation)."""


def slowest_ul_s(max_volume_ul: float) -> float:
    """Return the lowest flow rate of a pipette that takes this volume."""
    return max_volume_ul / LONGEST_STROKE_S


def check_speed(speed_mm_s: float) -> None:
    """Return if the gantry may move at this speed.

    Raises:
        SpeedOutOfRange: it may not. Nothing was sent.
    """
    if not SLOWEST_MM_S <= speed_mm_s <= FASTEST_MM_S:
        raise SpeedOutOfRange(
            f"A speed of {speed_mm_s:g} mm/s is not between {SLOWEST_MM_S:g} and {FASTEST_MM_S:g} mm/s, and a "
            "movement once begun cannot be cut short.",
            "Give another speed, or none for the robot's own.",
        )


def check_flow_rate(flow_rate_ul_s: float, pipette: SessionPipette | None) -> None:
    """Return if a pipette may move liquid at this rate; of an unknown pipette, only if every pipette may.

    Raises:
        SpeedOutOfRange: it may not. Nothing was sent.
    """
    slowest = slowest_ul_s((pipette.model if pipette else model_of("")).max_volume_ul)
    if not slowest <= flow_rate_ul_s <= FASTEST_UL_S:
        raise SpeedOutOfRange(
            f"A flow rate of {flow_rate_ul_s:g} µL/s is not between {slowest:.2g} and {FASTEST_UL_S:g} µL/s, the "
            f"limits of {pipette.label if pipette else 'a pipette that is not loaded'}, and a movement once begun "
            "cannot be cut short.",
            "Give another flow rate, or none for the pipette's own.",
        )


def check_speeds(planned: Sequence[PlannedCommand], deck_state: DeckState) -> None:
    """Return if all speeds and flow rates of commands for the robot are within their limits.

    Raises:
        SpeedOutOfRange: one is not. Nothing was sent.
    """
    for command in planned:
        if isinstance(speed_mm_s := command.params.get("speed"), int | float):
            check_speed(speed_mm_s)
        if isinstance(flow_rate_ul_s := command.params.get("flowRate"), int | float):
            check_flow_rate(flow_rate_ul_s, deck_state.pipette_by_id(str(command.params.get("pipetteId", ""))))
