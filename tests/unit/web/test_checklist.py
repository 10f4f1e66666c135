"""What is on the checklist before a run, and what of it fits."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from sila_ot2.client.generated.ot2_calibration_provider import DeckState
from sila_ot2.client.generated.ot2_deck_service import SlotState
from sila_ot2.client.generated.ot2_pipette_provider import AttachedPipette
from sila_ot2.client.generated.ot2_tip_tracking_service import TipRack
from sila_ot2.client.generated.protocol_service import (
    Analysis,
    RequiredLabware,
    RequiredModule,
    RequiredPipette,
    TipRackUse,
)
from sila_ot2.client.generated.run_controller import Obstacle, Permission
from sila_ot2.web import setup_view, texts
from sila_ot2.web.facts import RobotFacts
from tests.fakes.page import NOW
from tests.unit.web.test_setup import FACTS, analysis, module, pipette

PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
TIPS = "opentrons/opentrons_96_tiprack_300ul/1"
RACK = TipRack(
    slot="1", definition_uri=TIPS, free_tips=["A1", "E1"], reserved_tips=["B1"], used_tips=["C1", "D1"],
    empty_places=[], unknown_places=[], low=True, declared_at=NOW,
)  # fmt: skip


def checks_of(subject: str, facts: RobotFacts, wanted: Analysis) -> list[setup_view.Check]:
    return [each for each in setup_view.needs(facts, wanted) if each.subject == subject]


def state(slot: str, **changes: Any) -> SlotState:
    given: dict[str, Any] = {
        "slot": slot, "state": "Occupied", "labware": [PLATE], "module_model": "", "label": "", "source": "Declared",
        "known_since": [NOW], "compared": True, "explanation": "",
    }  # fmt: skip
    return SlotState(**{**given, **changes})


@pytest.mark.parametrize(
    ("there", "verdict"),
    [
        ((pipette("right", "p300_single_gen2"),), "good"),
        ((pipette("right", "p20_single_gen2"),), "bad"),
        ((pipette("left", "p300_single_gen2"),), "bad"),
        ((), "bad"),
    ],
)
def test_pipettes_are_compared_by_mount_and_name(there: tuple[AttachedPipette, ...], verdict: str) -> None:
    wanted = analysis(pipettes=[RequiredPipette(mount="right", pipette_name="p300_single_gen2")])
    (check,) = checks_of(texts.PIPETTES, dataclasses.replace(FACTS, attached_pipettes=there), wanted)
    assert check.verdict == verdict
    assert "right p300_single_gen2" in check.text


def test_two_modules_of_one_model_need_two() -> None:
    wanted = analysis(modules=[RequiredModule(module_model="temperatureModuleV2", slot=slot) for slot in ("1", "3")])
    facts = dataclasses.replace(FACTS, attached_modules=(module("temperatureModuleV2"),))
    checks = checks_of(texts.MODULES, facts, wanted)
    assert [each.verdict for each in checks] == ["good", "bad"]


def test_deck_is_listed_without_the_fixed_trash() -> None:
    labware = [
        RequiredLabware(load_name=name, definition_uri="", display_name="", location=slot)
        for name, slot in (("plate", "2"), ("opentrons_1_trash_1100ml_fixed", "12"))
    ]
    (check,) = checks_of(texts.DECK, FACTS, analysis(labware=labware))
    assert (check.verdict, check.text) == ("look", "plate in slot 2")


def needed_labware(slot: str = "2", uri: str = PLATE) -> RequiredLabware:
    return RequiredLabware(load_name="plate", definition_uri=uri, display_name="", location=slot)


@pytest.mark.parametrize(
    ("known", "location", "verdict", "there"),
    [
        (state("2"), "2", "good", f", declared: {PLATE}"),
        (
            state("2", labware=["opentrons/adapter/1", PLATE]),
            "temperatureModuleV2 in slot 2",
            "good",
            f"declared: {PLATE}, opentrons/adapter/1",
        ),
        (state("2", labware=[TIPS]), "2", "bad", f", declared: {TIPS}"),
        (state("2", labware=[], module_model="temperatureModuleV2"), "2", "bad", "declared: temperatureModuleV2"),
        (state("2", state="Empty", labware=[]), "2", "bad", f"declared: {texts.SLOT_STATES['Empty']}"),
        (state("2", state="Mismatch", explanation="A reservoir was loaded."), "2", "bad", "A reservoir was loaded."),
        (state("2", labware=["what the arm calls it"]), "2", "look", "what the arm calls it"),
        (state("2", source="Run", compared=False, labware=[TIPS]), "2", "look", "plate in slot 2"),
        (state("2", labware=[TIPS]), "on the adapter", "look", "plate on the adapter"),
        (state("3", labware=[TIPS]), "2", "look", "plate in slot 2"),
        (state("2"), "offDeck", "look", "plate beside the deck"),
    ],
)
def test_labware_is_compared_with_what_was_declared(known: SlotState, location: str, verdict: str, there: str) -> None:
    facts = dataclasses.replace(FACTS, slots=(known,))
    (check,) = checks_of(texts.DECK, facts, analysis(labware=[needed_labware(location)]))
    assert check.verdict == verdict
    assert check.text.endswith(there)


def test_tip_rack_of_another_version_is_what_is_needed() -> None:
    facts = dataclasses.replace(FACTS, slots=(state("1", labware=[TIPS]),), tip_racks=(RACK,))
    wanted = analysis(labware=[needed_labware("1", TIPS.replace("/1", "/2"))])
    assert [each.verdict for each in checks_of(texts.DECK, facts, wanted)] == ["good"]


@pytest.mark.parametrize(("needed", "verdict"), [(2, "good"), (3, "bad")])
def test_tips_are_compared_with_those_of_a_declared_rack(needed: int, verdict: str) -> None:
    use = [TipRackUse(slot="1", definition_uri=TIPS, tip_count=needed)]
    (check,) = checks_of(texts.TIPS, dataclasses.replace(FACTS, tip_racks=(RACK,)), analysis(tip_use=use))
    assert (check.verdict, check.text) == (verdict, f"{needed} from the rack in slot 1, 2 unused")
    assert [each.verdict for each in checks_of(texts.TIPS, FACTS, analysis(tip_use=use))] == ["look"]


def test_calibration_of_deck_and_needed_pipettes_is_listed() -> None:
    attached = (
        pipette("left", "p20_single_gen2"),
        dataclasses.replace(pipette("right", "p300_single_gen2"), tip_length_calibrated=False),
    )
    deck = DeckState(state="MarkedBad", modified_at=[])
    facts = dataclasses.replace(FACTS, attached_pipettes=attached, deck_calibration=deck)
    wanted = analysis(pipettes=[RequiredPipette(mount="right", pipette_name="p300_single_gen2")])
    found = [(each.verdict, each.text) for each in checks_of(texts.CALIBRATION, facts, wanted)]
    assert found == [("look", "Deck: marked as bad"), ("look", "right pipette: tip length not calibrated")]


@pytest.mark.parametrize(("door", "verdict"), [("Closed", "good"), ("Open", "look"), (None, "look")])
def test_door_is_on_the_checklist_once(door: Any, verdict: str) -> None:
    facts = dataclasses.replace(FACTS, door_state=door)
    assert [each.verdict for each in checks_of(texts.DOOR_LABEL, facts, analysis())] == [verdict]
    reason = Obstacle(code="DoorOpen", explanation="The door is open.", remedy="Close it.")
    facts = dataclasses.replace(facts, start_permission=Permission(allowed=False, reasons=[reason]))
    assert checks_of(texts.DOOR_LABEL, facts, analysis()) == []
