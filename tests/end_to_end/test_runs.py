"""Protocols run on the robot, through SiLA."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sila_ot2.client import errors
from sila_ot2.robot.ability import Ability
from tests.end_to_end.laboratory import (
    NO_TIP,
    PROMPT,
    QUICK,
    Laboratory,
    finish,
    lasting,
    protocol,
)
from tests.processes import SimulatorProcess
from tests.robot_under_test import adapted, is_since
from tests.waiting import wait_for


@pytest.mark.executes
def test_protocol_runs_from_upload_to_record(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    running = lab.begin(identifier, label="plate 7")
    record = finish(running)
    assert record.result == "Succeeded"
    assert record.label == "plate 7"
    assert record.protocol_identifier == identifier
    assert record.origin == "ThisServer"
    assert record.completed_commands == record.total_commands > 5
    assert record.tips_used == 1
    assert [(tip.mount, tip.tip_state) for tip in record.final_tip_state] == [("right", "NoTip")]
    assert record.completed_at >= record.started_at
    assert lab.runs.run_history.get()[0] == record
    assert running.progress().fraction == 1.0
    assert lab.status() == "Succeeded"


@pytest.mark.executes
def test_progress_grows_and_steps_are_reported_in_words(lab: Laboratory) -> None:
    lab.slow_down(20)
    running = lab.begin(lab.upload(lasting(60)))
    reported = []
    for progress in running.intermediate():
        reported.append(progress)
        if "Delaying" in progress.current_step_text:
            lab.hurry()
    finish(running)
    assert [one.status for one in reported][-1] == "Succeeded"
    assert {one.total_commands for one in reported if one.total_commands} == {reported[-1].completed_commands}
    completed = [one.completed_commands for one in reported]
    assert completed == sorted(completed)
    assert any("Delaying" in one.current_step_text for one in reported)


def test_run_is_paused_and_resumed(lab: Laboratory) -> None:
    lab.slow_down()
    running = lab.begin(lab.upload(lasting(60)))
    lab.until_status("Running")
    lab.pause()
    lab.until_status("Paused")
    assert lab.current().pause_reason == "ByClient"
    assert not running.done
    lab.resume()
    lab.hurry()
    assert finish(running).result == "Succeeded"


@pytest.mark.executes
def test_operator_is_asked_and_answers(lab: Laboratory) -> None:
    running = lab.begin(lab.upload(PROMPT))
    lab.until_status("Paused")
    wait_for(lambda: lab.runs.operator_prompt.get() == "change the plate")
    assert lab.current().pause_reason == "ByProtocol"
    assert lab.current().pause_message == "change the plate"
    run_id = lab.current().run_identifier
    assert lab.holders() == [("Command", "RunProtocol", "127.0.0.1"), ("Run", run_id, "127.0.0.1")]
    lab.resume()
    assert finish(running).result == "Succeeded"
    wait_for(lambda: lab.runs.operator_prompt.get() == "")


@pytest.mark.executes
def test_stop_says_what_became_of_the_tips(lab: Laboratory) -> None:
    running = lab.begin(lab.upload(lasting(3000)))
    wait_for(lambda: lab.current() is not None and lab.current().completed_commands >= 5)
    stopped = lab.stop()
    assert stopped.final_status == "Stopped"
    assert stopped.dropped_tip_mounts == ["right"]
    with pytest.raises(errors.DefinedExecutionError, match="stopped by this server"):
        finish(running)
    record = lab.runs.run_history.get()[0]
    assert (record.result, record.explanation[:28]) == ("Stopped", "It was stopped by this serve")


def test_cancelling_the_command_stops_the_run(lab: Laboratory) -> None:
    running = lab.begin(lab.upload(lasting(3000)))
    lab.until_status("Running")
    lab.client.cancel_controller.cancel_command(command_execution_uuid=running.uuid)
    with pytest.raises(errors.DefinedExecutionError, match="cancelled and has stopped"):
        finish(running)
    assert lab.until_status("Stopped")


def test_pause_controller_pauses_the_run(lab: Laboratory) -> None:
    lab.slow_down()
    running = lab.begin(lab.upload(lasting(60)))
    lab.until_status("Running")
    lab.client.pause_controller.pause(command_execution_uuid=running.uuid)
    lab.until_status("Paused")
    if is_since(6, 0):  # release 5 takes a second pause
        with pytest.raises(errors.SilaError, match="InvalidCommandState|Cannot pause"):
            lab.client.pause_controller.pause(command_execution_uuid=running.uuid)
    lab.client.pause_controller.resume(command_execution_uuid=running.uuid)
    lab.hurry()
    assert finish(running).result == "Succeeded"


@pytest.mark.executes
def test_protocol_with_faults_is_not_run(lab: Laboratory) -> None:
    with pytest.raises(errors.DefinedExecutionError, match=r"\[line 7\].*without a tip|NoTip|TipRemoval"):
        lab.run(lab.upload(NO_TIP))
    assert lab.current() is None


def test_run_is_created_confirmed_and_started(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    run_id = lab.create(identifier, label="two steps")
    wait_for(lambda: lab.status() == "Idle")
    assert lab.obstacles() == {"UnfinishedRun"}
    with pytest.raises(errors.DefinedExecutionError, match="waits to be started"):
        lab.run(identifier)
    with pytest.raises(errors.DefinedExecutionError, match="StartRun"):
        lab.resume(run_id)
    record = finish(lab.start(run_id))
    assert (record.result, record.label) == ("Succeeded", "two steps")
    with pytest.raises(errors.DefinedExecutionError, match="ended|stopped|already|succeeded"):
        finish(lab.start(run_id))


def test_created_run_is_released(lab: Laboratory) -> None:
    run_id = lab.create(lab.upload(QUICK))
    lab.release(run_id)
    lab.until_status("NoRun")
    with pytest.raises(errors.RunNotFound):
        lab.release()
    wait_for(lambda: any(record.run_identifier == run_id for record in lab.runs.run_history.get()))
    # Release 5 says that a run that was never started succeeded.
    assert lab.runs.run_history.get()[0].result in ("Stopped", "Succeeded")


def test_whole_file_runs_in_one_call(lab: Laboratory) -> None:
    record = finish(lab.runs.run_uploaded_file("one.py", adapted(QUICK.encode())))
    assert record.result == "Succeeded"
    assert record.protocol_identifier in [one.protocol_identifier for one in lab.protocols.protocols.get()]


def test_another_client_attaches_to_a_run(lab: Laboratory) -> None:
    lab.slow_down()
    running = lab.begin(lab.upload(lasting(60)))
    lab.until_status("Running")
    attached = lab.runs.attach_to_run()
    lab.hurry()
    assert finish(attached) == finish(running)
    run_id = finish(running).run_identifier
    assert finish(lab.runs.attach_to_run(run_identifier=run_id)).run_identifier == run_id


@pytest.mark.executes
def test_log_is_read_as_json_and_csv(lab: Laboratory) -> None:
    record = lab.run(lab.upload(QUICK))
    as_json = json.loads(finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier)))
    as_csv = finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier, format="Csv")).decode()
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert len(as_json) == len(rows) == record.completed_commands
    assert "pickUpTip" in [command["commandType"] for command in as_json]
    assert [row["commandType"] for row in rows] == [command["commandType"] for command in as_json]
    with pytest.raises(errors.DefinedExecutionError, match="no|not"):
        finish(lab.runs.retrieve_run_log(run_identifier="00000000-0000-0000-0000-000000000000", format="Csv"))


def test_deleted_run_stays_in_the_archive(lab: Laboratory) -> None:
    record = lab.run(lab.upload(QUICK))
    lab.runs.delete_run(run_identifier=record.run_identifier)
    lab.until_status("NoRun")
    assert lab.runs.run_history.get()[0] == record
    assert finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier))
    with pytest.raises(errors.DefinedExecutionError):
        lab.runs.delete_run(run_identifier="00000000-0000-0000-0000-000000000000")


def test_active_run_is_neither_deleted_nor_released_without_force(lab: Laboratory) -> None:
    running = lab.begin(lab.upload(lasting(3000)))
    lab.until_status("Running")
    with pytest.raises(errors.RunStillActive):
        lab.release()
    lab.release(force=True)
    lab.until_status("NoRun")
    with pytest.raises(errors.DefinedExecutionError):
        finish(running)


@pytest.mark.needs(Ability.RUNS)
def test_a_session_is_not_a_run_and_prevents_runs(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    finish(lab.client.atomic_liquid_handling.open_session())
    wait_for(lambda: lab.obstacles() == {"SessionActive"})
    assert lab.current() is None
    (session,) = lab.client.atomic_liquid_handling.session.get()
    assert lab.holders() == [("Session", session.run_identifier, "127.0.0.1")]
    with pytest.raises(errors.DefinedExecutionError, match="CloseSession"):
        lab.run(identifier)
    with pytest.raises(errors.DefinedExecutionError, match="No run of this server"):
        lab.stop()
    finish(lab.client.atomic_liquid_handling.close_session())
    wait_for(lambda: not lab.obstacles())
    assert lab.holders() == []
    assert lab.run(identifier).result == "Succeeded"


@pytest.mark.needs(Ability.LABWARE_OFFSETS)
@pytest.mark.executes
def test_offsets_are_given_kept_and_used_again(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    uri = "opentrons/corning_96_wellplate_360ul_flat/2"
    analysis = lab.analyze(identifier)
    uri = next(one.definition_uri for one in analysis.labware if "corning" in one.definition_uri)
    given = (uri, "2", "", 0.1, 0.2, -0.3)
    first = lab.run(identifier, offsets=[given])
    assert _offsets(lab, first.run_identifier) == {(uri, 0.1, 0.2, -0.3)}
    second = lab.run(identifier, use_stored=True)
    assert _offsets(lab, second.run_identifier) == {(uri, 0.1, 0.2, -0.3)}
    third = lab.run(identifier)
    assert _offsets(lab, third.run_identifier) == set()


@pytest.mark.needs(Ability.LABWARE_OFFSETS)
@pytest.mark.executes
def test_offsets_that_fit_nothing_are_refused(lab: Laboratory) -> None:
    identifier = lab.upload(QUICK)
    uri = next(one.definition_uri for one in lab.analyze(identifier).labware if "corning" in one.definition_uri)
    for place in (("opentrons/some_other_plate/1", "2", ""), (uri, "3", ""), (uri, "2", "temperatureModuleV2")):
        with pytest.raises(errors.LabwareOffsetInvalid, match=rf"{place[0]}.*fit: .*{uri} in slot 2"):
            lab.run(identifier, offsets=[(*place, 1.0, 1.0, 1.0)])
    with pytest.raises(errors.LabwareOffsetInvalid, match=r"Two"):
        lab.run(identifier, offsets=[(uri, "2", "", 0.1, 0.0, 0.0), (uri, "2", "", 0.2, 0.0, 0.0)])
    assert lab.current() is None


def _offsets(lab: Laboratory, run_id: str) -> set[tuple[str, float, float, float]]:
    run = lab.server.driver.robot.run(run_id)
    return {(one.definition_uri, one.vector.x, one.vector.y, one.vector.z) for one in run.labware_offsets}


@pytest.mark.simulator_only
class TestRunsWithASimulatedRobot:
    def test_foreign_run_is_named_and_not_stopped_without_force(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        uploaded = lab.upload(lasting(3000), "of_another_client.py")
        on_robot = next(
            one["id"]
            for one in robot.request("GET", "/protocols")["data"]
            if one["files"][0]["name"] == "of_another_client.py"
        )
        foreign = robot.control("foreign", action="create", protocol_id=on_robot)["data"]["id"]
        wait_for(lambda: lab.current() and lab.current().origin == "OtherClient")
        assert lab.obstacles() == {"ForeignRun"}
        robot.control("foreign", action="play")
        lab.until_status("Running")
        with pytest.raises(errors.DefinedExecutionError, match=foreign):
            lab.run(uploaded)
        with pytest.raises(errors.DefinedExecutionError, match="No run of this server"):
            lab.stop()
        with pytest.raises(errors.DefinedExecutionError, match="another client"):
            lab.stop(foreign)
        with pytest.raises(errors.DefinedExecutionError, match="Force"):
            lab.release()
        lab.release(foreign, force=True)
        lab.until_status("NoRun")
        record = wait_for(lambda: [one for one in lab.runs.run_history.get() if one.run_identifier == foreign])[0]
        assert (record.origin, record.result, record.protocol_identifier) == ("OtherClient", "Stopped", "")
        assert lab.obstacles() <= {"NotReconciled"}  # it was stopped, perhaps while it picked up a tip

    def test_run_stopped_by_another_client(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        running = lab.begin(lab.upload(lasting(3000)))
        lab.until_status("Running")
        robot.control("foreign", action="stop")
        with pytest.raises(errors.DefinedExecutionError, match="stopped by another client"):
            finish(running)

    def test_failed_run_names_command_and_reason(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        identifier = lab.upload(QUICK)
        robot.control("motion_fault", motion="move", after=6)
        with pytest.raises(errors.DefinedExecutionError, match="hard limit"):
            lab.run(identifier)
        record = lab.runs.run_history.get()[0]
        assert record.result == "Failed"
        assert "hard limit" in record.explanation
        assert record.failed_command[0].command_name in ("pickUpTip", "aspirate", "dispense")
        assert "hard limit" in record.failed_command[0].error_detail
        assert [(tip.mount, tip.tip_state) for tip in record.final_tip_state] == [("right", "Unknown")]

    def test_open_door_pauses_and_must_be_closed(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
        lab.slow_down()
        running = lab.begin(lab.upload(lasting(120)))
        lab.until_status("Running")
        robot.control("door", open=True)
        lab.until_status("PausedByDoor")
        assert lab.current().pause_reason == "ByDoor"
        with pytest.raises(errors.DefinedExecutionError, match="door"):
            lab.resume()
        robot.control("door", open=False)
        lab.until_status("Paused")
        assert not running.done
        lab.resume()
        lab.hurry()
        assert finish(running).result == "Succeeded"

    def test_open_door_refuses_the_start(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        robot.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
        robot.control("door", open=True)
        wait_for(lambda: lab.obstacles() == {"DoorOpen"})
        identifier = lab.upload(QUICK)
        with pytest.raises(errors.DefinedExecutionError, match="Close the door"):
            lab.run(identifier)
        assert lab.status() == "NoRun"
        robot.control("door", open=False)
        assert lab.run(identifier).result == "Succeeded"

    def test_missing_pipette_refuses_the_start(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        identifier = lab.upload(QUICK)
        lab.analyze(identifier)
        robot.control("pipette", mount="right", pipette=None)
        with pytest.raises(
            errors.DefinedExecutionError, match="needs p300_single_gen2 on the right mount, which is empty"
        ):
            lab.run(identifier)

    def test_missing_module_refuses_the_start(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        identifier = lab.upload(protocol("protocol.load_module('temperature module gen2', '4')"))
        with pytest.raises(errors.DefinedExecutionError, match="temperatureModuleV2, which is not attached"):
            lab.run(identifier)

    def test_robot_restarts_in_the_middle_of_a_run(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        running = lab.begin(lab.upload(lasting(3000)))
        wait_for(lambda: lab.current() is not None and lab.current().completed_commands >= 5)
        robot.control("restart", down_s=0.5)
        with pytest.raises(
            errors.DefinedExecutionError, match=r"restarted during the run; the last step seen was: Delaying"
        ):
            finish(running)
        record = lab.runs.run_history.get()[0]
        assert record.result == "Failed"
        assert record.completed_at == []
        assert "restarted" in record.explanation

    def test_robot_out_of_reach_for_a_while(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        lab.slow_down()
        running = lab.begin(lab.upload(lasting(120)))
        lab.until_status("Running")
        robot.control("http_fault", kind="reset", count=None, path="/runs/**")
        lab.until_status("Unknown")
        assert not running.done
        assert lab.obstacles() == {"RobotUnreachable"}
        robot.control("clear_http_faults")
        lab.hurry()
        assert finish(running).result == "Succeeded"

    def test_run_of_thousands_of_commands_is_read_in_pages(self, lab: Laboratory, robot: SimulatorProcess) -> None:
        identifier = lab.upload(protocol("for i in range(1500): protocol.comment(f'step {i}')"))
        pages_before, looks_before = _pages_and_looks(robot)
        record = lab.run(identifier)
        log = json.loads(finish(lab.runs.retrieve_run_log(run_identifier=record.run_identifier)))
        assert len(log) == record.completed_commands >= 1500
        messages = [command["params"].get("message", "") for command in log if command["commandType"] == "comment"]
        assert [message for message in messages if message] == [f"step {i}" for i in range(1500)]
        pages, looks = _pages_and_looks(robot)
        pages, looks = pages - pages_before, looks - looks_before
        assert pages < 1500 / 100 + 2 * looks + 10  # a hundred commands at a time, and what is left over at each look


def _pages_and_looks(robot: SimulatorProcess) -> tuple[int, int]:
    """How often commands were read so far, and how often runs."""
    read = robot.request("GET", "/simulator/requests")["data"]
    pages = sum(times for route, times in read.items() if "commands" in route)
    return pages, read.get("GET /runs", 0) + read.get("GET /runs/{run_id}", 0)
