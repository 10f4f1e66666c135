"""Every command of AtomicLiquidHandling does what it says, on the engine, through a client that knows only the XML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.atomic_client import DECLARED, RESERVOIR, Hand

pytestmark = pytest.mark.simulator_only


def engine(hand: Hand) -> list[dict[str, Any]]:
    """The commands of the current run as the robot lists them."""
    run = hand.robot.request("GET", "/runs")["links"]["current"]["href"]
    answer = hand.robot.request("GET", f"{run}/commands?cursor=0&pageLength=10000")
    return list(answer["data"])


def test_every_command_succeeds(hand: Hand) -> None:
    hand.robot.control("module", model="temperatureModuleV2")
    done = {"OpenSession", "LoadLabware"}
    assert hand.do("OpenSession").RunIdentifier == hand.feature.Session.get()[0].RunIdentifier
    hand.set_up()

    def do(command: str, **given: Any) -> Any:
        done.add(command)
        answer = hand.do(command, **given)
        assert hand.feature.LastCommand.get()[0].Outcome == "Succeeded", command
        return answer

    assert do("DefineLabware").DefinitionUri == "tests/two_wells/3"
    do("LoadLabware", LoadName="two_wells", Location="4", DisplayName="two wells")
    assert hand.feature.LoadedLabware.get()[-1].DefinitionUri == "tests/two_wells/3"
    module = do("LoadModule").ModuleIdentifier
    assert hand.feature.LoadedModules.get()[0].ModuleIdentifier == module
    on_module = do("LoadLabware", Location=module).LabwareIdentifier
    do("MoveLabware", LabwareIdentifier=on_module)
    do("RemoveLabware", LabwareIdentifier=on_module)
    assert [labware.Location for labware in hand.feature.LoadedLabware.get()] == ["2", "1", "4", "offDeck"]
    assert do("LoadPipette").PipetteIdentifier == hand.pipette().PipetteIdentifier
    do("Home", Axes=["X", "LeftZ", "RightPlunger"])
    assert hand.feature.Position.get() == []

    taken = do("PickUpTip")
    assert (taken.TipRackIdentifier, taken.Well) == (hand.tips, "A1")
    assert taken.Record.CompletedAt >= taken.Record.StartedAt
    assert (hand.pipette().TipState, hand.pipette().MaximumVolume, hand.pipette().Evidence) == ("Tip", 300, "Tracked")
    do("SetFlowRates", AspirateFlowRate=11.0, DispenseFlowRate=22.0)
    do("SetMovementSpeed", Speed=99.0)
    do("Aspirate", Volume=100.0)
    assert hand.pipette().ContainedVolume == 100
    do("AirGap", Volume=10.0)
    do("Dispense", Volume=60.0, FlowRate=33.0)
    assert hand.pipette().ContainedVolume == 50
    do("DispenseInPlace", Volume=50.0, PushOut=2.0)
    do("Mix", Repetitions=3)
    do("BlowOut")
    do("TouchTip")
    do("MoveToWell")
    do("ConfigureForVolume")
    do("PrepareToAspirate")
    do("AspirateInPlace")
    do("BlowOutInPlace")
    assert hand.pipette().ContainedVolume == 0
    do("MoveToCoordinates", X=120.0, Y=130.0, Z=140.0)
    do("MoveRelative", Axis="Z", Distance=-10.0)
    saved = do("SavePosition")
    assert pytest.approx((120, 130, 130)) == (saved.X, saved.Y, saved.Z)
    assert pytest.approx(130) == hand.feature.Position.get()[0].Z
    do("ReturnTip")
    assert hand.pipette().TipState == "NoTip"
    do("PickUpTip", TipRackIdentifier=hand.tips, Well="H12")
    do("DropTip", Alternate=True)
    do("DiscardTipUntracked")
    do("Delay")
    assert json.loads(do("ExecuteRawCommand").Result) == {}
    assert do("Transfer").CompletedSteps == 5
    assert do("Distribute", TargetWells=["B1", "B2"]).TipsUsed == 1
    assert do("Consolidate", SourceWells=["A1", "A2"]).CompletedSteps == 6
    assert do("ExecuteWorklist").TipsUsed == 1
    do("ReconcileState")

    rates = {
        command["commandType"]: command["params"]["flowRate"]
        for command in engine(hand)
        if (command["commandType"], command["params"].get("volume")) in (("aspirate", 100), ("dispense", 60))
    }
    assert rates == {"aspirate": 11, "dispense": 33}
    speeds = [c["params"].get("speed") for c in engine(hand) if c["commandType"] in ("moveToWell", "moveToCoordinates")]
    assert 99 in speeds
    do("CloseSession")
    assert hand.feature.Session.get() == hand.feature.PipetteStates.get() == hand.feature.LoadedLabware.get() == []
    hand.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    hand.set_up()
    do("ConfigureNozzleLayout")
    assert hand.pipette().ActiveNozzles == 1
    assert done == set(DECLARED)


def test_pipette_of_eight_channels_takes_columns(hand: Hand) -> None:
    hand.robot.control("pipette", mount="right", pipette="p300_multi_gen2")
    hand.set_up()
    assert [hand.do("PickUpTip").Well, hand.do("DropTip") and hand.do("PickUpTip").Well] == ["A1", "A2"]
    assert hand.error("Aspirate", Well="B3") == "PositionOutOfBounds"
    hand.do("Aspirate", Well="A3")
    reservoir = hand.do("LoadLabware", LoadName=RESERVOIR, Location="3").LabwareIdentifier
    hand.do("Dispense", LabwareIdentifier=reservoir, Well="A12")
    hand.do("DropTip")
    hand.do("ConfigureNozzleLayout", ActiveNozzles=1)
    assert [hand.do("PickUpTip").Well, hand.do("DropTip") and hand.do("PickUpTip").Well] == ["A3", "B3"]
    hand.do("Aspirate", Well="B3")


def test_defaults_are_the_pipettes_own_flow_rates(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.do("Aspirate")
    assert hand.wire.posted[-1]["params"]["flowRate"] == 92.86


def test_trash_of_release_7_0_is_labware(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.wire.change("GET", "/health", lambda body: body.update(api_version="7.0.2"))
    assert hand.lab.server is not None
    hand.lab.server.driver.robot.health()
    assert (
        hand.error("DropTip") == "LabwareNotLoaded"
    )  # this simulator is a later release; what counts is what was sent
    assert hand.wire.posted[-1] == {
        **hand.wire.posted[-1],
        "commandType": "dropTip",
        "params": {"pipetteId": hand.pipette().PipetteIdentifier, "labwareId": "fixedTrash", "wellName": "A1"},
    }
