"""What a run did to wells and tips: each command counts once, and what nobody can know is in doubt."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.deck_run import ABOVE, PARTS, PLATE, RACK, RESERVOIR, DeckRun


@pytest.fixture
def stock(engine: Engine) -> TipStock:
    return TipStock(TipRackStore(engine))


def handled(stock: TipStock, run: DeckRun) -> dict[str, tuple[float, ...]]:
    labware = stock.use_of(run.run_id).labware
    return {f"{name}.{well}": tuple(used) for name, one in labware.items() for well, used in one.wells.items()}


def test_what_a_run_has_done_to_wells_and_tips_is_known_with_nothing_declared(stock: TipStock, engine: Engine) -> None:
    run = DeckRun(stock)
    run.fresh("eight", "rack.A2")
    run.at("aspirate", "reservoir.A1", 30, pipette="eight")
    run.at("aspirate", "plate.A1", 10, ABOVE, pipette="eight")
    run.at("dispense", "plate.A3", 25, pipette="eight")
    run.at("blowout", "warm.A1", pipette="eight")
    run.did("dropTipInPlace", pipette="eight")
    run.fresh(place="rack.B1")
    run.at("aspirate", "warm.B1", 5)
    run.at("dropTip", "rack.B1")
    run.take()
    run.take()
    rows = "ABCDEFGH"
    expected: dict[str, tuple[float, ...]] = {"reservoir.A1": (240, 0, False), "warm.B1": (5, 15, False)}
    expected |= {f"plate.{row}3": (0, 15, False) for row in rows}
    expected |= {f"warm.{row}1": (0, 15, False) for row in rows if row != "B"}
    for one in (stock, TipStock(TipRackStore(engine))):
        assert handled(one, run) == expected
        use = one.use_of("run")
        assert use.labware["rack"].tips == {**{f"{row}2": "Taken" for row in rows}, "B1": "Returned"}
        assert (use.labware["warm"].location, use.is_complete) == ("3", True)


def test_what_a_run_may_have_done_is_in_doubt(stock: TipStock) -> None:
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 50)
    run.at("dispense", "plate.B1", 20)
    run.at("dispense", "plate.C1", 30, status="failed")
    run.at("dispense", "plate.D1", 10)
    run.take()
    assert handled(stock, run) == {
        "plate.A1": (50, 0, False), "plate.B1": (0, 20, False), "plate.C1": (0, 0, True), "plate.D1": (0, 0, True),
    }  # fmt: skip
    assert stock.use_of("run").is_complete
    stock.lose("run")
    assert not stock.use_of("run").is_complete


def test_labware_that_was_exchanged_in_a_slot_is_distinguished(stock: TipStock) -> None:
    run = DeckRun(stock)
    run.did("moveLabware", labwareId="plate", newLocation="offDeck")
    run.did("loadLabware", namespace="opentrons", loadName=PLATE.split("/")[1], version=2,
            location={"slotName": "2"}, labwareId="second")  # fmt: skip
    run.fresh()
    run.at("aspirate", "reservoir.A1", 50)
    run.at("dispense", "second.A1", 50)
    run.take()
    assert handled(stock, run) == {"reservoir.A1": (50, 0, False), "second.A1": (0, 50, False)}


@pytest.mark.parametrize("lost", ["astray", "labware"])
def test_liquid_with_an_unknown_destination_is_reported(stock: TipStock, lost: str) -> None:
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 50)
    if lost == "astray":
        run.did("moveToCoordinates", coordinates={"x": 1, "y": 2, "z": 3})
        run.did("dispenseInPlace", volume=50)
    else:
        run.at("dispense", "unheard.A1", 50)
    run.take()
    assert not stock.use_of("run").is_complete


@pytest.mark.parametrize(
    ("labware", "status", "known"),
    [("plate", "failed", {"3": 100.0}), ("unheard", "succeeded", {}), ("warm", "failed", {"2": 100.0})],
)
def test_what_is_in_labware_that_was_carried_nobody_knows_where_is_in_doubt(
    stock: TipStock, labware: str, status: str, known: dict[str, float]
) -> None:
    for slot in ("2", "3"):
        stock.liquids.declare(slot, PLATE, ["A1"], [100], "water")
    run = DeckRun(stock)
    run.did("moveLabware", status=status, labwareId=labware, newLocation={"slotName": "6"})
    run.take()
    left = {slot: one.wells["A1"].volume_ul for slot, one in stock.liquids.contents.value.items()}
    assert {slot: volume_ul for slot, volume_ul in left.items() if volume_ul is not None} == known


def test_what_a_tip_holds_that_may_have_been_dropped_is_not_known(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, ["A1", "B1"], [100, 0], "water")
    run = DeckRun(stock)
    run.fresh()
    run.at("aspirate", "plate.A1", 50)
    run.at("dropTip", "rack.A1", status="failed")
    run.at("dispense", "plate.B1", 50)
    run.take()
    assert stock.liquids.contents.value["2"].wells["B1"].volume_ul is None


def test_a_run_of_which_an_older_release_kept_the_tips_alone_is_not_complete(engine: Engine) -> None:
    first = DeckRun(TipStock(TipRackStore(engine)))
    first.fresh()
    first.at("aspirate", "plate.A1", 50)
    first.take()
    with engine.begin() as connection:
        (state,) = connection.exec_driver_sql("SELECT state FROM tip_runs").one()
        kept = {name: value for name, value in json.loads(state).items() if name != "use"}
        connection.exec_driver_sql("UPDATE tip_runs SET state = ?", (json.dumps(kept),))
    first.stock = second = TipStock(TipRackStore(engine))
    first.at("dispense", "plate.B1", 50)
    first.take()
    assert handled(second, first) == {"plate.B1": (0, 50, False)}
    assert not second.use_of("run").is_complete


def test_each_command_counts_once_whenever_the_process_is_killed(engine: Engine) -> None:
    found = []
    for killed_after in range(14):
        first = TipStock(TipRackStore(engine))
        first.reset("1", RACK)
        first.empty_trash()
        first.liquids.declare("4", RESERVOIR, ["A1"], [1000], "water")
        first.liquids.declare("2", PLATE, ["A1", "B1"], [0, 0], "")
        run = DeckRun(first, f"run {killed_after}")
        run.fresh()
        run.at("moveToWell", "reservoir.A1")
        run.did("aspirateInPlace", volume=150)
        for well, volume_ul in (("A1", 50), ("B1", 70)):
            run.at("moveToWell", f"plate.{well}")
            run.did("dispenseInPlace", volume=volume_ul)
        run.did("dropTipInPlace")
        for ended in run.commands[:killed_after]:
            first.take(run.run_id, [ended], PARTS)
        run.stock = second = TipStock(TipRackStore(engine))
        run.take()
        assert killed_after <= len(run.commands)
        contents = second.liquids.contents.value
        wells = [contents[slot].wells[well].volume_ul for slot, well in (("4", "A1"), ("2", "A1"), ("2", "B1"))]
        found.append((wells, second.racks.value["1"].places["A1"], second.trash.value.count))
    assert found == [([850, 50, 70], "Empty", 1)] * 14
