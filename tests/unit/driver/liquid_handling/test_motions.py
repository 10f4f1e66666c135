"""Movements without liquid: where the gantry does not reach is refused, and speed and clearance are those wanted."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from sila_ot2.driver.deck.state.deck_state import DeckState, Position
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.errors import PipetteMissing, PositionOutOfBounds, SpeedOutOfRange
from tests.unit.driver.liquid_handling.test_plans import deck_state

TOP = WellPoint()


def at(x_mm: float, y_mm: float, z_mm: float) -> DeckState:
    now = datetime.datetime.now(datetime.timezone.utc)
    return replace(deck_state(), position=Position("right", x_mm, y_mm, z_mm, now))


def test_the_gantry_is_parked_by_a_pipette() -> None:
    [parked] = motions.park_in_front()(deck_state())
    assert parked.params["coordinates"]["z"] == parked.params["minimumZHeight"] == 198.6  # p300_single_gen2
    with pytest.raises(PipetteMissing):
        motions.park_in_front()(DeckState())


@pytest.mark.parametrize(
    ("axis", "distance_mm"), [("x", 318.1), ("x", -100.1), ("y", 253.1), ("z", -100.1), ("z", 118.1)]
)
def test_a_movement_from_a_known_place_ends_where_the_gantry_reaches(axis: str, distance_mm: float) -> None:
    inside = distance_mm - (0.2 if distance_mm > 0 else -0.2)
    [planned] = motions.move_relative("right", axis, inside)(at(100, 100, 100))  # type: ignore[arg-type]
    assert (planned.params["axis"], planned.params["distance"]) == (axis, inside)
    with pytest.raises(PositionOutOfBounds):
        motions.move_relative("right", axis, distance_mm)(at(100, 100, 100))  # type: ignore[arg-type]
    assert motions.move_relative("right", axis, distance_mm)(deck_state())  # type: ignore[arg-type]


def test_the_left_mount_reaches_as_far_to_the_left_as_it_stands_left_of_the_right_one() -> None:
    left = replace(deck_state().pipettes["right"], mount="left", pipette_id="l")
    state = replace(deck_state(), pipettes={**deck_state().pipettes, "left": left})
    assert motions.move_to_coordinates("left", -34, 0, 100, 0, 0)(state)
    with pytest.raises(PositionOutOfBounds):
        motions.move_to_coordinates("right", -34, 0, 100, 0, 0)(state)
    with pytest.raises(PositionOutOfBounds):
        motions.move_to_coordinates("left", 418, 0, 100, 0, 0)(state)


def test_a_movement_has_its_own_speed_or_that_of_the_session_or_the_robots() -> None:
    slow = motions.movement_speed(50)(deck_state())

    def speed(state: DeckState, own_mm_s: float) -> float | None:
        [planned] = motions.move_to_well("right", "plate", "A1", TOP, own_mm_s, 0)(state)
        assert "minimumZHeight" not in planned.params
        found: float | None = planned.params.get("speed")
        return found

    assert [speed(state, own) for state in (deck_state(), slow) for own in (0, 80)] == [None, 80, 50, 80]
    assert speed(motions.movement_speed(0)(slow), 0) is None
    with pytest.raises(SpeedOutOfRange):
        motions.movement_speed(0.01)(deck_state())


def test_a_movement_has_the_clearance_that_is_wanted() -> None:
    [planned] = motions.move_to_well("right", "plate", "A1", TOP, 0, 120)(deck_state())
    assert planned.params["minimumZHeight"] == 120
