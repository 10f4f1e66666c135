"""What is known of the deck: who says it, what runs move, what contradicts, and what outlives the process."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.slots.deck_file import slot_of
from sila_ot2.driver.deck.slots.standing import Piece
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.tracking.stock.known_deck import KnownDeck
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import LabwareNotLoaded, StorageFull, WellUnknown
from sila_ot2.robot import wire
from sila_ot2.store.deck_slots import DeckSlotStore, KnownSlot
from sila_ot2.store.handovers import Direction, Handover, HandoverStore
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now
from tests.fakes.unwritable import unwritable

PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
OTHER = "opentrons/nest_96_wellplate_200ul_flat/2"
RACK = "opentrons/opentrons_96_tiprack_300ul/1"
ADAPTER = "opentrons/opentrons_96_flat_bottom_adapter/1"
MODULE = "temperatureModuleV2"


class Process:
    """One process of the server."""

    def __init__(self, engine: Engine) -> None:
        self.tips = TipStock(TipRackStore(engine))
        self.handovers = Handovers(HandoverStore(engine), overdue_after_s=600)
        self.deck = KnownDeck(DeckSlotStore(engine), self.tips, self.handovers)

    def declare(self, slot: str, labware: str = "", **more: str) -> None:
        self.deck.declare([slot_of(slot, labware, now=utc_now(), **more)])

    def run_has(
        self,
        *pieces: tuple[str, str, str],
        run: str = "run",
        modules: dict[str, str] | None = None,
        status: str = "running",
    ) -> None:
        """Each piece is its identifier, definition and location; each module its identifier and slot."""
        self.deck.follow_run(
            wire.Run.model_validate(
                {
                    "id": run,
                    "status": status,
                    "createdAt": "2026-01-01T00:00:00Z",
                    "labware": [
                        {"id": one, "loadName": uri, "definitionUri": uri, "location": _location(where)}
                        for one, uri, where in pieces
                    ],
                    "modules": [
                        {"id": one, "model": MODULE, "location": {"slotName": slot}}
                        for one, slot in (modules or {}).items()
                    ],
                }
            ),
            "Run",
        )

    def arm(self, direction: Direction, slot: str, labware_type: str = PLATE) -> None:
        handover = Handover(slot, direction, int(slot), labware_type, "plate 7", utc_now())
        self.handovers.begin(handover)
        self.handovers.complete(handover)

    def at(self, slot: str) -> KnownSlot:
        return self.deck.slots.value[slot]

    def what(self, slot: str) -> tuple[object, ...]:
        known = self.at(slot)
        return known.labware, known.source, known.stated


def _location(where: str) -> object:
    if where == "offDeck":
        return where
    kind = "slotName" if where.isdecimal() else "moduleId" if where.startswith("module") else "labwareId"
    return {kind: where}


@pytest.fixture
def process(engine: Engine) -> Process:
    return Process(engine)


def test_nothing_is_known_at_first(process: Process) -> None:
    assert not process.deck.slots.value


def test_what_is_declared_is_known_by_the_next_process_too(engine: Engine) -> None:
    Process(engine).declare("3", PLATE, adapter=ADAPTER, module=MODULE, label="plate 7")
    known = Process(engine).at("3")
    assert (known.labware, known.module_model, known.label) == ((ADAPTER, PLATE), MODULE, "plate 7")
    assert (known.source, known.stated) == ("Declared", True)


def test_what_a_run_loads_is_known_and_claims_nothing(process: Process) -> None:
    process.run_has(("a", PLATE, "3"))
    assert process.what("3") == ((PLATE,), "Run", False)
    process.run_has(("a", OTHER, "3"), run="next")
    assert process.what("3") == ((OTHER,), "Run", False)


def test_a_slot_is_in_use_while_a_run_that_was_started_goes_on(process: Process) -> None:
    pieces, modules = (("a", PLATE, "3"), ("b", PLATE, "module")), {"module": "4"}
    for status, in_use in (("idle", set()), ("running", {"3", "4"}), ("paused", {"3", "4"}), ("failed", set())):
        process.run_has(*pieces, modules=modules, status=status)
        assert process.deck.in_use.value == in_use, status
    process.run_has(*pieces, run="next")
    process.deck.follow_no_run()
    assert not process.deck.in_use.value


def test_a_module_in_no_slot_of_the_deck_is_passed_over(process: Process) -> None:
    process.run_has(("a", PLATE, "3"), modules={"module": "offDeck"})
    process.declare("5", PLATE)
    assert set(process.deck.slots.value) == {"3", "5"}


def test_a_name_without_namespace_is_not_labware_whose_definition_the_robot_names_oddly(process: Process) -> None:
    process.declare("3", PLATE.split("/")[1])
    process.run_has(("a", "odd", "3"))
    assert process.at("3").contradiction == "odd"


def test_the_same_again_changes_nothing(process: Process) -> None:
    process.run_has(("a", PLATE, "3"))
    before = process.deck.slots.value
    process.run_has(("a", PLATE, "3"))
    assert process.deck.slots.value is before
    process.run_has(("a", PLATE, "3"), run="next")
    assert process.at("3").known_since == before["3"].known_since


def test_a_run_that_agrees_leaves_what_was_declared(process: Process) -> None:
    process.declare("3", PLATE, adapter=ADAPTER, module=MODULE, label="plate 7")
    for pieces in ([], [("b", ADAPTER, "module")], [("b", ADAPTER, "module"), ("a", PLATE, "b")]):
        process.run_has(*pieces, modules={"module": "3"})
        known = process.at("3")
        assert (known.labware, known.source, known.label) == ((ADAPTER, PLATE), "Declared", "plate 7")
        assert not known.contradiction


@pytest.mark.parametrize(
    ("pieces", "modules"),
    [
        ([("a", OTHER, "3")], {}),
        ([("a", PLATE, "module")], {"module": "3"}),
        ([("b", ADAPTER, "3"), ("a", PLATE, "b")], {}),
    ],
)
def test_a_run_that_loads_other_labware_contradicts_the_deck_and_does_not_change_it(
    process: Process, pieces: list[tuple[str, str, str]], modules: dict[str, str]
) -> None:
    process.declare("3", PLATE)
    process.run_has(*pieces, modules=modules)
    assert process.what("3") == ((PLATE,), "Declared", True)
    assert pieces[-1][1] in process.at("3").contradiction
    process.declare("3", OTHER)
    assert not process.at("3").contradiction


def test_a_run_that_agrees_ends_a_contradiction(process: Process) -> None:
    process.declare("3", PLATE)
    process.run_has(("a", OTHER, "3"))
    process.run_has(("a", PLATE, "3"), run="next")
    assert not process.at("3").contradiction


def test_labware_that_a_run_moves_takes_along_what_is_known(engine: Engine) -> None:
    process = Process(engine)
    process.declare("3", PLATE, label="plate 7")
    process.run_has(("a", PLATE, "3"))
    process = Process(engine)  # also if this server was restarted meanwhile
    process.run_has(("a", PLATE, "5"))
    assert (process.at("5").label, process.at("5").stated) == ("plate 7", True)
    assert (process.at("3").is_empty, process.at("3").stated) == (True, True)
    process.run_has(("a", PLATE, "offDeck"))
    assert process.at("5").is_empty


def test_two_pieces_may_change_places(process: Process) -> None:
    process.declare("3", PLATE, label="one")
    process.declare("4", OTHER, label="other")
    process.run_has(("a", PLATE, "3"), ("b", OTHER, "4"))
    process.run_has(("a", PLATE, "4"), ("b", OTHER, "3"))
    assert (process.at("3").labware, process.at("3").label) == ((OTHER,), "other")
    assert (process.at("4").labware, process.at("4").label) == ((PLATE,), "one")


def test_a_module_and_an_adapter_stay_when_the_plate_is_moved_away(process: Process) -> None:
    process.run_has(("b", ADAPTER, "module"), ("a", PLATE, "b"), modules={"module": "3"})
    assert process.at("3").labware == (ADAPTER, PLATE)
    process.run_has(("b", ADAPTER, "module"), ("a", PLATE, "offDeck"), modules={"module": "3"})
    assert (process.at("3").labware, process.at("3").module_model) == ((ADAPTER,), MODULE)
    process.run_has(("b", ADAPTER, "offDeck"), ("a", PLATE, "offDeck"), modules={"module": "3"})
    assert (process.at("3").labware, process.at("3").module_model) == ((), MODULE)


def test_identifiers_of_another_run_are_of_other_labware(process: Process) -> None:
    process.run_has(("a", PLATE, "3"))
    process.run_has(("a", PLATE, "5"), run="next")
    assert process.what("3") == ((PLATE,), "Run", False), "nobody has said that it is gone"


def test_of_a_slot_whose_contradiction_has_gone_nothing_is_stated(process: Process) -> None:
    process.declare("3", PLATE)
    process.run_has(("a", OTHER, "3"))
    process.run_has(("a", OTHER, "offDeck"))
    assert not process.at("3").stated


def test_an_arm_brings_and_takes_labware(engine: Engine) -> None:
    process = Process(engine)
    process.declare("3", adapter=ADAPTER, module=MODULE)
    process.arm(Direction.INPUT, "3")
    known = Process(engine).at("3")
    assert (known.labware, known.module_model, known.label) == ((ADAPTER, PLATE), MODULE, "plate 7")
    assert (known.source, known.stated) == ("Handover", True)
    process.arm(Direction.OUTPUT, "3")
    known = Process(engine).at("3")
    assert (known.labware, known.module_model, known.source, known.stated) == ((), MODULE, "Handover", True)


def test_an_arm_that_takes_what_nobody_has_stated_states_nothing(process: Process) -> None:
    process.run_has(("a", PLATE, "3"))
    process.arm(Direction.OUTPUT, "3")
    process.arm(Direction.OUTPUT, "4")
    assert process.what("3") == process.what("4") == ((), "Handover", False)


def test_labware_named_by_a_word_of_the_laboratory_gets_its_definition_from_the_session(process: Process) -> None:
    process.arm(Direction.INPUT, "3", "our plate")
    process.deck.follow("Session", [Piece("session/a", PLATE, "3")], {})
    known = process.at("3")
    assert (known.labware, known.label, known.contradiction) == ((PLATE,), "plate 7", "")


def test_what_somebody_declares_replaces_what_an_arm_has_brought(process: Process) -> None:
    process.arm(Direction.INPUT, "3")
    process.declare("3")
    assert process.what("3") == ((), "Declared", True)
    assert not process.handovers.delivered.value, "a session would load it"


def test_declared_tip_racks_stand_on_the_deck(process: Process) -> None:
    process.tips.reset("1", RACK)
    assert process.what("1") == ((RACK,), "Declared", True)
    process.run_has(("r", RACK, "1"))
    process.tips.remove("1")
    assert "1" not in process.deck.slots.value


def test_other_labware_in_the_slot_ends_the_tracking_of_a_rack_and_the_other_way_round(process: Process) -> None:
    process.tips.reset("1", RACK)
    process.declare("1", RACK)
    assert "1" in process.tips.racks.value
    process.declare("1", PLATE)
    assert "1" not in process.tips.racks.value
    process.tips.reset("1", RACK)
    assert process.at("1").labware == (RACK,)


def test_an_arm_that_takes_a_tip_rack_ends_its_tracking(process: Process) -> None:
    process.tips.reset("1", RACK)
    process.arm(Direction.OUTPUT, "1")
    assert not process.tips.racks.value
    assert process.at("1").is_empty


def test_a_slot_or_the_whole_deck_is_forgotten(engine: Engine) -> None:
    process = Process(engine)
    for slot in ("1", "2", "3"):
        process.declare(slot, PLATE)
    process.deck.forget("2")
    assert list(Process(engine).deck.slots.value) == ["1", "3"]
    process.deck.forget()
    assert not Process(engine).deck.slots.value


def test_a_disk_that_is_full_is_reported_to_who_states_something_and_stops_no_run(
    engine: Engine, process: Process
) -> None:
    with unwritable(engine, "deck_slots"):
        with pytest.raises(StorageFull):
            process.declare("3", PLATE)
        process.run_has(("a", PLATE, "5"))
    assert not Process(engine).deck.slots.value
    process.run_has(("a", PLATE, "5"), ("b", OTHER, "6"))
    assert list(Process(engine).deck.slots.value) == ["3", "5", "6"], "the next change writes all of it"


def test_a_run_that_has_ended_is_followed_to_its_end_and_no_further(process: Process) -> None:
    process.run_has(("a", PLATE, "1"), ("b", PLATE, "2"), ("c", PLATE, "3"))
    process.run_has(("a", PLATE, "1"), ("b", PLATE, "2"), ("c", PLATE, "4"), status="succeeded")
    assert process.what("4") == ((PLATE,), "Run", False)
    process.arm(Direction.OUTPUT, "1")
    process.declare("2", OTHER)
    process.arm(Direction.OUTPUT, "4")
    process.arm(Direction.INPUT, "4", "deep well of the lab")
    stated = process.deck.slots.value
    process.run_has(("a", PLATE, "1"), ("b", PLATE, "2"), ("c", PLATE, "4"), status="succeeded")
    assert process.deck.slots.value == stated
    assert process.at("4").labware == ("deep well of the lab",)


def test_a_run_that_had_ended_before_says_nothing_of_the_deck(process: Process) -> None:
    process.run_has(("a", PLATE, "1"), status="stopped")
    assert not process.deck.slots.value


def test_liquid_is_declared_of_labware_that_is_known(engine: Engine) -> None:
    process = Process(engine)
    with pytest.raises(LabwareNotLoaded, match="slot 3"):
        process.deck.declare_liquid("3", ["A1"], [10.0], "water")
    process.declare("3", "our_lab/unheard/1")
    with pytest.raises(WellUnknown, match="AddDefinition"):
        process.deck.declare_liquid("3", [], [10.0], "water")
    process.deck.declare_liquid("3", ["A1"], [10.0], "water")
    process.declare("3", PLATE)
    process.deck.declare_liquid("3", ["B1"], [20.0], "buffer")
    assert set(process.tips.liquids.contents.value["3"].wells) == {"B1"}, "what the other labware held is forgotten"
