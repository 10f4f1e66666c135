"""A run that needs something else on the deck than what was stated does not start, or starts with a warning."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.obstacles import ReasonCode
from sila_ot2.driver.tracking.needs.liquid_needs import Mode
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import DeckMismatch
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import DeckSlotStore
from sila_ot2.store.handovers import Direction, Handover, HandoverStore
from sila_ot2.store.runs import KeptOffset, LeftOutOffset
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now
from tests.fakes.database import open_database

PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
OTHER = "opentrons/nest_96_wellplate_200ul_flat/2"
ADAPTER = "opentrons/opentrons_96_flat_bottom_adapter/1"
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
THERMOCYCLER = "thermocyclerModuleV2"


class DeckJudgment:
    """A server's knowledge of the deck, and the judgment of runs."""

    def __init__(self, directory: Path) -> None:
        self.engine = open_database(directory)
        self.tips = TipStock(TipRackStore(self.engine))
        self.handovers = Handovers(HandoverStore(self.engine), overdue_after_s=600)
        self.deck = KnownDeck(DeckSlotStore(self.engine), self.tips, self.handovers)

    def declare(self, slot: str, labware: str = "", **more: str) -> None:
        self.deck.declare([slot_of(slot, labware, now=utc_now(), **more)])

    def run_has(self, uri: str, slot: str) -> None:
        labware = wire.LoadedLabware(id="x", load_name="x", definition_uri=uri, location={"slotName": slot})
        self.deck.follow_run(wire.Run(id="run", status="running", created_at=utc_now(), labware=(labware,)), "Run")

    def agreement(self, mode: Mode = "refuse") -> DeckAgreement:
        return DeckAgreement(self.tips, self.deck.slots, DeckPolicy(agreement=mode))

    def texts(self, *steps: wire.Command, modules: Sequence[tuple[str, str]] = ()) -> list[str]:
        return [one.explanation for one in self.agreement().obstacles(analysis(*steps, modules=modules))]


@pytest.fixture
def judgment(tmp_path: Path) -> Iterator[DeckJudgment]:
    judgment = DeckJudgment(tmp_path)
    yield judgment
    judgment.engine.dispose()


numbers = itertools.count()


def _step(kind: str, params: dict[str, Any], result: dict[str, Any]) -> wire.Command:
    return wire.Command.model_validate(
        {"id": f"c{next(numbers)}", "commandType": kind, "status": "succeeded", "params": params, "result": result}
    )


def _location(where: str) -> Any:
    if where == "offDeck":
        return where
    kind = "slotName" if where.isdecimal() else "moduleId" if where.startswith("module") else "labwareId"
    return {kind: where}


def loaded(labware_id: str, uri: str, where: str) -> wire.Command:
    """As an analysis has it: the identifier is in the result only."""
    namespace, name, version = uri.split("/")
    params = {"namespace": namespace, "loadName": name, "version": int(version), "location": _location(where)}
    return _step("loadLabware", params, {"labwareId": labware_id})


def moved(labware_id: str, where: str) -> wire.Command:
    return _step("moveLabware", {"labwareId": labware_id, "newLocation": _location(where)}, {})


def analysis(*steps: wire.Command, modules: Sequence[tuple[str, str]] = ()) -> wire.Analysis:
    return wire.Analysis(
        id="a", status="completed", result="ok", commands=steps,
        modules=tuple(
            wire.LoadedModule(id=f"module{slot}", model=model, location={"slotName": slot}) for slot, model in modules
        ),
        pipettes=(wire.LoadedPipette(id="one", pipette_name="p300_single_gen2", mount="left"),),
    )  # fmt: skip


def test_where_nothing_is_stated_nothing_is_refused(judgment: DeckJudgment) -> None:
    steps = loaded("a", PLATE, "3"), loaded("b", OTHER, "4")
    assert not judgment.texts(*steps)
    judgment.declare("4", OTHER)
    judgment.run_has(RACK, "3")
    assert not judgment.texts(*steps), "of slot 3 nobody has stated anything"


def test_a_deck_that_agrees(judgment: DeckJudgment) -> None:
    judgment.declare("3", PLATE, adapter=ADAPTER, module="heaterShakerModuleV1")
    judgment.declare("4", OTHER, label="plate 7")
    judgment.declare("5", RACK)
    judgment.declare("7", module=THERMOCYCLER)
    judgment.tips.reset("1", RACK)
    steps = (
        loaded("c", ADAPTER, "module3"), loaded("a", PLATE, "c"), loaded("b", OTHER, "4"),
        loaded("r", RACK.replace("/1", "/2"), "1"),
    )  # fmt: skip
    assert not judgment.texts(*steps, modules=[("3", "heaterShakerModuleV1"), ("7", THERMOCYCLER)])


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ({}, "nothing was declared"),
        ({"labware": OTHER}, OTHER),
        ({"labware": PLATE.replace("/2", "/1")}, PLATE.replace("/2", "/1")),
        ({"labware": PLATE, "module": "temperatureModuleV2"}, f"{PLATE} on temperatureModuleV2 was"),
        ({"labware": PLATE, "adapter": ADAPTER}, f"{PLATE} on {ADAPTER} was"),
        ({"module": "temperatureModuleV2"}, "temperatureModuleV2 was"),
    ],
)
def test_other_labware_another_version_a_module_or_an_adapter_too_many(
    judgment: DeckJudgment, declared: dict[str, str], named: str
) -> None:
    judgment.declare("3", **declared)
    (text,) = judgment.texts(loaded("a", PLATE, "3"))
    assert text.startswith(f"Slot 3: the protocol needs {PLATE}, but ")
    assert named in text


@pytest.mark.parametrize("declared", [{"labware": PLATE}, {"labware": PLATE, "adapter": ADAPTER}, {}])
def test_a_module_that_is_missing(judgment: DeckJudgment, declared: dict[str, str]) -> None:
    judgment.declare("3", **declared)
    (text,) = judgment.texts(
        loaded("c", ADAPTER, "module3"), loaded("a", PLATE, "c"), modules=[("3", "heaterShakerModuleV1")]
    )
    assert f"needs {PLATE} on {ADAPTER} on heaterShakerModuleV1" in text


def test_a_module_of_which_the_robot_takes_the_other_generation(judgment: DeckJudgment) -> None:
    judgment.declare("3", PLATE, module="temperatureModuleV1")
    assert not judgment.texts(loaded("a", PLATE, "module3"), modules=[("3", "temperatureModuleV2")])
    judgment.declare("3", PLATE, module="magneticModuleV1")
    assert judgment.texts(loaded("a", PLATE, "module3"), modules=[("3", "magneticModuleV2")])


def test_swapped_plates_are_two_disagreements(judgment: DeckJudgment) -> None:
    judgment.declare("3", OTHER)
    judgment.declare("4", PLATE)
    assert len(judgment.texts(loaded("a", PLATE, "3"), loaded("b", OTHER, "4"))) == 2


def test_labware_that_the_protocol_brings_later_need_not_be_there(judgment: DeckJudgment) -> None:
    judgment.declare("3", PLATE)
    judgment.declare("4")
    steps = (
        loaded("a", PLATE, "3"), loaded("b", OTHER, "offDeck"), moved("a", "4"), moved("b", "3"),
        moved("b", "offDeck"), loaded("d", RACK, "3"),
    )  # fmt: skip
    assert not judgment.texts(*steps)


def test_a_slot_to_which_labware_is_moved_must_be_empty(judgment: DeckJudgment) -> None:
    judgment.declare("4", OTHER)
    (text,) = judgment.texts(loaded("a", PLATE, "3"), moved("a", "4"))
    assert f"Slot 4 must be empty when the protocol begins ({PLATE} is moved there), but {OTHER}" in text
    assert not judgment.texts(loaded("a", PLATE, "3"), loaded("b", OTHER, "4"), moved("b", "5"), moved("a", "4"))


def test_nothing_may_stand_under_a_thermocycler(judgment: DeckJudgment) -> None:
    judgment.declare("7", module=THERMOCYCLER)
    judgment.declare("10", PLATE)
    (text,) = judgment.texts(modules=[("7", THERMOCYCLER)])
    assert "Slot 10" in text


def test_labware_in_a_slot_that_the_protocol_does_not_use_is_not_a_mismatch(judgment: DeckJudgment) -> None:
    judgment.declare("9", PLATE)
    assert not judgment.texts(loaded("a", PLATE, "3"))


def test_what_an_arm_has_brought_is_compared_if_its_type_is_known(judgment: DeckJudgment) -> None:
    for slot, labware_type, wrong in (("3", OTHER, 1), ("4", "corning_96_wellplate_360ul_flat", 0), ("5", "ours", 0)):
        handover = Handover(slot, Direction.INPUT, 1, labware_type, "plate 7", utc_now())
        judgment.handovers.begin(handover)
        judgment.handovers.complete(handover)
        found = judgment.texts(loaded("a", PLATE, slot))
        assert len(found) == wrong
        assert all("handed over" in text for text in found)


def test_what_a_run_has_contradicted_is_to_be_looked_at(judgment: DeckJudgment) -> None:
    judgment.declare("3", PLATE)
    judgment.run_has(OTHER, "3")
    (text,) = judgment.texts(loaded("a", PLATE, "3"))
    assert f"{OTHER} was loaded there since" in text


def test_a_tip_rack_in_the_wrong_place_is_reported_once(judgment: DeckJudgment) -> None:
    judgment.tips.reset("1", "opentrons/opentrons_96_tiprack_20ul/1")
    pick = _step("pickUpTip", {"labwareId": "r", "wellName": "A1", "pipetteId": "one"}, {})
    (found,) = judgment.agreement().obstacles(analysis(loaded("r", RACK, "1"), pick))
    assert found.code is ReasonCode.DECK_MISMATCH


@pytest.mark.parametrize(("mode", "blocks"), [("off", []), ("warn", [False]), ("refuse", [True])])
def test_the_setting_decides(judgment: DeckJudgment, mode: Mode, blocks: list[bool]) -> None:
    judgment.declare("3", OTHER)
    needs = analysis(loaded("a", PLATE, "3"))
    agreement = judgment.agreement(mode)
    assert [one.blocks for one in agreement.obstacles(needs)] == blocks
    if mode == "refuse":
        with pytest.raises(DeckMismatch, match=r"Slot 3.*declare it.*ForgetDeck"):
            agreement.require(needs)
    else:
        agreement.require(needs)


def test_a_stored_offset_that_is_not_applied_is_a_warning(judgment: DeckJudgment) -> None:
    offset = KeptOffset(definition_uri=PLATE, slot="3", module_model="", x_mm=1.0, y_mm=0.0, z_mm=0.0)
    left_out = [LeftOutOffset(offset=offset, reason="It was measured for version 1 of the labware.")]
    (warning,) = judgment.agreement().obstacles(None, left_out)
    assert not warning.blocks
    assert PLATE in warning.explanation
    assert "version 1" in warning.explanation
    assert not judgment.agreement("off").obstacles(None, left_out)
