"""Plans for plungers and nozzles: what the pipette cannot do is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import FlowRates, Tip
from sila_ot2.driver.liquid_handling import liquids
from sila_ot2.errors import (
    PipetteMissing,
    SpeedOutOfRange,
    TipAlreadyAttached,
    TipNotAttached,
    VolumeOutOfRange,
)
from tests.unit.driver.liquid_handling.test_plans import deck_state


def holding(volume_ul: float | None = 0.0, pipette: str = "p300_single_gen2") -> DeckState:
    """A pipette with a tip that holds so much; None: without a tip."""
    state = deck_state(pipette)
    tip = Tip("tips", "A1", 300) if volume_ul is not None else None
    return state.with_pipette(replace(state.pipettes["right"], tip=tip, volume_ul=volume_ul or 0.0))


def params(planned: Any) -> dict[str, Any]:
    [command] = planned
    return dict(command.params)


def test_the_plunger_is_prepared_with_an_empty_tip_only() -> None:
    assert params(liquids.prepare_to_aspirate("right")(holding())) == {"pipetteId": "r"}
    with pytest.raises(VolumeOutOfRange, match="holds 5 µL"):
        liquids.prepare_to_aspirate("right")(holding(5))
    with pytest.raises(TipNotAttached):
        liquids.prepare_to_aspirate("right")(holding(None))


def test_no_volume_is_configured_that_the_pipette_does_not_take() -> None:
    assert params(liquids.configure_for_volume("right", 300)(holding()))["volume"] == 300
    with pytest.raises(VolumeOutOfRange, match="at most 300 µL, not 301 µL"):
        liquids.configure_for_volume("right", 301)(holding())


@pytest.mark.parametrize(
    ("active", "in_front", "layout"),
    [
        (8, False, {"style": "ALL"}),
        (1, False, {"style": "SINGLE", "primaryNozzle": "A1"}),
        (1, True, {"style": "SINGLE", "primaryNozzle": "H1"}),
        (3, False, {"style": "QUADRANT", "primaryNozzle": "A1", "frontRightNozzle": "C1", "backLeftNozzle": "A1"}),
        (3, True, {"style": "QUADRANT", "primaryNozzle": "H1", "frontRightNozzle": "H1", "backLeftNozzle": "F1"}),
    ],
)
def test_nozzles_are_chosen_from_either_end(active: int, in_front: bool, layout: dict[str, str]) -> None:
    plan = liquids.configure_nozzles("right", active, primary_in_front=in_front)
    assert params(plan(holding(None, "p300_multi_gen2")))["configurationParams"] == layout
    with pytest.raises(TipAlreadyAttached):
        plan(holding(0, "p300_multi_gen2"))
    with pytest.raises(PipetteMissing, match="one channel only"):
        plan(holding(None))


def test_a_flow_rate_of_zero_is_the_pipettes_own() -> None:
    changed = liquids.flow_rates("right", FlowRates(50, 0, 0))(deck_state()).pipettes["right"]
    assert changed.flow_rates == FlowRates(50, 92.86, 92.86)  # p300_single_gen2
    with pytest.raises(SpeedOutOfRange):
        liquids.flow_rates("right", FlowRates(100_000, 0, 0))(deck_state())
