"""Liquid classes: read from a table with the place of every problem, chosen by pipette and tips, used by transfers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sila_ot2.driver.deck.plans.plan import PlannedCommand, rehearse
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling import transfers
from sila_ot2.driver.liquid_handling.liquid_classes import (
    COLUMNS,
    LiquidClass,
    LiquidClasses,
    LiquidClassesInvalid,
    read_liquid_classes,
)
from sila_ot2.driver.liquid_handling.tips import pick_up_tip
from sila_ot2.driver.worklists.transfer_list import REQUIRED, TransferList
from sila_ot2.driver.worklists.worklist import plan_of, read
from sila_ot2.errors import LiquidClassUnknown
from sila_ot2.generated.atomic_liquid_handling import TransferParameters
from sila_ot2.implementations.atomic.mapping import options_of
from tests.unit.driver.liquid_handling.test_plans import NEW, deck_state

TABLE = """\ufeffName,Pipette,TipRack,AspirateFlowRate,DispenseFlowRate,AspirateDelay,DispenseDelay,AirGap,TouchTip
glycerol,,,40,30,1,2,,

glycerol,p300_single_gen2,,20,10,1.5,,5,True
glycerol,p300_single_gen2,some_rack,2,1,,,,
serum,p20_single_gen2,,7,,,,,false
"""


@pytest.fixture(scope="module")
def table() -> LiquidClasses:
    return read_liquid_classes(TABLE.encode())


def test_the_most_special_row_is_used(table: LiquidClasses) -> None:
    assert table.find("glycerol", "p300_single_gen2", "some_rack").aspirate_ul_s == 2
    assert table.find("glycerol", "p300_single_gen2", "other_rack").aspirate_ul_s == 20
    assert table.find("glycerol", "p20_single_gen2", "some_rack").aspirate_ul_s == 40
    assert table.find("serum", "p20_single_gen2", "") == LiquidClass("serum", "p20_single_gen2", aspirate_ul_s=7)


def test_water_is_as_ever_and_what_is_not_in_the_table_is_refused(table: LiquidClasses) -> None:
    assert table.find("", "any", "any") == table.find("water", "any", "any") == LiquidClass()
    with pytest.raises(LiquidClassUnknown, match="'honey'; there are glycerol, serum, water"):
        table.find("honey", "any", "any")
    with pytest.raises(LiquidClassUnknown, match="no row for p300_single_gen2"):
        table.find("serum", "p300_single_gen2", "some_rack")


def test_every_problem_is_named_with_its_place() -> None:
    lines = [
        "Name,AspirateFlowRate,TouchTip,AirGap",
        "oil,fast,perhaps,-1",
        "water,,,",
        ",5,,",
        "oil,0,,nan",
        "oil,5,,",
        "oil,6,,",
        "oil,5,,,9",
    ]
    with pytest.raises(LiquidClassesInvalid) as refused:
        read_liquid_classes("\n".join(lines).encode())
    places = [(2, 2), (2, 3), (2, 4), (3, 1), (4, 1), (5, 2), (5, 4), (7, 1), (8, 5)]
    assert [f"line {line}, column {column}:" in str(refused.value) for line, column in places] == [True] * len(places)
    assert str(refused.value).count("line ") == len(places)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1, column 1: the first row must name the columns"),
        (b"Name,Color\n", "line 1, column 2: 'Color' is not a column"),
        (b"Name,Name\n", "line 1, column 2: the column Name is named twice"),
        (b"Pipette\np300", "line 1, column 1: the column Name is missing"),
        (b"Name\n\xff", "not UTF-8"),
        (b'Name\n"oil', "not CSV"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(LiquidClassesInvalid, match=problem):
        read_liquid_classes(content)


TOML = """
[[class]]
Name = "glycerol"
AspirateFlowRate = 40
DispenseFlowRate = 30.0
AspirateDelay = 1
DispenseDelay = 2

[[class]]
Name = "glycerol"
Pipette = "p300_single_gen2"
AspirateFlowRate = 20
DispenseFlowRate = 10
AspirateDelay = 1.5
AirGap = 5
TouchTip = true
"""


def test_toml_says_the_same(table: LiquidClasses) -> None:
    assert list(read_liquid_classes(TOML.encode(), is_toml=True).rows) == list(table.rows[:2])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[[class]]\nName = oil", "not TOML: .*line 2, column 8"),
        (f"class = {'9' * 5000}", "not TOML"),
        (f"class = {'[' * 5000}", "not TOML"),
        ("[class]\n", "must consist of tables"),
        ("class = [1]", "class 1: it is not a table"),
        ("more = 1\n[[class]]\nName = 'oil'", "must consist of tables"),
        ("[[class]]\nName = 'oil'\n[[class]]\nName = 'oil'\nColor = 'red'", "class 2: Color is none of"),
        ("[[class]]\nName = ['oil']", "class 1: Name"),
        ("[[class]]\nName = 'oil'\nAirGap = -1", "class 1, AirGap: AirGap = '-1' is not a number"),
        ("[[class]]\nName = 'oil'\nAspirateFlowRate = nan", "class 1, AspirateFlowRate"),
        ("[[class]]\nName = 'oil'\nTouchTip = 1", "class 1, TouchTip: TouchTip = '1' is neither"),
        ("[[class]]\nAirGap = 1", "class 1: a class needs a name"),
    ],
)
def test_toml_that_cannot_be_read_is_refused(content: str, problem: str) -> None:
    with pytest.raises(LiquidClassesInvalid, match=problem):
        read_liquid_classes(content.encode(), is_toml=True)


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([*COLUMNS, "", "1", "-1", "inf", "nan", "x", '"']), max_size=5), max_size=4))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    try:
        table = read_liquid_classes("\n".join(",".join(row) for row in rows).encode())
    except LiquidClassesInvalid:
        return
    assert all(row.name and 0 <= row.air_gap_ul <= 1000 for row in table.rows)


# --- transfers --------------------------------------------------------------------------------------------------------


def planned(table: LiquidClasses, state: DeckState | None = None, **options: Any) -> list[PlannedCommand]:
    wells: Any = {"source_labware_identifier": "plate", "source_wells": [], "target_labware_identifier": "plate"}
    parameters = TransferParameters(mount="right", **wells, target_wells=[], volumes_ul=[], **options)
    plan = transfers.transfer(options_of(parameters, table), NEW, "plate", ["A1"], "plate", ["B1"], [50])
    return list(plan(state or deck_state()))


def shown(commands: list[PlannedCommand]) -> list[tuple[str, object]]:
    """What each command is, with its flow rate or duration."""
    return [(one.command_type, one.params.get("flowRate", one.params.get("seconds"))) for one in commands]


def test_without_a_class_nothing_changes(table: LiquidClasses) -> None:
    assert planned(table) == planned(LiquidClasses()) == planned(table, liquid_class="water")


def test_a_class_gives_rates_delays_air_gap_and_touch(table: LiquidClasses) -> None:
    commands = planned(table, liquid_class="glycerol")
    kinds = [kind for kind, _ in shown(commands)]
    assert kinds[1:6] == ["aspirate", "waitForDuration", "touchTip", "moveToWell", "aspirateInPlace"]
    assert {rate for kind, rate in shown(commands) if kind.startswith("aspirate")} == {20}
    assert [rate for kind, rate in shown(commands) if kind == "dispense"] == [10]
    assert [seconds for kind, seconds in shown(commands) if kind == "waitForDuration"] == [1.5]
    assert [one.params["volume"] for one in commands if one.command_type == "dispense"] == [55]


def test_what_the_client_gives_goes_first(table: LiquidClasses) -> None:
    commands = planned(table, liquid_class="glycerol", flow_rate_ul_s=77.0, air_gap_ul=9.0)
    assert {rate for kind, rate in shown(commands) if kind in ("aspirate", "aspirateInPlace", "dispense")} == {77}
    assert [one.params["volume"] for one in commands if one.command_type == "dispense"] == [59]


def test_an_unknown_class_is_refused_before_anything_is_planned(table: LiquidClasses) -> None:
    with pytest.raises(LiquidClassUnknown):
        planned(table, liquid_class="honey")
    with pytest.raises(LiquidClassUnknown):
        planned(LiquidClasses(), liquid_class="glycerol")


# --- single steps -----------------------------------------------------------------------------------------------------


def with_tip() -> DeckState:
    return rehearse(deck_state(), pick_up_tip("right", "", "")(deck_state()))


def rows_of(table: LiquidClasses, *lines: str) -> list[tuple[str, object]]:
    text = "\n".join(["Command,Mount,LabwareIdentifier,Well,Volume,Repetitions,FlowRate,LiquidClass", *lines])
    return shown(list(plan_of(read(text.encode(), "csv"), NEW, table)(with_tip())))


def test_steps_of_a_worklist_have_the_rates_and_delays_of_their_class(table: LiquidClasses) -> None:
    assert rows_of(
        table,
        "Aspirate,right,plate,A1,50,,,glycerol",
        "Dispense,right,plate,B1,50,,77,glycerol",
        "Mix,right,plate,C1,20,2,,glycerol",
    ) == [
        ("aspirate", 20), ("waitForDuration", 1.5), ("touchTip", None),
        ("dispense", 77), ("touchTip", None),
        *[("aspirate", 20), ("waitForDuration", 1.5), ("dispense", 10)] * 2, ("touchTip", None),
    ]  # fmt: skip


def test_a_step_without_a_class_is_as_ever_and_one_of_an_unknown_class_is_named(table: LiquidClasses) -> None:
    plain = rows_of(table, "Mix,right,plate,C1,20,1,,")
    assert [kind for kind, _ in plain] == ["aspirate", "dispense"]
    assert plain == rows_of(table, "Mix,right,plate,C1,20,1,,water")
    with pytest.raises(LiquidClassUnknown, match=r"Line 3, column 1 of the worklist \(step 2, Aspirate\).*'honey'"):
        rows_of(table, "Mix,right,plate,C1,20,1,,", "Aspirate,right,plate,A1,50,,,honey")


def test_a_transfer_list_may_have_a_column_for_the_class(table: LiquidClasses) -> None:
    columns = {name: name for name in (*REQUIRED, "LiquidClass")}
    text = f"{','.join(columns)}\nplate,A1,plate,B1,50,glycerol\n"
    kinds = shown(list(plan_of(read(text.encode(), "csv", TransferList(columns=columns)), NEW, table)(deck_state())))
    assert [rate for kind, rate in kinds if kind in ("aspirate", "dispense")] == [20, 10]
