"""What a restart of the robot loses and keeps (recorded: restart_*)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.simulator.simulated_robot import TRANSFER, SimulatorUnderTest

LOOKS = 100
"""How often a test looks at what must not change."""

PROTOCOL = TRANSFER.format(level="2.20", wells=2)


def interrupt_a_run(robot: SimulatorUnderTest) -> tuple[str, str, str]:
    """A finished run, a running one and a data file; their ids and the file's."""
    protocol_id = robot.upload_and_analyze(PROTOCOL)
    file_id = robot.request_json("POST", "/dataFiles", 201, files={"file": ("data.csv", "a,b\n1,2\n")})["data"]["id"]
    finished = robot.create_run(protocol_id)
    robot.play(finished)
    robot.control("POST", "/speed", json={"speed": 1})
    interrupted = robot.create_run(protocol_id)
    robot.take_action(interrupted, "play")
    robot.wait_for_status(interrupted, "running")
    robot.request_json("POST", "/robot/lights", json={"on": True})
    robot.request_json("PUT", "/clientData/ours", json={"data": {"run": interrupted}})
    return finished, interrupted, file_id


def assert_restarted(robot: SimulatorUnderTest, finished: str, interrupted: str, file_id: str) -> None:
    assert robot.request_json("GET", "/runs")["links"] == {}
    run = robot.run(finished)
    assert (run["status"], run["ok"], run["current"]) == ("succeeded", True, False)
    assert robot.commands(finished)
    lost = robot.run(interrupted)
    assert (lost["status"], lost["ok"], lost["current"]) == ("stopped", False, False)
    assert lost["dataError"]["id"] == "RunDataError"
    assert [action["actionType"] for action in lost["actions"]] == ["play"]
    assert robot.commands(interrupted) == []
    for run_id in (finished, interrupted):
        assert robot.take_action(run_id, "play", 409)["errors"][0]["id"] == "RunStopped"
    protocol = robot.request_json("GET", f"/protocols/{lost['protocolId']}")["data"]
    assert [one["status"] for one in protocol["analysisSummaries"]] == ["completed"]
    assert robot.upload(PROTOCOL, status=200)["id"] == protocol["id"]
    assert robot.request_json("GET", f"/dataFiles/{file_id}")["data"]["name"] == "data.csv"
    assert robot.request_json("GET", "/robot/lights") == {"on": False}
    assert robot.refused("GET", "/clientData/ours", 404) == "ClientDataKeyDoesNotExist"
    assert robot.request_json("GET", "/commands")["data"] == []
    robot.control("POST", "/speed", json={"speed": "fast"})
    assert robot.play(robot.create_run(protocol["id"]))["status"] == "succeeded"


def test_soft_restart_answers_503_meanwhile(robot: SimulatorUnderTest) -> None:
    kept = interrupt_a_run(robot)
    robot.control("POST", "/restart", json={"down_s": 0.3})
    assert robot.refused("GET", "/health", 503) == "HardwareNotYetInitialized"
    robot.wait(lambda: robot.http.get("/health").status_code == 200)
    assert_restarted(robot, *kept)


def test_restart_can_refuse_connections_meanwhile(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/restart", json={"down_s": 0.2, "refuse": True})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        robot.http.get("/health")

    def answers() -> bool:
        try:
            return httpx.get(f"{robot.url}/health", headers={"Opentrons-Version": "4"}, verify=False).status_code == 200
        except httpx.TransportError:
            return False

    robot.wait(answers)
    robot.http.close()
    robot.http = robot.fresh_client()


def test_restart_cuts_off_a_request_that_waits(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run()
    robot.control("POST", "/speed", json={"speed": 1})
    outcome: list[BaseException] = []

    def wait_for_command() -> None:
        with robot.fresh_client() as client:
            try:
                body = {"data": {"commandType": "waitForDuration", "params": {"seconds": 60}}}
                client.post(f"/runs/{run_id}/commands?waitUntilComplete=true", json=body)
            except httpx.TransportError as error:
                outcome.append(error)

    thread = threading.Thread(target=wait_for_command)
    thread.start()
    robot.wait(lambda: robot.commands(run_id))
    robot.control("POST", "/restart", json={"down_s": 0.1})
    thread.join(60)
    assert outcome
    robot.wait(lambda: robot.http.get("/health").status_code == 200)


def test_kill_and_start_again_with_the_same_state_directory(
    start_robot: Callable[..., SimulatorUnderTest], tmp_path: Path
) -> None:
    robot = start_robot("--state-dir", str(tmp_path))
    kept = interrupt_a_run(robot)
    robot.request_json("POST", "/settings", json={"id": "enableDoorSafetySwitch", "value": True})
    robot.process.kill()
    robot.process.wait(60)
    robot = start_robot("--state-dir", str(tmp_path))
    assert_restarted(robot, *kept)
    assert robot.request_json("GET", "/robot/door/status")["data"]["doorRequiredClosedForProtocol"] is True


def test_wait_for_resume_as_a_setup_command_wedges_the_robot(robot: SimulatorUnderTest) -> None:
    """Reproduced on 8.1.0: the run pauses, `stop` never ends, nothing but a restart helps."""
    run_id = robot.create_run()
    robot.command(run_id, "waitForResume", wait=False)
    robot.wait_for_status(run_id, "paused")
    robot.take_action(run_id, "stop")
    robot.wait_for_status(run_id, "stop-requested")
    for _ in range(LOOKS):
        assert robot.run(run_id)["status"] == "stop-requested"
    assert robot.refused("POST", "/runs", 409, json={"data": {}}) == "RunAlreadyActive"
    assert robot.refused("PATCH", f"/runs/{run_id}", 409, json={"data": {"current": False}}) == "RunNotIdle"
    robot.control("POST", "/restart", json={"down_s": 0})
    robot.wait(lambda: robot.http.get("/health").status_code == 200)
    assert robot.run(run_id)["status"] == "stopped"
    robot.create_run()
