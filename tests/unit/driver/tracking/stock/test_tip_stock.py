"""Tip racks through runs: each command counts once, and what nobody can know is Unknown."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, event

from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.stock.tip_stock import STAYS_IN_RUN, TipStock
from sila_ot2.errors import NoTipAvailable, StorageFull, TipRackNotDeclared, WellUnknown
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import RUNS_KEPT, TipRackStore
from tests.fakes.robot_in_memory import command
from tests.fakes.unwritable import unwritable

RACK = "opentrons/opentrons_96_tiprack_300ul/1"
PLATE = "opentrons/corning_96_wellplate_360ul_flat/2"
PIPETTES = {"one": "p300_single_gen2", "eight": "p300_multi_gen2"}
COLUMN_1 = {f"{row}1" for row in "ABCDEFGH"}


@pytest.fixture
def stock(engine: Engine) -> TipStock:
    stock = TipStock(TipRackStore(engine))
    stock.reset("1", RACK)
    return stock


class CommandsOfARun:
    """The commands of a run, as the robot lists them: without results."""

    def __init__(self, stock: TipStock, run_id: str = "run") -> None:
        self.stock, self.run_id = stock, run_id
        self.commands: list[wire.Command] = []
        self.labware: dict[str, str] = {}
        self.asked = 0

    def did(self, kind: str, *, status: str = "succeeded", **params: Any) -> wire.Command:
        self.commands.append(wire.Command.model_validate(command(kind, len(self.commands), status=status, **params)))
        return self.commands[-1]

    def load(self, labware_id: str, uri: str, slot: str) -> None:
        namespace, name, version = uri.split("/")
        location = "offDeck" if slot == "offDeck" else {"slotName": slot}
        loaded = self.did("loadLabware", namespace=namespace, loadName=name, version=int(version), location=location)
        self.labware[loaded.id] = labware_id

    def picked(self, well: str, pipette: str = "one", rack: str = "rack", **more: Any) -> None:
        self.did("pickUpTip", pipetteId=pipette, labwareId=rack, wellName=well, **more)

    def read(self, command_id: str) -> wire.Command:
        self.asked += 1
        listed = next(one for one in self.commands if one.id == command_id)
        return listed.model_copy(update={"result": {"labwareId": self.labware[command_id]}})

    def take(self) -> None:
        self.stock.take(self.run_id, self.commands, RunParts(PIPETTES), self.read)


def places(stock: TipStock, state: str, slot: str = "1") -> set[str]:
    return {place for place, found in stock.racks.value[slot].places.items() if found == state}


def test_a_plate_is_not_a_tip_rack(stock: TipStock) -> None:
    with pytest.raises(TipRackNotDeclared, match="corning_96_wellplate_360ul_flat/2 is not a tip rack"):
        stock.reset("5", "opentrons/corning_96_wellplate_360ul_flat/2")
    assert "5" not in stock.racks.value
    stock.reset("5", "my_lab/a_rack_that_is_not_in_the_library/1")
    assert len(places(stock, "Free", "5")) == 96


def test_tips_that_a_run_takes_are_gone_also_for_the_next_process(stock: TipStock, engine: Engine) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    run.did("dropTipInPlace", pipetteId="one")
    run.picked("A2", "eight")
    run.did("dropTip", pipetteId="eight", labwareId="fixedTrash", wellName="A1")
    run.take()
    later = TipStock(TipRackStore(engine))
    for one in (stock, later):
        assert places(one, "Empty") == {"A1", *(f"{row}2" for row in "ABCDEFGH")}
        assert len(places(one, "Free")) == 87
        assert one.trash.value.count == 9


def test_a_command_counts_once_whoever_reads_it_and_however_often(stock: TipStock, engine: Engine) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    run.take()
    stock.reset("1", RACK)
    run.take()
    later = CommandsOfARun(TipStock(TipRackStore(engine)))
    later.commands, later.labware = run.commands, run.labware
    later.take()
    assert len(places(later.stock, "Free")) == 96
    assert run.asked == 1


def test_with_no_rack_declared_none_is_claimed_and_the_tips_of_the_run_are_known(stock: TipStock) -> None:
    stock.remove("1")
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    run.take()
    assert (run.asked, dict(stock.racks.value)) == (1, {})
    assert stock.use_of("run").labware["rack"].tips == {"A1": "Taken"}


def test_a_tip_that_is_put_back_is_a_used_one(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    run.did("dropTip", pipetteId="one", labwareId="rack", wellName="A1")
    run.take()
    assert (places(stock, "Used"), places(stock, "Empty"), stock.trash.value.count) == ({"A1"}, set(), 0)


@pytest.mark.parametrize(
    ("layout", "well", "taken"),
    [
        ({"style": "SINGLE", "primaryNozzle": "H1"}, "C3", {"C3"}),
        (
            {"style": "QUADRANT", "primaryNozzle": "H1", "frontRightNozzle": "H1", "backLeftNozzle": "F1"},
            "H1",
            {"F1", "G1", "H1"},
        ),
        ({"style": "ALL"}, "A1", COLUMN_1),
        ({"style": "ALL"}, "C1", COLUMN_1 - {"A1", "B1"}),
    ],
)
def test_places_under_the_nozzles_in_use(stock: TipStock, layout: dict[str, str], well: str, taken: set[str]) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.did("configureNozzleLayout", pipetteId="eight", configurationParams=layout)
    run.picked(well, "eight")
    run.take()
    assert places(stock, "Empty") == taken


@pytest.mark.parametrize("more", [{"status": "failed"}, {"status": "failed", "rack": "rack"}])
def test_a_pick_up_that_failed_in_its_midst(stock: TipStock, more: dict[str, Any]) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("B2", **more)
    run.take()
    assert (places(stock, "Unknown"), len(places(stock, "Free"))) == ({"B2"}, 95)


def test_a_command_that_was_never_begun_changes_nothing(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    queued = run.did("pickUpTip", status="queued", pipetteId="one", labwareId="rack", wellName="A1")
    run.commands[-1] = queued.model_copy(update={"status": "failed"})
    run.take()
    assert len(places(stock, "Free")) == 96


def test_another_labware_in_the_slot_leaves_nothing_known_of_the_rack(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("plate", PLATE, "1")
    run.take()
    assert len(places(stock, "Unknown")) == 96


def test_another_version_of_the_definition_is_the_same_rack(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK.replace("/1", "/2"), "1")
    run.picked("A1")
    run.take()
    assert places(stock, "Empty") == {"A1"}


def test_a_rack_is_followed_from_slot_to_slot_and_forgotten_off_the_deck(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    run.did("moveLabware", labwareId="rack", newLocation={"slotName": "4"})
    run.picked("B1")
    run.take()
    assert set(stock.racks.value) == {"4"}
    assert places(stock, "Empty", "4") == {"A1", "B1"}
    run.did("moveLabware", labwareId="rack", newLocation="offDeck")
    run.take()
    assert not stock.racks.value


def test_only_the_tips_taken_are_known_of_a_rack_that_comes_onto_the_deck(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("full", RACK, "offDeck")
    run.did("moveLabware", labwareId="full", newLocation={"slotName": "5"})
    run.picked("A1", rack="full")
    run.take()
    assert (places(stock, "Empty", "5"), len(places(stock, "Unknown", "5"))) == ({"A1"}, 95)


def test_tips_of_labware_that_nobody_knows_are_taken_from_any_rack(stock: TipStock) -> None:
    stock.mark("1", ["H12"], "Empty")
    run = CommandsOfARun(stock)
    run.picked("A1", rack="?")
    run.take()
    assert (len(places(stock, "Unknown")), places(stock, "Empty")) == (95, {"H12"})


def test_release_4_reports_only_that_a_tip_was_picked_up(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.did("custom", legacyCommandType="command.PICK_UP_TIP")
    run.take()
    assert len(places(stock, "Unknown")) == 96


def test_a_run_that_cannot_be_read_to_the_end(stock: TipStock, engine: Engine) -> None:
    stock.lose("run")
    assert len(places(stock, "Unknown")) == 96
    stock.reset("1", RACK)
    TipStock(TipRackStore(engine)).lose("run")
    assert len(places(TipStock(TipRackStore(engine)), "Free")) == 96, "it was concluded from before"


def test_tips_that_the_robot_drops_at_the_end_of_a_run_count_once(stock: TipStock) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1", "eight")
    run.take()
    stock.end("run", ["eight"])
    stock.end("run", ["eight"])
    assert stock.trash.value.count == 8
    stock.empty_trash()
    assert stock.trash.value.count == 0
    assert stock.trash.value.emptied_at is not None


def test_what_cannot_be_written_down_holds_and_is_written_with_the_next_command(
    stock: TipStock, engine: Engine
) -> None:
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.picked("A1")
    with unwritable(engine, "tip_racks"), pytest.raises(StorageFull):
        run.take()
    assert places(stock, "Empty") == {"A1"}
    assert not places(TipStock(TipRackStore(engine)), "Empty")
    run.take()
    assert places(TipStock(TipRackStore(engine)), "Empty") == {"A1"}


def test_commands_that_only_move_are_written_down_with_the_next_one_that_does_more(
    stock: TipStock, engine: Engine
) -> None:
    stock.liquids.declare("2", PLATE, [], [100], "water")
    run = CommandsOfARun(stock)
    run.load("rack", RACK, "1")
    run.load("plate", PLATE, "2")
    run.picked("A1")
    run.take()
    before = (stock.racks.value, stock.trash.value, stock.liquids.contents.value)
    written: list[object] = []
    event.listen(engine, "commit", written.append)
    for kind in sorted(STAYS_IN_RUN):
        layout = {"style": "ALL"}
        run.did(kind, pipetteId="one", labwareId="plate", wellName="B1", configurationParams=layout)
        run.take()
    assert (stock.racks.value, stock.trash.value, stock.liquids.contents.value, len(written)) == (*before, 0)
    run.did("aspirate", pipetteId="one", labwareId="plate", wellName="A1", volume=10)
    run.take()
    assert len(written) == 1
    assert len(TipRackStore(engine).run("run")[1]) == len(run.commands)


def test_of_commands_that_are_not_given_again_all_are_written_down(stock: TipStock, engine: Engine) -> None:
    run = CommandsOfARun(stock)
    run.did("moveToWell", pipetteId="one", labwareId="plate", wellName="B1")
    run.take()
    assert not TipRackStore(engine).run("run")[1]
    stock.take("run", run.commands, RunParts(PIPETTES), are_read_again=False)
    assert TipRackStore(engine).run("run")[1] == {run.commands[0].id}


def test_next_tip_and_reservations(stock: TipStock) -> None:
    stock.mark("1", ["A1", "C1"], "Used")
    stock.mark("1", ["D1"], "Unknown")
    assert stock.next_tips("", 1) == ("1", ("B1",))
    assert stock.next_tips(RACK, 8)[1][0] == "A2"
    assert stock.reserve("", 1, 2) == [("1", "B1"), ("1", "E1")]
    assert stock.next_tips("", 1) == ("1", ("F1",))
    assert places(stock, "Reserved") == {"B1", "E1"}
    with pytest.raises(NoTipAvailable, match="Of 12 pick-ups, 11 could be reserved"):
        stock.reserve(RACK, 8, 12)
    assert places(stock, "Reserved") == {"B1", "E1"}
    with pytest.raises(NoTipAvailable, match="1000ul"):
        stock.next_tips("opentrons/opentrons_96_tiprack_1000ul/1", 1)


def test_what_is_stated_must_be_of_a_rack(stock: TipStock) -> None:
    with pytest.raises(TipRackNotDeclared, match="slot 3; slots with a declared rack: 1"):
        stock.mark("3", [], "Free")
    with pytest.raises(TipRackNotDeclared):
        stock.reset("3", "")
    with pytest.raises(WellUnknown, match="A13"):
        stock.mark("1", ["A1", "A13"], "Free")
    stock.mark("1", [], "Empty")
    stock.reset("1", "")
    assert len(places(stock, "Free")) == 96


def test_another_robot_has_other_tips(stock: TipStock, engine: Engine) -> None:
    stock.forget()
    assert not TipStock(TipRackStore(engine)).racks.value


def test_of_old_runs_nothing_is_kept(stock: TipStock, engine: Engine) -> None:
    for number in range(RUNS_KEPT + 3):
        stock.end(f"run {number}", [])
    assert TipRackStore(engine).run("run 1") == ("", set())
    assert TipRackStore(engine).run(f"run {RUNS_KEPT}")[1] == {"end"}
