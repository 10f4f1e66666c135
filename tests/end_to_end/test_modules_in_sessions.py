"""What other clients and earlier runs did with the modules: a session asks the modules themselves before it moves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import PLATE, AtomicClient, declaring, worklist_of
from tests.end_to_end.laboratory import Laboratory, finish
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs modules, and moves beside shaking ones")

WITH_SHAKER = """
requirements = {"robotType": "OT-2", "apiLevel": "2.15"}
def run(protocol):
    shaker = protocol.load_module("heaterShakerModuleV1", "1")
    shaker.open_labware_latch()
"""
ONE_MOVE = worklist_of("MoveToWell,2,A1,")


def plug_in(atomic: AtomicClient, model: str) -> str:
    """Plug a module in; returns its identifier for commands without a run."""
    serial = atomic.robot.control("module", model=model)["serial"]
    modules = atomic.robot.request("GET", "/modules")["data"]
    return str(next(module["id"] for module in modules if module["serialNumber"] == serial))


def elsewhere(atomic: AtomicClient, command: str, module: str, **params: Any) -> None:
    """Let another client command a module without a run, as the Opentrons App does."""
    data = {"commandType": command, "params": {"moduleId": module, **params}}
    done = atomic.robot.request("POST", "/commands?waitUntilComplete=true", {"data": data})["data"]
    assert done["status"] == "succeeded", done["error"]


def shake_elsewhere(atomic: AtomicClient, module: str) -> None:
    elsewhere(atomic, "heaterShaker/closeLabwareLatch", module)
    elsewhere(atomic, "heaterShaker/setAndWaitForShakeSpeed", module, rpm=500)


def raw(command: str, **params: Any) -> dict[str, Any]:
    return {"Command": json.dumps({"commandType": command, "params": params}).encode()}


def load_shaker(atomic: AtomicClient, slot: str) -> str:
    return str(atomic.do("LoadModule", ModuleModel="heaterShakerModuleV1", Slot=slot).module_identifier)


def test_nothing_moves_while_a_module_shakes_somewhere(atomic: AtomicClient) -> None:
    module = plug_in(atomic, "heaterShakerModuleV1")
    atomic.set_up()
    provoked = set()
    for tip in (False, True):
        if tip:
            atomic.do("PickUpTip")
            atomic.do("Aspirate", Volume=100.0)
        shake_elsewhere(atomic, module)
        sent = len(atomic.wire.posted)
        for command in declaring("DeckUnsafe"):
            given: dict[str, Any] = {"TipPolicy": "Never"} if tip and command in TRANSFERS else {}
            if command == "ExecuteRawCommand":
                pipette_id = atomic.pipette().pipette_identifier
                given = raw("moveToWell", pipetteId=pipette_id, labwareId=atomic.plate, wellName="A1")
            if command == "ExecuteWorklist":
                given = {"Worklist": ONE_MOVE}
            if atomic.error(command, **given) == "DeckUnsafe":
                provoked.add(command)
                assert "shaking" in atomic.message
        assert len(atomic.wire.posted) == sent
        atomic.do("Home")
        elsewhere(atomic, "heaterShaker/deactivateShaker", module)
    assert provoked == set(declaring("DeckUnsafe"))
    atomic.do("MoveToWell")


TRANSFERS = ("Transfer", "Distribute", "Consolidate")


def test_latch_and_shaking_of_others(atomic: AtomicClient) -> None:
    module = plug_in(atomic, "heaterShakerModuleV1")
    atomic.set_up()
    loaded = load_shaker(atomic, "5")
    atomic.do("ExecuteRawCommand", **raw("heaterShaker/closeLabwareLatch", moduleId=loaded))
    atomic.do("MoveToWell")  # in front of it
    elsewhere(atomic, "heaterShaker/openLabwareLatch", module)
    shake = raw("heaterShaker/setAndWaitForShakeSpeed", moduleId=loaded, rpm=500)
    assert atomic.error("ExecuteRawCommand", **shake) == "DeckUnsafe"
    assert "latch is open" in atomic.message
    atomic.do("MoveToWell")
    beside = atomic.do("LoadLabware", Location="4", LoadName=PLATE).labware_identifier
    assert atomic.error("MoveToWell", LabwareIdentifier=beside) == "DeckUnsafe"
    shake_elsewhere(atomic, module)
    assert atomic.error("MoveToWell") == "DeckUnsafe"
    assert atomic.error("ExecuteRawCommand", **raw("heaterShaker/openLabwareLatch", moduleId=loaded)) == "DeckUnsafe"
    assert atomic.error("MoveToCoordinates", X=200.0, Y=130.0, Z=200.0) == "DeckUnsafe"
    for mode in ("Stepwise", "QueuedRun"):
        assert atomic.error("ExecuteWorklist", Worklist=ONE_MOVE, Mode=mode) == "DeckUnsafe"
    atomic.do("ExecuteRawCommand", **raw("heaterShaker/deactivateShaker", moduleId=loaded))
    wait_for(lambda: atomic.error("MoveToWell") != "DeckUnsafe")


def test_shaking_that_begins_in_the_midst_of_a_command(atomic: AtomicClient) -> None:
    module = plug_in(atomic, "heaterShakerModuleV1")
    atomic.set_up()
    load_shaker(atomic, "5")
    elsewhere(atomic, "heaterShaker/closeLabwareLatch", module)
    atomic.do("PickUpTip")
    go = atomic.wire.hold("POST", "/commands")
    begun = atomic.begin("Mix", Repetitions=20)
    wait_for(lambda: atomic.wire.posted[-1]["commandType"] == "aspirate")
    shake_elsewhere(atomic, module)
    go.set()
    assert atomic.error_of(begun) == "DeckUnsafe"
    assert [command["commandType"] for command in atomic.wire.posted].count("aspirate") == 1
    elsewhere(atomic, "heaterShaker/deactivateShaker", module)
    atomic.do("DropTip")


def test_lid_of_a_thermocycler_that_another_client_has_closed(atomic: AtomicClient) -> None:
    module = plug_in(atomic, "thermocyclerModuleV2")
    atomic.set_up()
    loaded = atomic.do("LoadModule", ModuleModel="thermocyclerModuleV2", Slot="7").module_identifier
    atomic.do("ExecuteRawCommand", **raw("thermocycler/openLid", moduleId=loaded))
    inside = atomic.do("LoadLabware", LoadName="nest_96_wellplate_100ul_pcr_full_skirt", Location=loaded)
    atomic.do("MoveToWell", LabwareIdentifier=inside.labware_identifier)
    elsewhere(atomic, "thermocycler/closeLid", module)
    assert atomic.error("MoveToWell", LabwareIdentifier=inside.labware_identifier) == "DeckUnsafe"
    assert "lid" in atomic.message
    atomic.do("MoveToWell")
    elsewhere(atomic, "thermocycler/openLid", module)
    atomic.do("MoveToWell", LabwareIdentifier=inside.labware_identifier)


def test_run_does_not_start_with_a_heater_shaker_that_shakes(atomic: AtomicClient) -> None:
    lab: Laboratory = atomic.lab
    module = plug_in(atomic, "heaterShakerModuleV1")
    atomic.do("CloseSession")
    shake_elsewhere(atomic, module)
    protocol = lab.upload(WITH_SHAKER)
    with pytest.raises(errors.DeckUnsafe, match="is shaking"):
        lab.run(protocol)
    elsewhere(atomic, "heaterShaker/deactivateShaker", module)
    lab.run(protocol)


def test_two_modules_of_a_kind_in_a_session_and_in_a_queued_run(atomic: AtomicClient) -> None:
    models = ("temperatureModuleV2", "heaterShakerModuleV1")
    slots = {"6": models[0], "9": models[0], "10": models[1], "1": models[1]}
    for model in (*models, *models):
        plug_in(atomic, model)
    wait_for(lambda: len(atomic.lab.client.module_provider.attached_modules.get()) == len(slots))
    atomic.do("OpenSession")
    for slot, model in slots.items():
        atomic.do("LoadModule", ModuleModel=model, Slot=slot)
    serials = {module.slot: module.serial_number for module in atomic.feature.loaded_modules.get()}
    assert len(set(serials.values())) == len(slots)
    plates = atomic.lab.client.temperature_module_controller
    shakers = atomic.lab.client.heater_shaker_controller

    def targets() -> dict[str, list[float]]:
        rows = [(one.serial_number, one.target_temperature) for one in plates.temperature_modules.get()]
        shaking = [(one.serial_number, one.target_speed) for one in shakers.heater_shakers.get()]
        reported = dict([*rows, *shaking])
        return {slot: reported[serial] for slot, serial in serials.items()}

    for call in (lambda: plates.set_temperature(37.0), lambda: finish(plates.wait_for_temperature(9.0)),
                 lambda: finish(shakers.close_latch())):  # fmt: skip
        with pytest.raises(errors.ModuleAmbiguous):
            call()
    plates.set_temperature(module_identifier=serials["9"], target_temperature=37.0)
    finish(shakers.close_latch(module_identifier=serials["1"]))
    finish(shakers.set_shake_speed(module_identifier=serials["1"], target_speed=500.0))
    assert targets() == {"6": [], "9": [37.0], "10": [], "1": [500.0]}
    shakers.deactivate_shaker(module_identifier=serials["1"])

    steps: list[dict[str, Any]] = [
        {"Command": "SetTemperature", "ModuleIdentifier": "6", "TargetTemperature": 50.0},
        {"Command": "SetTemperature", "ModuleIdentifier": serials["9"], "TargetTemperature": 40.0},
        {"Command": "SetShakeSpeed", "ModuleIdentifier": "10", "TargetSpeed": 700.0},
        {"Command": "WaitForTemperature", "ModuleIdentifier": "6"},
        {"Command": "WaitForTemperature", "ModuleIdentifier": serials["9"]},
    ]
    done = atomic.do("ExecuteWorklist", Worklist=json.dumps(steps).encode(), Format="Json", Mode="QueuedRun")
    wait_for(lambda: targets() == {"6": [50.0], "9": [40.0], "10": [700.0], "1": []}, lambda: str(targets()))
    commands = atomic.robot.request("GET", f"/runs/{done.run_identifier}/commands?pageLength=100")["data"]
    loaded = {}
    for one in commands:
        if one["commandType"] == "loadModule":
            result = atomic.robot.request("GET", f"/runs/{done.run_identifier}/commands/{one['id']}")["data"]["result"]
            loaded[result["moduleId"]] = (one["params"]["location"]["slotName"], result["serialNumber"])
    assert dict(loaded.values()) == serials
    waits = [one for one in commands if one["commandType"] == "temperatureModule/waitForTemperature"]
    assert [loaded[one["params"]["moduleId"]][0] for one in waits] == ["6", "9"]
    assert {module.slot: module.serial_number for module in atomic.feature.loaded_modules.get()} == serials
