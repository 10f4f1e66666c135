"""The driver refuses the decks and movements that the engine refuses a Python protocol, and no others."""

from __future__ import annotations

from collections import Counter

import pytest
from opentrons_shared_data.deck import load as load_deck
from opentrons_shared_data.module import load_definition
from opentrons_shared_data.pipette import load_data
from opentrons_shared_data.pipette.pipette_load_name_conversions import convert_pipette_name

from sila_ot2.driver.deck.checks.nozzle_reach import _BODIES
from sila_ot2.driver.deck.state.positions import SHAPES, TRASH_HEIGHT_MM
from tests.simulator.generated_decks import PIPETTES, JudgedStep, deck_of

# Opentrons' own code leaves files of definitions open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SEEDS = range(500, 560)
"""Others than the 500 of scripts/compare_decks.py."""


@pytest.fixture(scope="module")
def answers() -> list[tuple[int, JudgedStep]]:
    return [(seed, answer) for seed in SEEDS for answer in deck_of(seed).answers]


def test_both_refuse_the_same(answers: list[tuple[int, JudgedStep]]) -> None:
    assert [(seed, answer) for seed, answer in answers if not answer.agree] == []


def test_the_decks_are_of_all_kinds(answers: list[tuple[int, JudgedStep]]) -> None:
    counted = Counter((answer.engine, answer.driver, answer.is_movement) for _, answer in answers)
    for said in ("accepts", "refuses"):
        assert counted[said, said, True] > 5
        assert counted[said, said, False] > 10


@pytest.mark.parametrize("model", SHAPES)
def test_shape_of_a_module(model: str) -> None:
    definition = load_definition("3", model)
    offset, dimensions, shape = definition["labwareOffset"], definition["dimensions"], SHAPES[model]
    assert shape.labware_at == (offset["x"], offset["y"], offset["z"])
    assert (shape.height_mm, shape.over_labware_mm) == (
        dimensions["bareOverallHeight"],
        dimensions["overLabwareHeight"],
    )
    turns = definition.get("slotTransforms", {}).get("ot2_standard", {})
    assert set(turns) == ({"3", "6", "9"} if shape.labware_in_right_slots else set())
    for turn in turns.values():
        rows = turn["labwareOffset"][:2]
        point = (*shape.labware_at, 1.0)
        assert shape.labware_in_right_slots == pytest.approx(
            [sum(factor * value for factor, value in zip(row, point, strict=True)) for row in rows]
        )


@pytest.mark.parametrize("name", PIPETTES)
def test_outline_of_a_pipette(name: str) -> None:
    model = convert_pipette_name(name)
    definition = load_data.load_definition(
        model.pipette_type, model.pipette_channels, model.pipette_version, model.oem_type
    )
    box, body = definition.pipette_bounding_box_offsets, _BODIES[name]
    assert tuple(box.back_left_corner[:2]) == (-body.left_mm, body.half_length_mm)
    assert tuple(box.front_right_corner[:2]) == (body.right_mm, -body.half_length_mm)


def test_height_of_the_trash() -> None:
    fixtures = load_deck("ot2_standard", 5)["cutoutFixtures"]
    assert {fixture["id"]: fixture["height"] for fixture in fixtures}["fixedTrashSlot"] == TRASH_HEIGHT_MM
