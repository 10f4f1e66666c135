"""A run that needs other tips than there are does not start, or starts with a warning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.runs.deck_agreement import DeckAgreement, DeckPolicy
from sila_ot2.driver.runs.obstacles import ReasonCode
from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.needs.liquid_needs import Mode
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import NoTipAvailable
from sila_ot2.robot import wire
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.database import open_database
from tests.fakes.deck_run import PLATE, DeckRun
from tests.fakes.robot_in_memory import command

RACK = "opentrons/opentrons_96_tiprack_300ul/1"
SMALL = "opentrons/opentrons_96_tiprack_20ul/1"


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[TipStock]:
    engine = open_database(tmp_path)
    yield TipStock(TipRackStore(engine))
    engine.dispose()


def loaded(labware_id: str, uri: str, slot: str) -> tuple[str, dict[str, Any]]:
    namespace, name, version = uri.split("/")
    location = "offDeck" if slot == "offDeck" else {"slotName": slot}
    return "loadLabware", {
        "labwareId": labware_id, "namespace": namespace, "loadName": name, "version": int(version),
        "location": location,
    }  # fmt: skip


def picked(well: str, rack: str = "rack", pipette: str = "one") -> tuple[str, dict[str, Any]]:
    return "pickUpTip", {"labwareId": rack, "wellName": well, "pipetteId": pipette}


def dropped(well: str, rack: str = "rack") -> tuple[str, dict[str, Any]]:
    return "dropTip", {"labwareId": rack, "wellName": well, "pipetteId": "one"}


def analysis(*steps: tuple[str, dict[str, Any]]) -> wire.Analysis:
    pipettes = (("one", "p300_single_gen2", "left"), ("eight", "p300_multi_gen2", "right"))
    return wire.Analysis(
        id="a", status="completed", result="ok",
        commands=tuple(wire.Command.model_validate(command(kind, n, **more)) for n, (kind, more) in enumerate(steps)),
        pipettes=tuple(wire.LoadedPipette(id=one, pipette_name=name, mount=mount) for one, name, mount in pipettes),
    )  # fmt: skip


def texts(stock: TipStock, needs: wire.Analysis | None, **policy: Any) -> list[str]:
    return [one.explanation for one in DeckAgreement(stock, Observable({}), DeckPolicy(**policy)).obstacles(needs)]


NEEDS_9 = analysis(loaded("rack", RACK, "1"), picked("A1"), picked("A2", pipette="eight"))


def test_where_nothing_is_declared_nothing_is_refused(stock: TipStock) -> None:
    assert not texts(stock, NEEDS_9)
    stock.reset("2", RACK)
    assert not texts(stock, NEEDS_9), "of slot 1 nothing is declared"


def test_enough_tips(stock: TipStock) -> None:
    stock.reset("1", RACK)
    assert not texts(stock, NEEDS_9)
    assert not texts(stock, None)


@pytest.mark.parametrize("state", ["Empty", "Used", "Unknown", "Reserved"])
def test_a_tip_that_is_not_there_to_use(stock: TipStock, state: Any) -> None:
    stock.reset("1", RACK)
    stock.mark("1", ["H2", "C5"], state)
    (text,) = texts(stock, NEEDS_9)
    assert text == (f"9 tips are needed from the rack in slot 1, of which 1 is not there to use: H2 ({state.lower()}).")


def test_used_tips_if_they_are_allowed(stock: TipStock) -> None:
    stock.reset("1", RACK)
    stock.mark("1", [], "Used")
    assert not texts(stock, NEEDS_9, reuse_used_tips=True)


def test_another_rack_in_the_slot(stock: TipStock) -> None:
    stock.reset("1", SMALL)
    assert texts(stock, NEEDS_9) == [f"{RACK} is expected in slot 1, where {SMALL} is declared."]


def test_a_protocol_may_use_its_own_tips_again_and_no_tip_twice_that_is_gone(stock: TipStock) -> None:
    stock.reset("1", RACK)
    again = (loaded("rack", RACK, "1"), picked("A1"), dropped("A1"), picked("A1"))
    assert not texts(stock, analysis(*again))
    twice = (loaded("rack", RACK, "1"), picked("A1"), ("dropTipInPlace", {"pipetteId": "one"}), picked("A1"))
    assert "A1 (empty)" in texts(stock, analysis(*twice))[0]


TRASHED = ("dropTipInPlace", {"pipetteId": "one"})


def test_a_tip_that_was_put_back_is_there_once(stock: TipStock) -> None:
    stock.reset("1", RACK)
    steps = (loaded("rack", RACK, "1"), picked("A1"), dropped("A1"), picked("A1"), TRASHED, picked("A1"))
    assert "A1 (empty)" in texts(stock, analysis(*steps))[0]


BY_HAND = {"labwareId": "plate", "newLocation": {"slotName": "9"}, "strategy": "manualMoveWithPause"}


@pytest.mark.parametrize(
    "pause",
    [
        ("pause", {"message": "Replace the rack."}),
        ("waitForResume", {"message": "Replace it."}),
        ("moveLabware", BY_HAND),
    ],
    ids=["pause", "waitForResume", "moveLabware"],
)
def test_a_rack_that_a_protocol_has_emptied_may_be_refilled_in_a_pause(
    stock: TipStock, pause: tuple[str, dict[str, Any]]
) -> None:
    stock.reset("1", RACK)
    steps = (loaded("rack", RACK, "1"), picked("A1"), TRASHED, pause, picked("A1"))
    assert not texts(stock, analysis(*steps))
    assert "A1 (empty)" in texts(stock, analysis(*steps, TRASHED, picked("A1")))[0]
    assert not texts(stock, analysis(*steps, TRASHED, pause, picked("A1")))


def test_a_pause_fills_no_place_that_was_empty_before_the_run(stock: TipStock) -> None:
    stock.reset("1", RACK)
    stock.mark("1", ["A1"], "Empty")
    pause: tuple[str, dict[str, Any]] = ("pause", {})
    steps = (loaded("rack", RACK, "1"), pause, picked("A1"), TRASHED, pause, picked("A1"))
    (text,) = texts(stock, analysis(*steps))
    assert "A1 (empty)" in text


def test_a_rack_that_the_protocol_lets_somebody_bring_is_full(stock: TipStock) -> None:
    stock.reset("1", RACK)
    stock.mark("1", ["A1"], "Free")
    steps = (
        loaded("rack", RACK, "1"), loaded("new", RACK, "offDeck"), picked("A1"),
        ("moveLabware", {"labwareId": "rack", "newLocation": "offDeck"}),
        ("moveLabware", {"labwareId": "new", "newLocation": {"slotName": "1"}}), picked("A1", "new"),
    )  # fmt: skip
    assert not texts(stock, analysis(*steps))


def test_tips_of_a_protocol_whose_nozzles_are_not_understood(stock: TipStock) -> None:
    stock.reset("1", RACK)
    odd = ("configureNozzleLayout", {"pipetteId": "eight", "configurationParams": {"style": "ROW", "primaryNozzle": 3}})
    (text,) = texts(stock, analysis(loaded("rack", RACK, "1"), odd, picked("A1", pipette="eight")))
    assert text.startswith("Which tips the run needs is not known. A command of the robot has nozzles")


@pytest.mark.parametrize(("mode", "found"), [("off", 0), ("warn", 1), ("refuse", 1)])
def test_the_setting(stock: TipStock, mode: Mode, found: int) -> None:
    stock.reset("1", RACK)
    stock.mark("1", [], "Empty")
    agreement = DeckAgreement(stock, Observable({}), DeckPolicy(agreement=mode))
    assert [one.code for one in agreement.obstacles(NEEDS_9)] == [ReasonCode.NO_TIP_AVAILABLE] * found
    if mode == "refuse":
        with pytest.raises(NoTipAvailable, match=r"of which 9 are not there.*and 1 more.*ResetTips"):
            agreement.require(NEEDS_9)
    else:
        agreement.require(NEEDS_9)


def test_a_full_trash_is_a_warning(stock: TipStock) -> None:
    stock.take("run", [wire.Command.model_validate(command(kind, n, pipetteId="one")) for n, kind in
                       enumerate(["pickUpTip", "dropTipInPlace"] * 3)], RunParts({}))  # fmt: skip
    assert not texts(stock, None, trash_limit=3)
    (warning,) = DeckAgreement(stock, Observable({}), DeckPolicy(trash_limit=2)).obstacles(None)
    assert (warning.code, warning.blocks) == (ReasonCode.TRASH_FULL, False)


def test_draws_that_should_not_be_are_named_for_each_slot_and_kind(stock: TipStock) -> None:
    stock.liquids.declare("2", PLATE, [], [10], "water")
    stock.liquids.declare("3", PLATE, [], [300], "")
    run = DeckRun(stock)
    run.fresh()
    for row in "ABCDEF":
        run.at("aspirate", f"plate.{row}1", 20)
    run.at("aspirate", "warm.A1", 20)
    needs = run.analysis()
    short, mixed = texts(stock, needs)
    assert "which holds 10 µL" in short
    assert "more of this kind" in short
    assert "has touched water" in mixed
    assert texts(stock, needs, contamination="off") == [short]
    assert texts(stock, needs, volumes="off") == [mixed]
    assert not texts(stock, needs, volumes="off", contamination="off")
