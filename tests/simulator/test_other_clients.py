"""What other clients do at the robot: maintenance runs, calibration sessions, half-created runs, a second stop."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.simulated_robot import SimulatorUnderTest

PARAMETER = """
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}
def add_parameters(parameters):
    parameters.add_int(variable_name="n", display_name="n", default=1, minimum=1, maximum=8)
def run(protocol):
    protocol.comment("done")
"""
SLOW = """
metadata = {"apiLevel": "2.13"}
def run(protocol):
    plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "1")
    pipette = protocol.load_instrument("p300_single_gen2", "right")
    pipette.move_to(plate["A1"].top(), speed=0.1)
"""
HOME = {"data": {"commandType": "home", "params": {}}}
WAIT = {"data": {"commandType": "waitForDuration", "params": {"seconds": 60}}}


@pytest.fixture
def paced(robot: SimulatorUnderTest) -> SimulatorUnderTest:
    robot.control("POST", "/speed", json={"speed": 1})
    return robot


def maintenance_run(robot: SimulatorUnderTest) -> str:
    return str(robot.request_json("POST", "/maintenance_runs", 201, json={"data": {}})["data"]["id"])


def failure(robot: SimulatorUnderTest, path: str, data: dict[str, Any]) -> dict[str, Any]:
    """Post something that the robot answers with 500, after which it closes the connection; answers its error."""
    with robot.fresh_client() as client:
        response = client.post(path, json={"data": data})
    assert response.status_code == 500
    return dict(response.json()["errors"][0])


def current_maintenance_run(robot: SimulatorUnderTest) -> str | None:
    response = robot.http.get("/maintenance_runs/current_run")
    return response.json()["data"]["id"] if response.status_code == 200 else None


def test_maintenance_run_and_session_do_not_exclude_each_other(paced: SimulatorUnderTest) -> None:
    session = paced.create_run()
    paced.request_json("POST", f"/runs/{session}/commands", 201, json=WAIT)
    maintenance = maintenance_run(paced)
    assert paced.run(session)["current"]
    executed = paced.request_json("POST", f"/maintenance_runs/{maintenance}/commands", 201, json=HOME)
    assert executed["data"]["status"] in ("queued", "running", "succeeded")
    assert paced.request_json("GET", f"/maintenance_runs/{maintenance}")["data"]["status"] == "idle", (
        "also while it moves"
    )
    paced.take_action(session, "stop")
    paced.take_action(session, "stop")
    paced.wait_for_status(session, "stopped")
    assert paced.create_run()
    assert current_maintenance_run(paced) == maintenance


def test_busy_maintenance_run_keeps_its_place(paced: SimulatorUnderTest) -> None:
    maintenance = maintenance_run(paced)
    paced.request_json("POST", f"/maintenance_runs/{maintenance}/commands", 201, json=WAIT)
    assert paced.refused("DELETE", f"/maintenance_runs/{maintenance}", 409) == "RunNotIdle"
    assert failure(paced, "/maintenance_runs", {})["meta"]["type"] == "RunConflictError"
    run_id = paced.create_run()
    assert failure(paced, f"/runs/{run_id}/actions", {"actionType": "play"})["meta"]["type"] == "RunConflictError"
    assert paced.run(run_id)["status"] == "idle"
    assert current_maintenance_run(paced) == maintenance


def test_played_run_ends_an_idle_maintenance_run(robot: SimulatorUnderTest) -> None:
    maintenance_run(robot)
    robot.play(robot.create_run())
    assert current_maintenance_run(robot) is None


def test_command_for_a_replaced_maintenance_run_is_not_found(robot: SimulatorUnderTest) -> None:
    replaced = maintenance_run(robot)
    assert maintenance_run(robot) != replaced
    assert robot.refused("POST", f"/maintenance_runs/{replaced}/commands", 404, json=HOME) == "RunNotFound"


def test_calibration_session_is_listed_until_it_is_deleted(robot: SimulatorUnderTest) -> None:
    body = {"data": {"sessionType": "deckCalibration", "createParams": {}}}
    session = robot.request_json("POST", "/sessions", 201, json=body)["data"]
    assert [one["id"] for one in robot.request_json("GET", "/sessions")["data"]] == [session["id"]]
    assert robot.create_run()
    robot.request_json("DELETE", f"/sessions/{session['id']}")
    assert robot.request_json("GET", "/sessions")["data"] == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_half_created_run_is_cleared_by_a_request_that_answers_404(robot: SimulatorUnderTest, method: str) -> None:
    session = robot.create_run()
    protocol_id = robot.upload_and_analyze(PARAMETER)
    assert failure(robot, "/runs", {"protocolId": protocol_id, "runTimeParameterValues": {"n": 99}})
    half_created = robot.request_json("GET", "/runs")["links"]["current"]["href"].rpartition("/")[2]
    assert half_created != session
    assert robot.run(session)["status"] == "stopped"
    assert robot.refused("GET", f"/runs/{half_created}", 404) == "RunNotFound"
    assert robot.request_json("GET", f"/runs/{half_created}/commands")["data"] == []
    body: dict[str, Any] = {"json": {"data": {"current": False}}} if method == "PATCH" else {}
    assert robot.refused(method, f"/runs/{half_created}", 404, **body) == "RunNotFound"
    assert robot.request_json("GET", "/runs")["links"] == {}
    assert robot.create_run()


@pytest.mark.parametrize("command", ["waitForDuration", "waitForResume", "heaterShaker/waitForTemperature"])
def test_second_stop_ends_a_wait_that_the_first_leaves_hanging(paced: SimulatorUnderTest, command: str) -> None:
    session = paced.create_run()
    params: dict[str, Any] = {"seconds": 600} if command == "waitForDuration" else {}
    if command.startswith("heaterShaker"):
        paced.control("POST", "/module", json={"model": "heaterShakerModuleV1", "serial": "HS1"})
        module = paced.succeed(session, "loadModule", model="heaterShakerModuleV1", location={"slotName": "1"})
        params = {"moduleId": module["moduleId"]}
        paced.succeed(session, "heaterShaker/setTargetTemperature", **params, celsius=90)
    waiting = paced.command(session, command, wait=False, **params)["id"]
    paced.wait(lambda: paced.request_json("GET", f"/runs/{session}/commands/{waiting}")["data"]["status"] == "running")
    paced.take_action(session, "stop")
    paced.wait_for_status(session, "stop-requested")
    assert paced.refused("POST", "/runs", 409) == "RunAlreadyActive"
    paced.take_action(session, "stop")
    paced.wait_for_status(session, "stopped")
    after = paced.request_json("GET", f"/runs/{session}/commands/{waiting}")["data"]
    if command.startswith("heaterShaker"):
        assert (after["status"], after["error"]["errorType"]) == ("failed", "RunStoppedError")
    else:
        assert after["status"] == "running", "it stays listed so for ever"
    following = paced.create_run()
    paced.succeed(following, "home")


def test_wait_in_a_session_that_was_aborted_halts_a_later_run_when_it_is_over(paced: SimulatorUnderTest) -> None:
    """The engine's first stop still waits for the end of the wait; then it halts the hardware, whoever uses it."""
    session = paced.create_run()
    waiting = paced.command(session, "waitForDuration", wait=False, seconds=600)["id"]
    paced.wait(lambda: paced.request_json("GET", f"/runs/{session}/commands/{waiting}")["data"]["status"] == "running")
    paced.take_action(session, "stop")
    paced.wait_for_status(session, "stop-requested")
    paced.take_action(session, "stop")
    paced.wait_for_status(session, "stopped")
    following = paced.create_run(paced.upload_and_analyze(SLOW))
    paced.take_action(following, "play")
    paced.wait(lambda: [one for one in paced.commands(following) if one["status"] == "running"])
    paced.control("POST", "/speed", json={"speed": 600})
    assert paced.wait_for_status(following, "failed")["errors"]


def test_frozen_server_answers_everything_afterwards(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/freeze", json={"seconds": 0.5})
    assert robot.request_json("GET", "/health")


def test_server_can_freeze_whenever_a_long_run_has_ended(robot: SimulatorUnderTest) -> None:
    frozen = {"commands": 2, "seconds": 0.3}
    assert robot.control("POST", "/freeze_after_runs", json=frozen) == frozen
    protocol_id = robot.upload_and_analyze(PARAMETER)
    robot.play(robot.create_run(protocol_id))
    assert robot.control("POST", "/freeze_after_runs")["commands"] is None


def test_module_with_a_loose_plug_comes_back(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/module", json={"model": "temperatureModuleV2", "serial": "TD9"})

    def serials() -> list[str]:
        return [module["serialNumber"] for module in robot.request_json("GET", "/modules")["data"]]

    assert "TD9" in serials()
    robot.control("POST", "/vanish", json={"serial": "TD9", "seconds": 0.3})
    assert "TD9" not in serials()
    robot.wait(lambda: "TD9" in serials())


def test_module_is_commanded_without_a_run_by_its_identifier_and_its_own_state_counts(
    robot: SimulatorUnderTest,
) -> None:
    """As recorded (stateless_*): no module needs to be loaded, and what another run did is known."""
    robot.control("POST", "/module", json={"model": "heaterShakerModuleV1"})
    module = robot.request_json("GET", "/modules")["data"][0]["id"]

    def carry_out(command: str, **params: Any) -> dict[str, Any]:
        data = {"commandType": f"heaterShaker/{command}", "params": {"moduleId": module, **params}}
        done: dict[str, Any] = robot.request_json(
            "POST", "/commands", 201, params={"waitUntilComplete": "true"}, json={"data": data}
        )["data"]
        return done

    run_id = robot.create_run()
    in_run = robot.succeed(run_id, "loadModule", model="heaterShakerModuleV1", location={"slotName": "1"})["moduleId"]
    robot.succeed(run_id, "heaterShaker/closeLabwareLatch", moduleId=in_run)
    assert carry_out("setAndWaitForShakeSpeed", rpm=500)["status"] == "succeeded"
    refused = carry_out("openLabwareLatch")
    assert refused["status"] == "failed"
    assert refused["error"]["errorType"] == "CannotPerformModuleAction"
    assert carry_out("deactivateShaker")["status"] == "succeeded"
    assert carry_out("openLabwareLatch")["status"] == "succeeded"


@pytest.mark.parametrize("how", ["PATCH", "DELETE", "POST", "nothing"])
@pytest.mark.parametrize("played", [False, True], ids=["session", "played run"])
def test_run_that_gives_way_takes_the_hardware_from_a_maintenance_run(
    robot: SimulatorUnderTest, how: str, played: bool
) -> None:
    """The engine of a run that is cleared halts and resets the hardware, which then knows of no tip (as 9.0.0)."""
    current = robot.create_run()
    if played:
        robot.play(current)
    commands = f"/maintenance_runs/{maintenance_run(robot)}/commands?waitUntilComplete=true"

    def carry_out(command: str, **params: Any) -> dict[str, Any]:
        data = {"commandType": command, "params": params}
        done: dict[str, Any] = robot.request_json("POST", commands, 201, json={"data": data})["data"]
        return done

    at = {"location": {"slotName": "1"}, "namespace": "opentrons", "version": 1}
    rack = carry_out("loadLabware", loadName="opentrons_96_tiprack_300ul", **at)["result"]["labwareId"]
    pipette = carry_out("loadPipette", pipetteName="p300_single_gen2", mount="right")["result"]["pipetteId"]
    carry_out("home")
    picked_up = carry_out("pickUpTip", pipetteId=pipette, labwareId=rack, wellName="A1")
    assert picked_up["status"] == "succeeded"
    if how == "POST":
        robot.create_run()
    elif how != "nothing":
        body: dict[str, Any] = {"json": {"data": {"current": False}}} if how == "PATCH" else {}
        robot.request_json(how, f"/runs/{current}", **body)
    drawn = carry_out("aspirateInPlace", pipetteId=pipette, volume=50, flowRate=50)
    assert drawn["status"] == ("succeeded" if how == "nothing" else "failed")
