"""The session over time: restarts, lost answers, cancelled movements, and the same result as by plain HTTP."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.atomic_client import PLATE, TIPS, Hand, hand_on
from tests.end_to_end.laboratory import wait_for
from tests.processes import SimulatedRobot

pytestmark = pytest.mark.simulator_only
COMMANDS = ("pickUpTip", "aspirate", "dispense", "moveToAddressableAreaForDropTip", "dropTipInPlace")


def state_of(hand: Hand) -> str:
    return next((session.State for session in hand.feature.Session.get()), "None")


def test_session_survives_a_restart_of_the_server(robot_url: str, tmp_path: Path) -> None:
    with hand_on(robot_url, tmp_path) as hand:
        hand.set_up()
        hand.do("PickUpTip")
        hand.do("Aspirate")
        before = (hand.feature.PipetteStates.get(), hand.feature.LoadedLabware.get(), hand.feature.Session.get()[0])
        plate, tips = hand.plate, hand.tips
    with hand_on(robot_url, tmp_path) as hand:
        wait_for(lambda: state_of(hand) == "Ready")
        after = (hand.feature.PipetteStates.get(), hand.feature.LoadedLabware.get(), hand.feature.Session.get()[0])
        assert after[:2] == before[:2]
        assert after[2].RunIdentifier == before[2].RunIdentifier
        hand.plate, hand.tips = plate, tips
        hand.do("Dispense")
        hand.do("DropTip")
        assert hand.do("PickUpTip").Well == "B1"  # the tip used before the restart counts


@pytest.mark.parametrize("acts", [True, False], ids=["carried out", "never arrived"])
def test_lost_answer_is_looked_up_and_never_sent_again(hand: Hand, acts: bool) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.wire.lose("POST", "/commands", acts=acts)
    if acts:
        hand.do("Aspirate")
        assert hand.pipette().ContainedVolume == 50
    else:
        assert hand.error("Aspirate") == "RobotUnreachable"
        assert "Nothing was done" in hand.message
        assert hand.pipette().ContainedVolume == 0
    assert aspirations(hand) == (1 if acts else 0)
    assert [command["commandType"] for command in hand.wire.posted].count("aspirate") == 1
    hand.do("DropTip")


def test_outcome_settled_later_brings_the_record_up_to_date(hand: Hand) -> None:
    assert hand.lab.server is not None
    acts = hand.lab.server.driver.acts
    acts._settle_s, acts._look_up_for_s = 0.01, 0.02
    hand.set_up()
    hand.do("PickUpTip")
    silent = True

    def rule(request: Any, ask: Any) -> Any:
        if silent and (request.method == "GET" or request.url.path.endswith("/commands")):
            if request.method == "POST":
                ask()
            raise httpx.ReadTimeout("silent, as told")

    hand.wire.rules.append(rule)
    assert hand.error("Aspirate") == "OutcomeUnknown"
    assert hand.feature.LastCommand.get()[0].Outcome == "Unknown"
    assert hand.pipette().Evidence == "Unknown"
    assert hand.error("Dispense") == "NotReconciled"
    silent = False
    hand.do("ReconcileState", Confirm=False)
    assert (hand.pipette().ContainedVolume, hand.pipette().Evidence) == (50, "Tracked")
    assert aspirations(hand) == 1
    hand.do("Dispense")


def test_cancelled_movement_ends_first_and_nothing_follows(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.robot.control("speed", speed=5)
    begun = hand.begin("Mix", Repetitions=50, Volume=200.0)
    wait_for(lambda: aspirations(hand))
    hand.cancel(begun)
    assert hand.error_of(begun) == "CommandCancelled"
    assert "movements of Mix" in hand.message
    hand.robot.control("speed", speed="fast")
    sent = len(hand.wire.posted)
    commands = engine(hand)
    assert commands[-1]["status"] == "succeeded"
    assert aspirations(hand) < 50
    assert hand.pipette().ContainedVolume in (0, 200)
    assert hand.feature.LastCommand.get()[0].Outcome == "Cancelled"
    hand.do("DropTip")
    assert len(hand.wire.posted) == sent + 2


def test_busy_session_refuses_a_second_command_naming_the_first(hand: Hand) -> None:
    begun = hand.begin("Delay", Duration=60.0)
    with pytest.raises(Exception, match=r"Home was not accepted.*Delay"):
        hand.begin("Home")
    hand.cancel(begun)
    assert hand.error_of(begun) == "CommandCancelled"


def test_failed_movement_puts_the_tip_in_doubt_until_somebody_looks(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.robot.control("motion_fault", motion="move")
    assert hand.error("Aspirate") == "MotionFailed"
    assert hand.pipette().Evidence == "Unknown"
    assert hand.error("Dispense") == "NotReconciled"
    hand.do("Home")
    hand.do("ReconcileState", TipStates=[("right", "Tip")])
    assert hand.pipette().Evidence == "Assumed"
    hand.do("Aspirate")


def test_tip_that_is_not_there_closes_the_session(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.do("ReconcileState", TipStates=[("right", "NoTip")])
    assert state_of(hand) == "None"
    hand.set_up()
    hand.do("PickUpTip")


def test_tip_left_on_when_the_session_was_closed_is_discarded(hand: Hand) -> None:
    hand.set_up()
    hand.do("PickUpTip")
    hand.do("CloseSession")
    assert hand.feature.PipetteStates.get() == []
    hand.set_up()
    assert hand.pipette().TipState == "Unknown"
    assert hand.error("PickUpTip") == "NotReconciled"
    hand.do("DiscardTipUntracked")
    hand.do("PickUpTip")


def test_restarted_robot_loses_the_session(hand: Hand) -> None:
    hand.set_up()
    hand.robot.control("restart", down_s=0)
    wait_for(lambda: state_of(hand) == "Lost")
    assert hand.error("PickUpTip") == "SessionLost"
    hand.do("OpenSession")
    assert hand.feature.LoadedLabware.get() == []


def test_whole_plate_with_fresh_tips_is_the_same_as_by_plain_http(hand: Hand) -> None:
    wells = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
    hand.set_up()
    target = hand.do("LoadLabware", Location="3").LabwareIdentifier
    answer = hand.do(
        "Transfer",
        SourceWells=wells,
        TargetLabwareIdentifier=target,
        TargetWells=wells,
        Volumes=[30.0],
        TipPolicy="Always",
    )
    assert (answer.CompletedSteps, answer.TipsUsed) == (96 * 5, 96)
    ours = [told(command) for command in engine(hand) if command["commandType"] in COMMANDS]
    hand.do("CloseSession")
    theirs = by_plain_http(hand.robot, wells)
    assert ours == theirs
    assert {volume for kind, _, volume in ours if kind == "aspirate"} == {30}


def told(command: dict[str, Any]) -> tuple[str, str, Any]:
    assert command["status"] == "succeeded"
    return command["commandType"], command["params"].get("wellName", ""), command["params"].get("volume")


def by_plain_http(robot: SimulatedRobot, wells: list[str]) -> list[tuple[str, str, Any]]:
    run = robot.request("POST", "/runs", {"data": {}})["data"]["id"]

    def do(command_type: str, **params: Any) -> Any:
        body = {"data": {"commandType": command_type, "params": params, "key": uuid.uuid4().hex}}
        return robot.request("POST", f"/runs/{run}/commands?waitUntilComplete=true", body)["data"]

    do("home")
    pipette = do("loadPipette", pipetteName="p300_single_gen2", mount="right")["result"]["pipetteId"]
    source, target, tips = (
        do("loadLabware", location={"slotName": slot}, loadName=name, namespace="opentrons", version=1)["result"][
            "labwareId"
        ]
        for slot, name in (("2", PLATE), ("3", PLATE), ("1", TIPS))
    )
    done = []
    low = {"wellLocation": {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}, "flowRate": 92.86, "volume": 30}
    for well in wells:
        at = {"pipetteId": pipette, "wellName": well}
        done += [
            do("pickUpTip", **at, labwareId=tips),
            do("aspirate", **at, **low, labwareId=source),
            do("dispense", **at, **low, labwareId=target),
            do("moveToAddressableAreaForDropTip", pipetteId=pipette, addressableAreaName="fixedTrash"),
            do("dropTipInPlace", pipetteId=pipette),
        ]
    return [told(command) for command in done]


def engine(hand: Hand) -> list[dict[str, Any]]:
    run = hand.robot.request("GET", "/runs")["links"]["current"]["href"]
    return list(hand.robot.request("GET", f"{run}/commands?cursor=0&pageLength=10000")["data"])


def aspirations(hand: Hand) -> int:
    return len([command for command in engine(hand) if command["commandType"] == "aspirate"])
