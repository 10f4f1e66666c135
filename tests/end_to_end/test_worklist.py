"""Worklists: stepwise and as a run of the robot, which can be paused, resumed and stopped."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import CUSTOM, ONE_TRANSFER, AtomicClient, worklist_of
from tests.end_to_end.laboratory import HEAD, finish, protocol
from tests.waiting import wait_for

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
Delay,,,,,1200
Dispense,right,2,B1,50,
DropTip,right,,,,
"""


@pytest.mark.parametrize("mode", ["Stepwise", "QueuedRun"])
def test_both_ways_do_the_same(atomic: AtomicClient, mode: str) -> None:
    atomic.set_up()
    atomic.do("LoadLabware", Location="3")
    before = [labware.labware_identifier for labware in atomic.feature.loaded_labware.get()]
    answer = atomic.do("ExecuteWorklist", Worklist=PLATE, Mode=mode)
    assert (answer.completed_steps, answer.tips_used) == (12 * 5, 12)
    commands = atomic.robot.request("GET", f"/runs/{answer.run_identifier}/commands?cursor=0&pageLength=1000")["data"]
    done = [c for c in commands if c["commandType"] in ("aspirate", "dispense") and c["status"] == "succeeded"]
    assert [c["params"]["wellName"] for c in done[::2]] == [f"A{column}" for column in range(1, 13)]
    assert [c["params"]["labwareId"] for c in done] == [before[0], before[2]] * 12
    assert [labware.labware_identifier for labware in atomic.feature.loaded_labware.get()] == before
    assert atomic.feature.session.get()[0].state == "Ready"
    assert atomic.do("PickUpTip").well == "E2"  # the tips of the worklist count as used


def test_json_and_custom_labware_in_a_run_of_its_own(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.do("DefineLabware", Definition=json.dumps(CUSTOM).encode())
    atomic.do("LoadLabware", LoadName="two_wells", Location="4")
    steps = [
        {"Command": "PickUpTip", "Mount": "right", "TipRackIdentifier": atomic.tips, "Well": "C3"},
        {"Command": "Mix", "Mount": "right", "LabwareIdentifier": "4", "Well": "A2", "Volume": 20, "Repetitions": 2},
        {"Command": "ReturnTip", "Mount": "right"},
        {"Command": "Home"},
    ]
    answer = atomic.do(
        "ExecuteWorklist", Worklist=json.dumps(steps, indent=1).encode(), Format="Json", Mode="QueuedRun"
    )
    assert answer.completed_steps == 1 + 4 + 1 + 1
    atomic.do("LoadLabware", LoadName="two_wells", Location="6")


def test_queued_run_is_paused_and_resumed_by_the_standard_feature(atomic: AtomicClient) -> None:
    begun = begin_long(atomic)
    pause = atomic.lab.client.pause_controller
    pause.pause(command_execution_uuid=begun.uuid)
    assert atomic.lab.until_status("Paused")
    with pytest.raises(Exception, match="was not accepted"):
        atomic.begin("Home")
    pause.resume(command_execution_uuid=begun.uuid)
    assert atomic.lab.until_status("Running")
    atomic.robot.control("speed", speed=1000)
    finish(begun)


def test_queued_run_that_waits_for_a_module_is_paused_and_resumed(atomic: AtomicClient) -> None:
    atomic.set_up()
    serial = atomic.robot.control("module", model="temperatureModuleV2")["serial"]
    wait_for(lambda: atomic.lab.client.module_provider.attached_modules.get())
    atomic.do("LoadModule", ModuleModel="temperatureModuleV2", Slot="3")
    atomic.robot.control("stuck_module", serial=serial, stuck=True)
    steps = [
        {"Command": "SetTemperature", "TargetTemperature": 37.0},
        {"Command": "WaitForTemperature"},
        {"Command": "PickUpTip", "Mount": "right"},
        {"Command": "DropTip", "Mount": "right"},
    ]
    begun = atomic.begin("ExecuteWorklist", Worklist=json.dumps(steps).encode(), Format="Json", Mode="QueuedRun")

    def statuses() -> dict[str, str]:
        run = atomic.lab.current()
        if run is None:
            return {}
        commands = atomic.robot.request("GET", f"/runs/{run.run_identifier}/commands?cursor=0&pageLength=100")["data"]
        return {command["commandType"]: command["status"] for command in commands}

    wait = "temperatureModule/waitForTemperature"
    wait_for(lambda: statuses().get(wait) == "running")
    assert atomic.lab.until_status("Running")
    pause = atomic.lab.client.pause_controller
    pause.pause(command_execution_uuid=begun.uuid)
    assert atomic.lab.until_status("Paused")
    assert (statuses()[wait], statuses()["pickUpTip"]) == ("running", "queued")
    atomic.robot.control("stuck_module", serial=serial, stuck=False)
    wait_for(lambda: statuses()[wait] == "succeeded")
    assert (atomic.lab.status(), statuses()["pickUpTip"]) == ("Paused", "queued")
    pause.resume(command_execution_uuid=begun.uuid)
    assert finish(begun).tips_used == 1
    atomic.robot.control("unplug", serial=serial)


def test_cancelled_queued_run_is_stopped(atomic: AtomicClient) -> None:
    begun = begin_long(atomic)
    atomic.cancel(begun)
    assert atomic.error_of(begun) == "CommandCancelled"
    assert "was stopped" in atomic.message
    assert atomic.lab.status() in ("Stopped", "NoRun")
    last = atomic.lab.client.workflow_service.retrieve_unfinished_work()
    report = json.loads(last.report)
    listed = atomic.robot.request("GET", f"/runs/{report['run']}/commands?cursor=0&pageLength=100")["data"]
    assert not any(command["commandType"] == "dispense" and "startedAt" in command for command in listed)
    assert last.outcome == "Cancelled"
    assert len(report["lines_in_doubt"]) == 1  # the movement under way
    begun = report["rows_done"] + 1
    assert (
        last.remaining_worklist.splitlines() == LONG.decode().splitlines()[:1] + LONG.decode().splitlines()[1 + begun :]
    )
    assert [each["well"] for each in report["tips"]] == ["A1"]
    atomic.robot.control("speed", speed="fast")
    assert atomic.feature.session.get()[0].state == "Ready"
    atomic.do("PickUpTip")


def test_what_a_failed_protocol_has_not_begun_is_listed(atomic: AtomicClient) -> None:
    transfer = "pipette.transfer(40, plate.columns()[0][:4], plate.columns()[1][:4], new_tip='always', "
    steps = transfer + "air_gap=10, mix_after=(1, 20), blow_out=True, touch_tip=True)"
    identifier = atomic.lab.upload(protocol(steps, head=HEAD.replace("2.12", "2.20")))
    atomic.robot.control("motion_fault", motion="move", after=45)
    with pytest.raises(errors.DefinedExecutionError, match="hard limit"):
        atomic.lab.run(identifier)
    run_id = atomic.lab.runs.run_history.get()[0].run_identifier
    begun = atomic.robot.request("GET", f"/runs/{run_id}/commands?cursor=0&pageLength=1000")["data"]
    atomic.settle()
    atomic.set_up()
    retrieve = atomic.lab.client.workflow_service.retrieve_unfinished_run_work
    assert retrieve().carried_out_since == ""
    later = atomic.do("ExecuteWorklist", Mode="QueuedRun").run_identifier  # is no run of a protocol
    left = retrieve()
    assert later in left.carried_out_since
    report = json.loads(left.report)
    assert (left.run_identifier, left.result) == (run_id, "Failed")
    assert ([each["number"] for each in report["in_doubt"]], begun[-1]["status"]) == ([len(begun)], "failed")
    rows = list(csv.DictReader(io.StringIO(left.commands_not_begun, newline="")))
    assert [int(row["Number"]) for row in rows] == list(range(len(begun) + 1, report["commands"] + 1))
    both = [(one["commandType"], one["params"].get("wellName", "")) for one in begun]
    both += [(row["CommandType"], row["Well"]) for row in rows]
    dispensed = [well for kind, well in both if kind == "dispense" and well.endswith("2")]
    assert dispensed == [f"{row}2" for row in "ABCD" for _ in range(2)], "the liquid and the mix"
    assert [well for kind, well in both if kind == "pickUpTip"] == ["A1", "B1", "C1", "D1"]


def test_worklist_is_refused_whole_with_line_and_column(atomic: AtomicClient) -> None:
    atomic.set_up()
    sent = len(atomic.wire.posted)
    lines = PLATE.decode().splitlines()
    lines[40] = lines[40].replace("50", "fifty") if "50" in lines[40] else "Aspirate,right,2,A1,fifty"
    assert atomic.error("ExecuteWorklist", Worklist="\n".join(lines).encode()) == "WorklistInvalid"
    assert "Line 41, column 5" in atomic.message
    lines[40] = "Home"
    lines[2] = "PickUpTip,right"
    refused = atomic.error("ExecuteWorklist", Worklist="\n".join(lines).encode())
    assert (refused, "Line 3, column 1" in atomic.message) == ("TipAlreadyAttached", True)
    assert len(atomic.wire.posted) == sent


def test_lost_answer_while_queueing_changes_nothing(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.wire.lose("POST", "/commands", executed=True, times=3)
    answer = atomic.do("ExecuteWorklist", Mode="QueuedRun")
    commands = atomic.robot.request("GET", f"/runs/{answer.run_identifier}/commands?cursor=0&pageLength=1000")["data"]
    assert [c["commandType"] for c in commands].count("aspirate") == 1


def test_nothing_moves_if_the_robot_does_not_take_the_deck(atomic: AtomicClient) -> None:
    atomic.set_up()

    def fail_first(body: dict[str, Any]) -> None:
        for command in body["data"][:1]:
            command |= {"status": "failed", "error": {"errorType": "Odd", "detail": "no such labware", "id": "e"}}

    atomic.wire.change("GET", "/commands", fail_first)
    assert atomic.error("ExecuteWorklist", Mode="QueuedRun") == "CommandFailed"
    assert "could not be given the session's deck" in atomic.message
    assert "no such labware" in atomic.message
    assert all(
        not run["actions"] for run in atomic.robot.request("GET", "/runs")["data"][-2:]
    )  # its run, the session's
    assert atomic.feature.session.get()[0].state == "Ready"


def test_progress_is_reported_step_by_step(atomic: AtomicClient) -> None:
    atomic.set_up()
    atomic.robot.control("speed", speed=20)
    begun = atomic.begin("ExecuteWorklist")
    reported = list(begun.intermediate())
    finish(begun)
    assert reported[-1].completed_steps == reported[-1].total_steps == 5


def begin_long(atomic: AtomicClient, **more: Any) -> Any:
    atomic.set_up()
    atomic.robot.control("speed", speed=20)
    begun = atomic.begin("ExecuteWorklist", Worklist=LONG, Mode="QueuedRun", **more)
    atomic.lab.until_status("Running")
    wait_for(lambda: (run := atomic.lab.current()) and run.completed_commands >= 6)
    return begun


def test_a_repeated_worklist_is_executed_once(atomic: AtomicClient) -> None:
    begun = begin_long(atomic, RequestKey="long")
    again = atomic.begin("ExecuteWorklist", Worklist=LONG, Mode="QueuedRun", RequestKey="long")
    atomic.robot.control("speed", speed="fast")
    answers = [finish(one) for one in (begun, again)]
    answers.append(atomic.do("ExecuteWorklist", Worklist=LONG, Mode="QueuedRun", RequestKey="long"))
    assert {answer.run_identifier for answer in answers} == {answers[0].run_identifier}
    assert {(answer.completed_steps, answer.tips_used) for answer in answers} == {
        (answers[0].completed_steps, answers[0].tips_used)
    }
    assert answers[0].completed_steps > 0
    played = [run for run in atomic.robot.request("GET", "/runs")["data"] if run["actions"]]
    assert [run["id"] for run in played].count(answers[0].run_identifier) == 1
    other = {"Worklist": ONE_TRANSFER, "RequestKey": "long"}
    assert atomic.error("ExecuteWorklist", Mode="QueuedRun", **other) == "ParameterInvalid"
    assert "other arguments" in atomic.message


def test_a_key_is_refused_for_single_steps(atomic: AtomicClient) -> None:
    atomic.set_up()
    assert atomic.error("ExecuteWorklist", Mode="Stepwise", RequestKey="single") == "ParameterInvalid"


def test_a_worklist_in_one_text_is_the_same_request(atomic: AtomicClient) -> None:
    atomic.set_up()
    service = atomic.lab.client.workflow_service
    text = ONE_TRANSFER.decode()
    ended = finish(service.execute_worklist_text(worklist_text=text, request_key="text"))
    assert (ended.result, ended.completed_steps, ended.tips_used) == ("Succeeded", 5, 1)
    assert service.retrieve_run_result(run_identifier=ended.run_identifier).result == "Succeeded"
    again = finish(service.execute_worklist_text(worklist_text=text, request_key="text"))
    bytewise = atomic.do("ExecuteWorklist", Worklist=ONE_TRANSFER, Mode="QueuedRun", RequestKey="text")
    assert {again.run_identifier, bytewise.run_identifier} == {ended.run_identifier}
    with pytest.raises(errors.ParameterInvalid, match="other arguments"):
        finish(service.execute_worklist_text(worklist_text=f"{text}\n", request_key="text"))
    with pytest.raises(errors.WorklistInvalid, match="Line 2"):
        finish(service.execute_worklist_text(worklist_text="Command\nFly"))
