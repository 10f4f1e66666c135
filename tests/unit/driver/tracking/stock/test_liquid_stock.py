"""Contents of wells through runs: each command counts once, and what nobody can know is not known."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.deck.state.contents import ContentsDeck
from sila_ot2.driver.tracking.needs.liquid_needs import LiquidRules, liquid_problems
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import NotEnoughLiquid, TipContaminated, TransferInvalid, VolumeOutOfRange, WellUnknown
from sila_ot2.store.tip_racks import TipRackStore
from sila_ot2.times import utc_now
from tests.fakes.deck_run import ABOVE, BOTTOM, PARTS, PLATE, RACK, RESERVOIR, TROUGH, DeckRun


@pytest.fixture
def stock(engine: Engine) -> TipStock:
    return TipStock(TipRackStore(engine))


def volume(stock: TipStock, slot: str, well: str) -> float | None:
    return stock.liquids.contents.value[slot].wells[well].volume_ul


def liquids(stock: TipStock, slot: str, well: str) -> frozenset[str]:
    return stock.liquids.contents.value[slot].wells[well].liquids


def problems(stock: TipStock, run: DeckRun) -> list[str]:
    return [one.kind for one in liquid_problems(run.analysis(), stock.liquids.contents.value, stock.labware)]


def test_what_is_drawn_and_dispensed_is_known_also_to_the_next_process(stock: TipStock, engine: Engine) -> None:
    stock.liquids.declare("4", RESERVOIR, ["A1"], [1000], "water")
    stock.liquids.declare("2", PLATE, ["A1", "B1"], [0, 50], "")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "reservoir.A1", 150)
    run.at("dispense", "plate.A1", 100)
    run.at("dispense", "plate.B1", 50)
    run.take()
    run.take()
    for one in (stock, TipStock(TipRackStore(engine))):
        assert [volume(one, "4", "A1"), volume(one, "2", "A1"), volume(one, "2", "B1")] == [850, 100, 100]
        assert liquids(one, "2", "A1") == {"water"}
        assert liquids(one, "2", "B1") > {"water"}


def test_eight_channels_draw_from_each_well_below_them(stock: TipStock) -> None:
    stock.liquids.declare("4", RESERVOIR, ["A1"], [1000], "water")
    stock.liquids.declare("5", TROUGH, [], [10000], "buffer")
    stock.liquids.declare("2", PLATE, [], [0], "")
    run = DeckRun(stock)
    run.fresh("eight")
    run.at("aspirate", "reservoir.A1", 50, pipette="eight")
    run.at("aspirate", "trough.A1", 10, pipette="eight")
    run.at("dispense", "plate.A3", 60, pipette="eight")
    run.take()
    assert (volume(stock, "4", "A1"), volume(stock, "5", "A1")) == (600, 9920)
    assert {volume(stock, "2", f"{row}3") for row in "ABCDEFGH"} == {60}
    assert volume(stock, "2", "A2") == 0


def test_air_is_not_a_liquid(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1", "A2"], [100, 0], "water")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 40)
    run.at("moveToWell", "plate.A1", where=ABOVE)
    run.did("aspirateInPlace", volume=20)
    run.at("dispense", "plate.A2", 60)
    run.take()
    assert (volume(stock, "2", "A1"), volume(stock, "2", "A2")) == (60, 40)


def test_blowing_out_gives_the_rest_and_the_trash_takes_it(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1", "A2"], [200, 0], "water")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 60)
    run.at("dispense", "plate.A2", 20)
    run.at("blowout", "plate.A1", where=ABOVE)
    run.at("aspirate", "plate.A1", 60)
    run.did("moveToAddressableArea", addressableAreaName="fixedTrash")
    run.did("blowOutInPlace")
    run.take()
    assert (volume(stock, "2", "A1"), volume(stock, "2", "A2")) == (120, 20)


def test_nothing_becomes_negative(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1", "A2"], [30, 0], "water")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 50)
    run.at("dispense", "plate.A2", 50)
    assert problems(stock, run) == ["Shortage"]
    run.take()
    assert (volume(stock, "2", "A1"), volume(stock, "2", "A2")) == (None, None)
    assert problems(stock, run) == [], "what is not known is not compared"


def test_a_failed_draw_or_dispense_leaves_the_well_not_known(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, [], [100], "water")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 50)
    run.at("dispense", "plate.A2", 50, status="failed")
    run.at("aspirate", "plate.A3", 50, status="failed")
    run.take()
    known = {well: one.volume_ul for well, one in stock.liquids.contents.value["2"].wells.items()}
    assert [known.pop(well) for well in ("A1", "A2", "A3")] == [50, None, None]
    assert set(known.values()) == {100}


def test_movement_to_no_well_puts_all_in_doubt(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1"], [100], "")
    run = DeckRun(stock)
    run.fresh()
    run.did("moveToCoordinates")
    run.did("aspirateInPlace", volume=10)
    run.take()
    assert volume(stock, "2", "A1") is None


def test_a_run_that_cannot_be_read_puts_all_in_doubt(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1"], [100], "")
    stock.lose("run")
    assert volume(stock, "2", "A1") is None


def test_a_protocol_names_liquids_and_what_is_declared_stays(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1"], [100], "")
    run = DeckRun(stock)
    for labware in ("plate", "warm"):
        run.did("loadLiquid", labwareId=labware, liquidId="water-id", volumeByWell={"A1": 300, "B1": 200})
    run.take()
    water = frozenset({"water"})
    plate, warm = (stock.liquids.contents.value[slot].wells for slot in ("2", "3"))
    assert [(one.volume_ul, one.liquids, one.stated) for one in (plate["A1"], plate["B1"], warm["A1"])] == [
        (100.0, water, True), (200.0, water, False), (300.0, water, False)]  # fmt: skip
    DeckRun(stock, "later").take()
    assert stock.liquids.contents.value.keys() == {"2"}, (
        "what a protocol has loaded stays until labware is loaded again"
    )
    assert set(stock.liquids.contents.value["2"].wells) == {"A1"}


def test_contents_go_with_the_labware(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1"], [100], "")
    run = DeckRun(stock)
    run.did("moveLabware", labwareId="plate", newLocation={"slotName": "6"})
    run.take()
    assert (set(stock.liquids.contents.value), volume(stock, "6", "A1")) == ({"6"}, 100)
    run.did("moveLabware", labwareId="plate", newLocation="offDeck")
    run.take()
    assert not stock.liquids.contents.value


def test_other_labware_in_the_slot_puts_what_was_declared_in_doubt(stock: TipStock) -> None:
    stock.liquids.declare("2", RESERVOIR, ["A1"], [100], "")
    DeckRun(stock).take()
    assert volume(stock, "2", "A1") is None


@pytest.mark.parametrize(
    ("wells", "volumes", "fault"),
    [
        (["A13"], [10], WellUnknown),
        (["a1"], [10], WellUnknown),
        (["A1"], [361], VolumeOutOfRange),
        (["A1", "B1"], [1, 2, 3], TransferInvalid),
        (["A1"], [], TransferInvalid),
        (["A1", "B1", "A1"], [1, 2, 3], TransferInvalid),
    ],
)
def test_a_wrong_statement_changes_nothing(
    stock: TipStock, wells: list[str], volumes: list[float], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        stock.liquids.declare("2", PLATE, wells, volumes, "")
    assert not stock.liquids.contents.value


@pytest.mark.parametrize("volumes", [[], [10]])
def test_an_adapter_holds_no_liquid(stock: TipStock, volumes: list[float]) -> None:
    with pytest.raises(WellUnknown, match="has no wells"):
        stock.liquids.declare("2", "opentrons/opentrons_96_flat_bottom_adapter/1", [], volumes, "")


def test_a_long_list_of_wells_is_counted_once(stock: TipStock) -> None:
    with pytest.raises(TransferInvalid, match="more than once: A1, B1"):
        stock.liquids.declare("2", PLATE, ["A1", "B1"] * 100_000, [1.0] * 200_000, "")


def test_a_tip_rack_holds_no_liquid(stock: TipStock) -> None:
    with pytest.raises(WellUnknown, match="tip rack"):
        stock.liquids.declare("1", RACK, ["A1"], [10], "")


BY_HAND = {"labwareId": "trough", "newLocation": {"slotName": "9"}, "strategy": "manualMoveWithPause"}
WITHOUT_PAUSE = {**BY_HAND, "strategy": "manualMoveWithoutPause"}


@pytest.mark.parametrize(
    ("kind", "params", "found"),
    [
        ("waitForResume", {"message": "Fill the plate"}, []),
        ("moveLabware", BY_HAND, []),
        ("moveLabware", WITHOUT_PAUSE, ["Shortage"]),
    ],
)
def test_while_an_operator_works_on_the_deck_any_well_may_be_filled(
    stock: TipStock, kind: str, params: dict[str, Any], found: list[str]
) -> None:
    stock.liquids.declare("2", PLATE, ["A1"], [30], "water")
    run = DeckRun(stock)
    run.fresh()
    run.did(kind, **params)
    run.at("aspirate", "plate.A1", 50)
    assert problems(stock, run) == found


def transfer(run: DeckRun, source: str, target: str) -> None:
    run.at("aspirate", source, 20)
    run.at("dispense", target, 20)


def test_a_used_tip_in_another_source_contaminates_it(stock: TipStock) -> None:
    run = DeckRun(stock)
    run.fresh()
    transfer(run, "plate.A1", "warm.A1")
    transfer(run, "plate.A2", "warm.A2")
    assert problems(stock, run) == ["Contamination"]


@pytest.mark.parametrize("how", ["new tip", "same well", "same liquid", "into an empty plate", "from above"])
def test_what_contaminates_nothing(stock: TipStock, how: str) -> None:
    stock.liquids.declare("4", RESERVOIR, [], [5000], "water" if how == "same liquid" else "")
    stock.liquids.declare("2", PLATE, [], [50 if how == "from above" else 0], "")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "reservoir.A1", 20)
    run.at("dispense", "plate.A1", 20, where=ABOVE if how == "from above" else BOTTOM)
    if how == "new tip":
        run.did("dropTipInPlace")
        run.fresh(place="rack.B1")
    run.at("aspirate", "reservoir.A2" if how in ("new tip", "same liquid") else "reservoir.A1", 20)
    assert problems(stock, run) == []


def test_a_tip_that_has_been_in_a_sample_contaminates_the_source(stock: TipStock) -> None:
    stock.liquids.declare("4", RESERVOIR, ["A1"], [5000], "water")
    stock.liquids.declare("2", PLATE, ["A1"], [50], "sample")
    run = DeckRun(stock)
    run.fresh()
    transfer(run, "reservoir.A1", "plate.A1")
    run.at("aspirate", "plate.A1", 20)
    assert problems(stock, run) == [], "mixing where it has dispensed"
    run.at("aspirate", "reservoir.A1", 20)
    assert problems(stock, run) == ["Contamination"]
    run.take()
    assert liquids(stock, "4", "A1") == {"water", "sample"}


def test_a_tip_that_was_put_back_is_known_by_what_it_has_touched(stock: TipStock, engine: Engine) -> None:
    stock.liquids.declare("4", RESERVOIR, ["A1", "A2"], [5000], "")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "reservoir.A1", 20)
    run.at("dispense", "reservoir.A1", 20)
    run.at("dropTip", "rack.A1")
    run.take()
    later = TipStock(TipRackStore(engine))
    again = DeckRun(later)
    again.fresh()
    again.at("aspirate", "reservoir.A2", 20)
    assert [one.kind for one in later.foresee("run", again.commands[-2:], PARTS)] == ["Contamination"]
    later.reset("1", RACK)
    assert later.foresee("run", again.commands[-2:], PARTS) == []


def test_serial_dilution_with_one_tip_is_not_contamination(stock: TipStock) -> None:
    run = DeckRun(stock)
    run.fresh()
    for number in range(1, 6):
        transfer(run, f"plate.A{number}", f"plate.A{number + 1}")
        for _ in range(2):
            transfer(run, f"plate.A{number + 1}", f"plate.A{number + 1}")
    assert problems(stock, run) == []


def test_settings_decide_what_becomes_of_a_problem(stock: TipStock, caplog: pytest.LogCaptureFixture) -> None:
    stock.liquids.declare("2", PLATE, ["A1", "A2"], [10, 100], "")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 20)
    run.at("aspirate", "plate.A2", 20)
    found = liquid_problems(run.analysis(), stock.liquids.contents.value, stock.labware)
    with pytest.raises(NotEnoughLiquid, match="20 µL are to be drawn from well A1 in slot 2, which holds 10 µL"):
        LiquidRules("refuse", "off").judge(found)
    with pytest.raises(TipContaminated, match="touched A1 in slot 2 .* well A2 in slot 2"):
        LiquidRules("off", "refuse").judge(found)
    assert not caplog.messages
    LiquidRules("warn", "warn").judge(found)
    assert len(caplog.messages) == 2


def test_what_somebody_has_stated_is_not_replaced_by_what_a_run_does_with_other_labware() -> None:
    deck = ContentsDeck({}, utc_now())
    deck.doubt("2")
    deck.state("2", PLATE, {"A1": 100.0}, "water")
    deck.load("2", PLATE, {"A1": 50.0}, "buffer")
    held = deck.contents["2"].wells["A1"]
    assert (held.volume_ul, set(held.liquids)) == (100.0, {"water"}), "stated before the protocol names it"
    deck.draw("2", RESERVOIR, ["A1"], 10.0, [frozenset()])
    assert deck.contents["2"].definition_uri == PLATE
    assert deck.contents["2"].wells["A1"].volume_ul is None, "in doubt"


def test_only_what_somebody_has_stated_can_run_short() -> None:
    deck = ContentsDeck({}, utc_now())
    deck.load("2", PLATE, {"A1": 5.0}, "water")
    enough, _ = deck.draw("2", PLATE, ["A1"], 10.0, [frozenset()])
    assert (enough, deck.problems) == (False, [])
    assert deck.contents["2"].wells["A1"].volume_ul is None
