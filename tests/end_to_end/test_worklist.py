"""Worklists: stepwise and as a run of the robot, which can be paused, resumed and stopped."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.end_to_end.atomic_client import CUSTOM, Hand, worklist_of
from tests.end_to_end.laboratory import finish, wait_for

pytestmark = pytest.mark.simulator_only

PLATE = worklist_of(
    *(
        row
        for column in range(1, 13)
        for row in ("PickUpTip", f"Aspirate,2,A{column},50", f"Dispense,3,B{column},50", "DropTip")
    )
)
LONG = b"""Command,Mount,LabwareIdentifier,Well,Volume,Duration
PickUpTip,right,,,,
Aspirate,right,2,A1,50,
Delay,,,,,60
Dispense,right,2,B1,50,
DropTip,right,,,,
"""


@pytest.mark.parametrize("mode", ["Stepwise", "QueuedRun"])
def test_both_ways_do_the_same(hand: Hand, mode: str) -> None:
    hand.set_up()
    hand.do("LoadLabware", Location="3")
    before = [labware.LabwareIdentifier for labware in hand.feature.LoadedLabware.get()]
    answer = hand.do("ExecuteWorklist", Worklist=PLATE, Mode=mode)
    assert (answer.CompletedSteps, answer.TipsUsed) == (12 * 5, 12)
    commands = hand.robot.request("GET", f"/runs/{answer.RunIdentifier}/commands?cursor=0&pageLength=1000")["data"]
    done = [c for c in commands if c["commandType"] in ("aspirate", "dispense") and c["status"] == "succeeded"]
    assert [c["params"]["wellName"] for c in done[::2]] == [f"A{column}" for column in range(1, 13)]
    assert [c["params"]["labwareId"] for c in done] == [before[0], before[2]] * 12
    assert [labware.LabwareIdentifier for labware in hand.feature.LoadedLabware.get()] == before
    assert hand.feature.Session.get()[0].State == "Ready"
    assert hand.do("PickUpTip").Well == "E2"  # the tips of the worklist count as used


def test_json_and_custom_labware_in_a_run_of_its_own(hand: Hand) -> None:
    hand.set_up()
    hand.do("DefineLabware", Definition=json.dumps(CUSTOM).encode())
    hand.do("LoadLabware", LoadName="two_wells", Location="4")
    steps = [
        {"Command": "PickUpTip", "Mount": "right", "TipRackIdentifier": hand.tips, "Well": "C3"},
        {"Command": "Mix", "Mount": "right", "LabwareIdentifier": "4", "Well": "A2", "Volume": 20, "Repetitions": 2},
        {"Command": "ReturnTip", "Mount": "right"},
        {"Command": "Home"},
    ]
    answer = hand.do("ExecuteWorklist", Worklist=json.dumps(steps, indent=1).encode(), Format="Json", Mode="QueuedRun")
    assert answer.CompletedSteps == 1 + 4 + 1 + 1
    hand.do("LoadLabware", LoadName="two_wells", Location="6")


def test_queued_run_is_paused_and_resumed_by_the_standard_feature(hand: Hand) -> None:
    begun = begin_long(hand)
    pause = hand.lab.client.PauseController
    pause.Pause(CommandExecutionUUID=str(begun.execution_uuid))
    assert hand.lab.until_status("Paused")
    with pytest.raises(Exception, match="was not accepted"):
        hand.begin("Home")
    pause.Resume(CommandExecutionUUID=str(begun.execution_uuid))
    assert hand.lab.until_status("Running")
    hand.robot.control("speed", speed=1000)
    finish(begun)


def test_cancelled_queued_run_is_stopped(hand: Hand) -> None:
    begun = begin_long(hand)
    hand.cancel(begun)
    assert hand.error_of(begun) == "CommandCancelled"
    assert "was stopped" in hand.message
    assert hand.lab.status() in ("Stopped", "NoRun")
    hand.robot.control("speed", speed="fast")
    assert hand.feature.Session.get()[0].State == "Ready"
    hand.do("PickUpTip")


def test_worklist_is_refused_whole_with_line_and_column(hand: Hand) -> None:
    hand.set_up()
    sent = len(hand.wire.posted)
    lines = PLATE.decode().splitlines()
    lines[40] = lines[40].replace("50", "fifty") if "50" in lines[40] else "Aspirate,right,2,A1,fifty"
    assert hand.error("ExecuteWorklist", Worklist="\n".join(lines).encode()) == "WorklistInvalid"
    assert "Line 41, column 5" in hand.message
    lines[40] = "Home"
    lines[2] = "PickUpTip,right"
    refused = hand.error("ExecuteWorklist", Worklist="\n".join(lines).encode())
    assert (refused, "Line 3, column 1" in hand.message) == ("TipAlreadyAttached", True)
    assert len(hand.wire.posted) == sent


def test_lost_answer_while_queueing_changes_nothing(hand: Hand) -> None:
    hand.set_up()
    hand.wire.lose("POST", "/commands", acts=True, times=3)
    answer = hand.do("ExecuteWorklist", Mode="QueuedRun")
    commands = hand.robot.request("GET", f"/runs/{answer.RunIdentifier}/commands?cursor=0&pageLength=1000")["data"]
    assert [c["commandType"] for c in commands].count("aspirate") == 1


def test_nothing_moves_if_the_robot_does_not_take_the_deck(hand: Hand) -> None:
    hand.set_up()

    def fail_first(body: dict[str, Any]) -> None:
        for command in body["data"][:1]:
            command |= {"status": "failed", "error": {"errorType": "Odd", "detail": "no such labware", "id": "e"}}

    hand.wire.change("GET", "/commands", fail_first)
    assert hand.error("ExecuteWorklist", Mode="QueuedRun") == "CommandFailed"
    assert "could not be given the session's deck" in hand.message
    assert "no such labware" in hand.message
    assert all(not run["actions"] for run in hand.robot.request("GET", "/runs")["data"][-2:])  # its run, the session's
    assert hand.feature.Session.get()[0].State == "Ready"


def test_progress_is_told_step_by_step(hand: Hand) -> None:
    hand.set_up()
    hand.robot.control("speed", speed=20)
    begun = hand.begin("ExecuteWorklist")
    told: list[Any] = []
    stream = begun.subscribe_to_intermediate_responses()
    stream.add_callback(told.append)
    finish(begun)
    wait_for(lambda: told)
    assert told[-1].Progress.CompletedSteps == told[-1].Progress.TotalSteps == 5


def begin_long(hand: Hand) -> Any:
    hand.set_up()
    hand.robot.control("speed", speed=20)
    begun = hand.begin("ExecuteWorklist", Worklist=LONG, Mode="QueuedRun")
    hand.lab.until_status("Running")
    wait_for(lambda: (run := hand.lab.current()) and run.CompletedCommands >= 6)
    return begun
