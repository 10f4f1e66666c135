"""The deck's state follows the commands that have ended, also those of others about what it does not know."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import labware_from
from sila_ot2.driver.deck.state.pipettes import Nozzles
from sila_ot2.driver.deck.state.wells import well_of
from sila_ot2.errors import RobotFaulty, WellUnknown
from sila_ot2.robot import wire
from tests.fakes.robot_in_memory import command as command_document
from tests.unit.driver.liquid_handling.test_plans import deck_state, grid


def ended(kind: str, result: dict[str, Any] | None = None, **params: Any) -> wire.Command:
    return wire.Command.model_validate({**command_document(kind, 0), "params": params, "result": result})


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("pickUpTip", {"labwareId": "tips", "wellName": "A1"}),
        ("dropTip", {"labwareId": "tips", "wellName": "A1"}),
        ("aspirate", {"labwareId": "plate", "wellName": "A1", "volume": 10}),
        ("dispense", {"labwareId": "plate", "wellName": "A1", "volume": 10}),
        ("blowout", {"labwareId": "plate", "wellName": "A1"}),
        ("moveToWell", {"labwareId": "plate", "wellName": "A1"}),
        ("configureNozzleLayout", {"configurationParams": {"style": "SINGLE", "primaryNozzle": "A1"}}),
    ],
)
def test_command_of_a_pipette_that_is_not_known_changes_nothing(kind: str, params: dict[str, Any]) -> None:
    before = deck_state()
    assert before.after(ended(kind, {}, pipetteId="nobody's", **params)) == before


def test_tip_from_a_rack_that_is_not_known_changes_nothing() -> None:
    before = deck_state()
    assert before.after(ended("pickUpTip", {}, pipetteId="r", labwareId="nobody's", wellName="A1")) == before


def test_moving_labware_that_is_not_known_changes_nothing() -> None:
    before = deck_state()
    assert before.after(ended("moveLabware", {}, labwareId="nobody's", newLocation={"slotName": "5"})) == before


def test_what_stands_at_a_location() -> None:
    state = deck_state().after(
        ended("loadModule", {"moduleId": "m"}, model="temperatureModuleV2", location={"slotName": "7"})
    )
    module, plate = state.at_location("7"), state.at_location("2")
    assert module is not None
    assert module == state.modules["m"]
    assert plate is not None
    assert plate == state.labware["plate"]
    assert state.at_location("11") is None


@pytest.mark.parametrize(
    ("layout", "nozzles"),
    [
        ({"style": "SINGLE", "primaryNozzle": "H1"}, Nozzles(1, "H1")),
        ({"style": "QUADRANT", "primaryNozzle": "H1", "backLeftNozzle": "F1"}, Nozzles(3, "H1")),
        ({"style": "QUADRANT", "primaryNozzle": "A1", "frontRightNozzle": "C1"}, Nozzles(3, "A1")),
        ({"style": "ALL"}, Nozzles(8, "A1")),
    ],
)
def test_nozzles_by_layout(layout: dict[str, str], nozzles: Nozzles) -> None:
    state = deck_state("p300_multi_gen2").after(
        ended("configureNozzleLayout", {}, pipetteId="r", configurationParams=layout)
    )
    assert state.pipettes["right"].nozzles == nozzles


def test_position_is_where_the_robot_says_that_the_pipette_is() -> None:
    result = {"position": {"x": 1.0, "y": 2.0, "z": 3.0}}
    state = deck_state().after(ended("moveToWell", result, pipetteId="r", labwareId="plate", wellName="A1"))
    assert state.position is not None
    assert state.position[:4] == ("right", 1.0, 2.0, 3.0)
    assert state.after(ended("home", {})).position is None
    unknown = DeckState().after(ended("moveToWell", result, pipetteId="r", labwareId="plate", wellName="A1"))
    assert unknown.position is None


@pytest.mark.parametrize(
    ("kind", "params", "result", "named"),
    [
        ("loadPipette", {"mount": "right", "pipetteName": "p300_single_gen2"}, {}, "pipetteId is missing"),
        ("loadPipette", {"mount": "right", "pipetteName": "p300_single_gen2"}, None, "result: null"),
        ("loadPipette", {}, {"pipetteId": "p"}, "mount is missing"),
        ("loadLabware", {"location": {"slotName": "1"}}, {"labwareId": "l", "definition": {"value": {}}}, "definition"),
        ("loadLabware", {"location": {"slotName": "1"}}, {"labwareId": "l", "definition": None}, '"definition": null'),
        ("loadModule", {"model": "temperatureModuleV2", "location": {"slotName": "1"}}, {"id": "m"}, "moduleId"),
        ("loadModule", {"model": ["m"], "location": {"slotName": "1"}}, {"moduleId": "m"}, "model is not a text"),
        ("loadModule", {"model": "m", "location": {"slotName": "13"}}, {"moduleId": "m"}, "location is not a slot"),
    ],
)
def test_what_the_robot_says_in_another_form_is_its_fault_and_named(
    kind: str, params: dict[str, Any], result: dict[str, Any] | None, named: str
) -> None:
    command = wire.Command(id="c", command_type=kind, status="succeeded", params=params, result=result)
    with pytest.raises(RobotFaulty, match=f"carried out {kind}, and what it says of it cannot be understood.*{named}"):
        DeckState().after(command)


@pytest.mark.parametrize("odd", [10**400, math.nan, math.inf, "12", None, [1], True], ids=lambda odd: repr(odd)[:9])
@pytest.mark.parametrize(
    ("kind", "params", "result"),
    [
        ("aspirate", {"pipetteId": "r", "volume": 10}, {"volume": "odd"}),
        ("dispense", {"pipetteId": "r", "volume": "odd"}, {}),
        ("moveToWell", {"pipetteId": "r"}, {"position": {"x": 1, "y": 2, "z": "odd"}}),
        ("thermocycler/setTargetLidTemperature", {"moduleId": "m", "celsius": "odd"}, {}),
    ],
)
def test_a_value_that_is_not_a_number_is_a_fault_of_the_robot(
    kind: str, params: dict[str, Any], result: dict[str, Any], odd: Any
) -> None:
    with pytest.raises(RobotFaulty, match="is not a number"):
        deck_state().after(ended(kind, _with(result, odd), **_with(params, odd)))


def _with(members: dict[str, Any], odd: Any) -> dict[str, Any]:
    return {
        name: _with(value, odd) if isinstance(value, dict) else odd if value == "odd" else value
        for name, value in members.items()
    }


def test_tips_that_another_client_picked_up_at_the_edge_of_a_rack_are_used() -> None:
    state = deck_state("p300_multi_gen2").after(
        ended("pickUpTip", {"tipVolume": 300}, pipetteId="r", labwareId="tips", wellName="C1")
    )
    assert state.used_tips["tips"] == {f"{row}1" for row in "CDEFGH"}
    odd = ended("pickUpTip", {"tipVolume": "much"}, pipetteId="r", labwareId="tips", wellName="A1")
    with pytest.raises(RobotFaulty, match="is not a number"):
        deck_state().after(odd)


@pytest.mark.parametrize(("columns", "named"), [([["A1"], []], "A1 to A1"), ([[]], "A1 to none"), ([], "0 rows")])
def test_a_well_that_is_not_there_is_named_whatever_the_columns(columns: list[list[str]], named: str) -> None:
    labware = labware_from({**grid("plate"), "ordering": columns}, "plate", "2")
    with pytest.raises(WellUnknown, match=named):
        well_of(labware, "P24")


ROUND = {"depth": 30, "x": 4, "y": 4, "z": 5, "diameter": 7, "totalLiquidVolume": 200}


@pytest.mark.parametrize(
    ("well", "named"),
    [
        ({"shape": "circular", "depth": 30, "x": 4, "y": 4, "z": 5}, "A1: .*diameter"),
        (None, "A1: "),
        *[({**ROUND, member: odd}, rf"A1\.{member}: ") for member in ROUND for odd in ({"value": 4}, [4], math.nan)],
        *[({**ROUND, member: None}, rf"A1\.{member}: ") for member in ("depth", "x", "y", "z", "totalLiquidVolume")],
    ],
)
def test_a_well_that_is_not_understood_is_named(well: dict[str, Any] | None, named: str) -> None:
    refuse({"wells": {"A1": well}}, rf"wells\.{named}")


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"parameters": {"loadName": "plate", "tipLength": []}}, "parameters.tipLength: "),
        ({"parameters": {"loadName": "plate", "tipLength": math.inf}}, "parameters.tipLength: "),
        ({"parameters": {"loadName": "plate", "quirks": 0}}, "parameters.quirks: "),
        ({"stackingOffsetWithLabware": []}, "stackingOffsetWithLabware: "),
        ({"allowedRoles": {}}, "allowedRoles: "),
        ({"schemaVersion": 3}, "schemaVersion: "),
    ],
)
def test_a_member_of_a_definition_that_is_not_understood_is_named(members: dict[str, Any], named: str) -> None:
    refuse(members, named)


def test_a_name_that_is_no_text_is_shown_as_one() -> None:
    loaded = ended(
        "loadLabware", {"labwareId": "l", "definition": grid("plate")}, location={"slotName": "1"}, displayName=[7]
    )
    assert DeckState().after(loaded).labware["l"].name == "[7] (location 1)"


def refuse(members: dict[str, Any], named: str) -> None:
    plate = {"namespace": "tests", "version": 1, "parameters": {"loadName": "plate"}, "dimensions": {"zDimension": 40}}
    result = {"labwareId": "l", "definition": {**plate, "ordering": [["A1"]], "wells": {"A1": ROUND}, **members}}
    with pytest.raises(RobotFaulty, match=named):
        DeckState().after(ended("loadLabware", result, location={"slotName": "1"}))
