"""Movements near modules are refused by the state of the modules: as the robot refuses them, and where it does not."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from sila_ot2.driver.deck.checks.module_safety import check_modules, known_to_new_run
from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState, Position
from sila_ot2.driver.deck.state.labware import SessionModule
from sila_ot2.driver.deck.state.pipettes import fresh_pipette
from sila_ot2.errors import DeckUnsafe
from sila_ot2.robot import wire
from tests.fakes.replay.recordings import EQUIPMENT, recordings
from tests.unit.driver.liquid_handling.test_plans import deck_state

LATCH = {"open": "idle_open", "closed": "idle_closed", "shaking": "idle_closed"}


def heater_shaker(state: str, serial: str = "hs") -> wire.Module:
    data = {"labwareLatchStatus": LATCH.get(state, state), "speedStatus": "idle"}
    if state == "shaking":
        data["speedStatus"] = "speeding up"
    return _module("heaterShakerModuleV1", serial, data)


def thermocycler(lid: str) -> wire.Module:
    return _module("thermocyclerModuleV2", "tc", {"lidStatus": lid})


def _module(model: str, serial: str, data: dict[str, str]) -> wire.Module:
    kind = {"h": "heaterShakerModuleType", "t": "thermocyclerModuleType"}[model[0]]
    return wire.Module.model_validate(
        {"id": serial, "serialNumber": serial, "moduleType": kind, "moduleModel": model, "data": data}
    )


def deck(*modules: SessionModule, channels: str = "single") -> DeckState:
    """A deck with a plate on every slot, or on the module that stands there."""
    plate = deck_state().labware["plate"]
    on_module = {module.slot: module.module_id for module in modules}
    slots = [str(slot) for slot in range(1, 12)]
    return DeckState(
        labware={slot: replace(plate, labware_id=slot, location=on_module.get(slot, slot)) for slot in slots},
        modules={module.module_id: module for module in modules},
        pipettes={"right": fresh_pipette("right", "r", f"p300_{channels}_gen2")},
    )


HS5 = SessionModule("module", "heaterShakerModuleV1", "5", "hs")
TC7 = SessionModule("cycler", "thermocyclerModuleV2", "7", "tc")


def refused(state: DeckState, attached: list[wire.Module], kind: str, **params: Any) -> bool:
    try:
        check_modules([PlannedCommand(kind, {"pipetteId": "r", **params})], state, attached)
    except DeckUnsafe:
        return True
    return False


MOVED = [
    (release, case)
    for release in EQUIPMENT
    for case in recordings(release)
    if case.startswith("hs5_") and "_to_slot" in case
]


@pytest.mark.parametrize(("release", "case"), MOVED)
def test_movement_near_a_heater_shaker_is_refused_where_the_robot_refuses_it(release: str, case: str) -> None:
    _, state, channels, _, slot = case.split("_")
    slot = slot.removeprefix("slot")
    failed = recordings(release)[case].body["data"]["status"] == "failed"
    state_of_deck, attached = deck(HS5, channels=channels), [heater_shaker(state)]
    assert refused(state_of_deck, attached, "moveToWell", labwareId=slot, wellName="A1") is failed


def test_recordings_have_both_answers() -> None:
    answers = [recordings(release)[case].body["data"]["status"] for release, case in MOVED]
    assert answers.count("failed") > 20
    assert answers.count("succeeded") > 20


@pytest.mark.parametrize("kind", ["aspirate", "dispense", "blowout", "touchTip", "pickUpTip", "dropTip", "moveToWell"])
def test_every_command_that_goes_to_a_well_is_checked(kind: str) -> None:
    assert refused(deck(HS5), [heater_shaker("shaking")], kind, labwareId="5", wellName="A1")
    assert not refused(deck(HS5), [heater_shaker("closed")], kind, labwareId="5", wellName="A1")


@pytest.mark.parametrize("latch", ["idle_unknown", "opening", "closing", "unknown", "idle_open"])
def test_latch_that_is_not_surely_closed_is_open(latch: str) -> None:
    assert refused(deck(HS5), [heater_shaker(latch)], "moveToWell", labwareId="4", wellName="A1")


def test_module_that_does_not_report_its_state_is_not_approached() -> None:
    for attached in ([], [heater_shaker("closed", serial="another")]):
        assert refused(deck(HS5), attached, "moveToWell", labwareId="5", wellName="A1")
        assert not refused(deck(HS5), attached, "moveToWell", labwareId="9", wellName="A1")


def test_shaking_module_whose_place_is_not_known_forbids_every_movement() -> None:
    for kind, where in (
        ("moveToWell", {"labwareId": "11", "wellName": "A1"}),
        ("moveToAddressableAreaForDropTip", {"addressableAreaName": "fixedTrash"}),
        ("moveRelative", {"axis": "z", "distance": 1}),
    ):
        assert refused(deck(), [heater_shaker("shaking")], kind, **where)
        assert not refused(deck(), [heater_shaker("open")], kind, **where)
    assert not refused(deck(), [heater_shaker("shaking")], "home")
    assert not refused(deck(), [heater_shaker("shaking")], "aspirateInPlace", volume=5, flowRate=50)


@pytest.mark.parametrize(
    ("kind", "params", "unsafe"),
    [
        ("moveToCoordinates", {"coordinates": {"x": 200, "y": 130, "z": 200}}, True),
        ("moveToCoordinates", {"coordinates": {"x": 60, "y": 130, "z": 200}}, True),
        ("moveToCoordinates", {"coordinates": {"x": 60, "y": 30, "z": 200}}, False),
        ("moveToCoordinates", {"coordinates": {"x": 330, "y": 230, "z": 200}}, False),
        ("moveToCoordinates", {"coordinates": {"x": 330, "y": 230, "z": 200}, "forceDirect": True}, True),
        ("moveToAddressableArea", {"addressableAreaName": "4"}, True),
        ("moveToAddressableArea", {"addressableAreaName": "9"}, False),
        ("moveToAddressableAreaForDropTip", {"addressableAreaName": "fixedTrash"}, False),
        ("moveRelative", {"axis": "x", "distance": 270}, False),
        ("moveRelative", {"axis": "y", "distance": 110}, True),
        ("moveRelative", {"axis": "z", "distance": 20}, False),
    ],
)
def test_coordinates_areas_and_straight_ways_with_a_shaker_in_slot_5(
    kind: str, params: dict[str, Any], unsafe: bool
) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    state = replace(deck(HS5), position=Position("right", 60.0, 30.0, 100.0, now))
    assert refused(state, [heater_shaker("shaking")], kind, **params) is unsafe


def test_straight_way_from_a_place_that_is_not_known() -> None:
    assert refused(deck(HS5), [heater_shaker("shaking")], "moveRelative", axis="z", distance=1)
    assert not refused(deck(HS5), [heater_shaker("closed")], "moveRelative", axis="z", distance=1)


@pytest.mark.parametrize("lid", ["open", "closed", "in_between", "unknown"])
def test_thermocycler(lid: str) -> None:
    where: list[tuple[str, dict[str, Any]]] = [
        ("moveToWell", {"labwareId": "7", "wellName": "A1"}),
        ("moveToCoordinates", {"coordinates": {"x": 150, "y": 300, "z": 150}}),
    ]
    for kind, params in where:
        assert refused(deck(TC7), [thermocycler(lid)], kind, **params) is (lid != "open")
    assert not refused(deck(TC7), [thermocycler(lid)], "moveToWell", labwareId="9", wellName="A1")


@pytest.mark.parametrize(
    ("command", "state", "unsafe"),
    [
        ("heaterShaker/openLabwareLatch", "shaking", True),
        ("heaterShaker/openLabwareLatch", "closed", False),
        ("heaterShaker/setAndWaitForShakeSpeed", "open", True),
        ("heaterShaker/setAndWaitForShakeSpeed", "idle_unknown", True),
        ("heaterShaker/setAndWaitForShakeSpeed", "shaking", False),
        ("heaterShaker/setShakeSpeed", "open", True),
        ("heaterShaker/deactivateShaker", "shaking", False),
        ("heaterShaker/closeLabwareLatch", "open", False),
    ],
)
def test_command_to_the_module_itself(command: str, state: str, unsafe: bool) -> None:
    assert refused(deck(HS5), [heater_shaker(state)], command, moduleId="module") is unsafe


def test_two_heater_shakers_are_distinguished() -> None:
    other = SessionModule("other", "heaterShakerModuleV1", "1", "second")
    attached = [heater_shaker("shaking", "second"), heater_shaker("closed")]
    assert not refused(deck(HS5, other), attached, "moveToWell", labwareId="6", wellName="A1")
    assert refused(deck(HS5, other), attached, "moveToWell", labwareId="4", wellName="A1")


def test_a_new_run_gets_the_open_lid_in_its_way_and_no_module_that_is_gone() -> None:
    into_slot_7 = [PlannedCommand("moveToWell", {"pipetteId": "r", "labwareId": "7", "wellName": "A1"})]
    known = known_to_new_run(into_slot_7, deck(TC7), [thermocycler("open")])
    assert [(one.command_type, one.params["moduleId"]) for one in known] == [("thermocycler/openLid", "cycler")]
    assert known_to_new_run(into_slot_7, deck(TC7), [thermocycler("closed")]) == []
    assert known_to_new_run(into_slot_7, deck(TC7), []) == []


def test_a_command_for_a_module_that_does_not_report_its_state_is_refused() -> None:
    command = "heaterShaker/openLabwareLatch"
    assert refused(deck(HS5), [], command, moduleId="module")
    assert not refused(deck(HS5), [heater_shaker("closed")], command, moduleId="module")
    assert not refused(deck(HS5), [], command, moduleId="never loaded"), "the robot refuses it"


def test_a_module_without_a_serial_number_is_the_only_one_of_its_model() -> None:
    nameless = replace(HS5, serial_number="")
    to_it: dict[str, Any] = {"labwareId": "5", "wellName": "A1"}
    assert refused(deck(nameless), [heater_shaker("open")], "moveToWell", **to_it)
    assert not refused(deck(nameless), [heater_shaker("closed")], "moveToWell", **to_it)
