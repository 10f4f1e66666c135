"""Speeds and flow rates have limits that every pipette's own rates keep."""

from __future__ import annotations

import math

import pytest

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import MODELS, fresh_pipette
from sila_ot2.driver.liquid_handling.speeds import LONGEST_STROKE_S, check_flow_rate, check_speed, check_speeds
from sila_ot2.errors import SpeedOutOfRange


@pytest.mark.parametrize("name", MODELS)
def test_own_rates_of_a_pipette_are_allowed_and_no_stroke_takes_longer_than_stated(name: str) -> None:
    pipette = fresh_pipette("left", "l", name)
    for rate in pipette.model.flow_rates:
        check_flow_rate(rate, pipette)
    slowest = pipette.model.max_volume_ul / LONGEST_STROKE_S
    check_flow_rate(slowest, pipette)
    for rate in (math.nextafter(slowest, 0), 1e-300, 0.0, -1.0, math.nan, math.inf):
        with pytest.raises(SpeedOutOfRange, match="Nothing moved"):
            check_flow_rate(rate, pipette)


@pytest.mark.parametrize("speed", [0.0, 5e-324, 0.999, 600.1, 1e300, math.nan, -math.inf])
def test_speed_of_the_gantry(speed: float) -> None:
    check_speed(1.0)
    check_speed(600.0)
    with pytest.raises(SpeedOutOfRange, match="Nothing moved"):
        check_speed(speed)


def test_pipette_that_is_not_loaded_moves_liquid_only_at_a_rate_that_all_pipettes_may() -> None:
    planned = [PlannedCommand("aspirateInPlace", {"pipetteId": "unknown", "volume": 5, "flowRate": 0.5})]
    with pytest.raises(SpeedOutOfRange, match="not loaded"):
        check_speeds(planned, DeckState(pipettes={"left": fresh_pipette("left", "l", "p300_single_gen2")}))


def test_speed_of_a_planned_movement() -> None:
    check_speeds([PlannedCommand("moveToWell", {"speed": 100})], DeckState())
    with pytest.raises(SpeedOutOfRange):
        check_speeds([PlannedCommand("moveToWell", {"speed": 1000})], DeckState())
