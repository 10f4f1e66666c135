"""Every command of AtomicLiquidHandling does what it says, on the engine, through a client that knows only the XML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.atomic_client import DECLARED, RESERVOIR, AtomicClient

pytestmark = pytest.mark.simulator_only


def engine(atomic: AtomicClient) -> list[dict[str, Any]]:
    """The commands of the current run as the robot lists them."""
    run = atomic.robot.request("GET", "/runs")["links"]["current"]["href"]
    answer = atomic.robot.request("GET", f"{run}/commands?cursor=0&pageLength=10000")
    return list(answer["data"])


def test_every_command_succeeds(atomic: AtomicClient) -> None:
    atomic.robot.control("module", model="temperatureModuleV2")
    done = {"OpenSession", "LoadLabware"}
    assert atomic.do("OpenSession") == atomic.feature.session.get()[0].run_identifier
    atomic.set_up()

    def do(command: str, **given: Any) -> Any:
        done.add(command)
        answer = atomic.do(command, **given)
        assert atomic.feature.last_command.get()[0].outcome == "Succeeded", command
        return answer

    assert do("DefineLabware") == "tests/two_wells/3"
    do("LoadLabware", LoadName="two_wells", Location="4", DisplayName="two wells")
    assert atomic.feature.loaded_labware.get()[-1].definition_uri == "tests/two_wells/3"
    module = do("LoadModule").module_identifier
    assert atomic.feature.loaded_modules.get()[0].module_identifier == module
    on_module = do("LoadLabware", Location=module).labware_identifier
    do("MoveLabware", LabwareIdentifier=on_module)
    do("RemoveLabware", LabwareIdentifier=on_module)
    assert [labware.location for labware in atomic.feature.loaded_labware.get()] == ["2", "1", "4", "offDeck"]
    assert do("LoadPipette").pipette_identifier == atomic.pipette().pipette_identifier
    do("Home", Axes=["X", "LeftZ", "RightPlunger"])
    assert atomic.feature.position.get() == []

    taken = do("PickUpTip")
    assert (taken.tip_rack_identifier, taken.well) == (atomic.tips, "A1")
    assert taken.record.completed_at >= taken.record.started_at
    assert (atomic.pipette().tip_state, atomic.pipette().maximum_volume, atomic.pipette().evidence) == (
        "Tip",
        300,
        "Tracked",
    )
    do("SetFlowRates", AspirateFlowRate=11.0, DispenseFlowRate=22.0)
    do("SetMovementSpeed", Speed=99.0)
    do("Aspirate", Volume=100.0)
    assert atomic.pipette().contained_volume == 100
    do("AirGap", Volume=10.0)
    do("Dispense", Volume=60.0, FlowRate=33.0)
    assert atomic.pipette().contained_volume == 50
    do("DispenseInPlace", Volume=50.0, PushOut=2.0)
    do("Mix", Repetitions=3)
    do("BlowOut")
    do("TouchTip")
    do("MoveToWell")
    do("ConfigureForVolume")
    do("PrepareToAspirate")
    do("AspirateInPlace")
    do("BlowOutInPlace")
    assert atomic.pipette().contained_volume == 0
    do("MoveToCoordinates", X=120.0, Y=130.0, Z=140.0)
    do("MoveRelative", Axis="Z", Distance=-10.0)
    saved = do("SavePosition")
    assert pytest.approx((120, 130, 130)) == (saved.x, saved.y, saved.z)
    assert pytest.approx(130) == atomic.feature.position.get()[0].z
    do("ReturnTip")
    assert atomic.pipette().tip_state == "NoTip"
    do("PickUpTip", TipRackIdentifier=atomic.tips, Well="H12")
    do("DropTip", Alternate=True)
    do("DiscardTipUntracked")
    do("Delay")
    assert json.loads(do("ExecuteRawCommand").result) == {}
    assert do("Transfer").completed_steps == 5
    assert do("Distribute", TargetWells=["B1", "B2"]).tips_used == 1
    assert do("Consolidate", SourceWells=["A1", "A2"]).completed_steps == 6
    assert do("ExecuteWorklist").tips_used == 1
    do("ReconcileState")

    rates = {
        command["commandType"]: command["params"]["flowRate"]
        for command in engine(atomic)
        if (command["commandType"], command["params"].get("volume")) in (("aspirate", 100), ("dispense", 60))
    }
    assert rates == {"aspirate": 11, "dispense": 33}
    speeds = [
        c["params"].get("speed") for c in engine(atomic) if c["commandType"] in ("moveToWell", "moveToCoordinates")
    ]
    assert 99 in speeds
    do("CloseSession")
    assert not atomic.feature.session.get()
    assert not atomic.feature.pipette_states.get()
    assert not atomic.feature.loaded_labware.get()
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    do("ConfigureNozzleLayout")
    assert atomic.pipette().active_nozzles == 1
    assert done == set(DECLARED)


def test_pipette_of_eight_channels_takes_columns(atomic: AtomicClient) -> None:
    atomic.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    atomic.set_up()
    assert [atomic.do("PickUpTip").well, atomic.do("DropTip") and atomic.do("PickUpTip").well] == ["A1", "A2"]
    assert atomic.error("Aspirate", Well="B3") == "PositionOutOfBounds"
    atomic.do("Aspirate", Well="A3")
    reservoir = atomic.do("LoadLabware", LoadName=RESERVOIR, Location="3").labware_identifier
    atomic.do("Dispense", LabwareIdentifier=reservoir, Well="A12")
    atomic.do("DropTip")
    atomic.do("ConfigureNozzleLayout", ActiveNozzles=1)
    assert [atomic.do("PickUpTip").well, atomic.do("DropTip") and atomic.do("PickUpTip").well] == ["A3", "B3"]
    atomic.do("Aspirate", Well="B3")


def test_defaults_are_the_pipettes_own_flow_rates(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.do("Aspirate")
    assert atomic.wire.posted[-1]["params"]["flowRate"] == 92.86


def test_trash_of_release_7_0_is_labware(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.wire.change("GET", "/health", lambda body: body.update(api_version="7.0.2"))
    assert atomic.lab.server is not None
    atomic.lab.server.driver.robot.health()
    assert (
        atomic.error("DropTip") == "LabwareNotLoaded"
    )  # this simulator is a later release; what counts is what was sent
    assert atomic.wire.posted[-1] == {
        **atomic.wire.posted[-1],
        "commandType": "dropTip",
        "params": {"pipetteId": atomic.pipette().pipette_identifier, "labwareId": "fixedTrash", "wellName": "A1"},
    }
