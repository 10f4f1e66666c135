"""Volumes below a pipette's minimum are refused if configured, and else logged; air is not meant."""

from __future__ import annotations

import logging

import pytest

from sila_ot2.driver.deck.checks.volume_limits import check_small_volumes
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import fresh_pipette
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.liquid_handling import liquids
from sila_ot2.errors import VolumeOutOfRange
from sila_ot2.robot.releases import release_of
from tests.unit.driver.liquid_handling.test_plans import PICK, after, deck_state

DECK = DeckState(pipettes={"right": fresh_pipette("right", "p", "p300_single_gen2")})


def draw(volume_ul: float, origin: str = "bottom", z_mm: float = 1.0) -> PlannedCommand:
    location = {"origin": origin, "offset": {"x": 0, "y": 0, "z": z_mm}}
    return PlannedCommand("aspirate", {"pipetteId": "p", "volume": volume_ul, "wellLocation": location})


IN_PLACE = PlannedCommand("aspirateInPlace", {"pipetteId": "p", "volume": 19.9})


@pytest.mark.parametrize(
    "planned",
    [
        [draw(19.9)],
        [IN_PLACE],
        [draw(20, "top", 5.0), draw(20), IN_PLACE],
        [draw(20, "top", 5.0), PlannedCommand("moveRelative", {"pipetteId": "p"}), IN_PLACE],
    ],
)
def test_small_volume_is_refused_if_configured(planned: list[PlannedCommand]) -> None:
    with pytest.raises(VolumeOutOfRange, match="19.9 µL is less than the right pipette"):
        check_small_volumes("Aspirate", planned, DECK, refuse=True)


@pytest.mark.parametrize("release", ["8.1.0", "9.0.0"])
def test_a_small_air_gap_does_not_count_as_a_small_volume(release: str, caplog: pytest.LogCaptureFixture) -> None:
    state = after(deck_state(), PICK, liquids.aspirate("right", "plate", "A1", 30, WellPoint("bottom", z_mm=1.0), 0))
    planned = liquids.air_gap("right", 5, 0, release_of(release))(state)
    check_small_volumes("AirGap", planned, state, refuse=True)
    assert caplog.records == []


def test_small_volume_is_logged_otherwise(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        check_small_volumes("Transfer", [draw(100), draw(5), draw(4)], DECK, refuse=False)
    assert [record.message for record in caplog.records] == [
        "Transfer: 5 µL is less than the right pipette (p300_single_gen2) is made for (20 µL). It is drawn, and not "
        "accurately."
    ]


@pytest.mark.parametrize(
    "planned", [draw(20), draw(5, "top", 5.0), PlannedCommand("dispense", {"pipetteId": "p", "volume": 1.0})]
)
def test_right_volumes_air_and_what_is_pushed_out_are_not_meant(
    planned: PlannedCommand, caplog: pytest.LogCaptureFixture
) -> None:
    check_small_volumes("Aspirate", [planned], DECK, refuse=True)
    assert caplog.records == []
