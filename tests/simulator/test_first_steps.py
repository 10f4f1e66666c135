"""What a client meets first: health, lights, a protocol run, atomic commands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator.simulated_robot import TRANSFER, SimulatorUnderTest


def test_health_says_what_it_is(robot: SimulatorUnderTest) -> None:
    health = robot.request_json("GET", "/health")
    assert health["robot_model"] == "OT-2 Standard"
    assert health["robot_serial"] == "simulator"
    assert health["api_version"] == "8.1.0"


def test_routes_are_listed(robot: SimulatorUnderTest) -> None:
    paths = robot.request_json("GET", "/openapi.json")["paths"]
    assert paths["/runs/{run_id}/commands"].keys() == {"get", "post"}
    assert paths["/simulator/reset"]["post"]["summary"].startswith("Bring everything to the just-started state")


def test_rail_lights_are_switched_and_read_back(robot: SimulatorUnderTest) -> None:
    assert robot.request_json("GET", "/robot/lights") == {"on": False}
    assert robot.request_json("POST", "/robot/lights", json={"on": True}) == {"on": True}
    assert robot.request_json("GET", "/robot/lights") == {"on": True}


@pytest.mark.parametrize("level", ["2.12", "2.20"])
def test_protocol_is_analyzed_and_runs(robot: SimulatorUnderTest, level: str) -> None:
    protocol_id = robot.upload(TRANSFER.format(level=level, wells=2))["id"]
    assert robot.analyzed(protocol_id)["result"] == "ok"
    run_id = robot.create_run(protocol_id)
    assert robot.request_json("GET", "/runs")["links"] == {"current": {"href": f"/runs/{run_id}"}}
    assert robot.play(run_id)["status"] == "succeeded"
    kinds = [command["commandType"] for command in robot.commands(run_id)]
    assert kinds.count("aspirate") == 2


def test_module_is_loaded_by_a_protocol_of_the_old_core(robot: SimulatorUnderTest) -> None:
    source = 'metadata = {"apiLevel": "2.12"}\ndef run(protocol): protocol.load_module("temperature module gen2", 4)\n'
    analysis = robot.analyzed(robot.upload(source)["id"])
    assert analysis["errors"] == []
    assert [module["model"] for module in analysis["modules"]] == ["temperatureModuleV2"]


def test_changed_volumes_change_analysis_and_run(robot: SimulatorUnderTest) -> None:
    source = TRANSFER.format(level="2.20", wells=1).replace("transfer(5", "transfer(7")
    protocol_id = robot.upload_and_analyze(source)
    run_id = robot.create_run(protocol_id)
    robot.play(run_id)
    analyzed = [
        one["params"]["volume"] for one in robot.analyzed(protocol_id)["commands"] if one["commandType"] == "aspirate"
    ]
    done = [one["params"]["volume"] for one in robot.commands(run_id) if one["commandType"] == "aspirate"]
    assert analyzed == done == [7.0]


def test_transfer_by_atomic_commands(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run()
    deck = robot.set_deck(run_id)
    pipette = {"pipetteId": deck["pipette"]}
    robot.succeed(run_id, "pickUpTip", labwareId=deck["tips"], wellName="A1", **pipette)
    robot.succeed(run_id, "aspirate", labwareId=deck["plate"], wellName="A1", volume=5, flowRate=7, **pipette)
    robot.succeed(run_id, "dispense", labwareId=deck["plate"], wellName="B1", volume=5, flowRate=7, **pipette)
    robot.succeed(run_id, "moveToAddressableAreaForDropTip", addressableAreaName="fixedTrash", **pipette)
    robot.succeed(run_id, "dropTipInPlace", **pipette)
    assert robot.run(run_id)["status"] == "idle"
    executed = {one["kind"]: one["count"] for one in robot.control("GET", "/executed")["data"]}
    assert executed["aspirate"] == 1
    assert executed["loadLabware"] == 2


def test_reset_brings_back_the_start(robot: SimulatorUnderTest) -> None:
    robot.upload(TRANSFER.format(level="2.20", wells=8))
    robot.create_run()
    robot.request_json("POST", "/robot/lights", json={"on": True})
    robot.control("POST", "/reset")
    assert robot.request_json("GET", "/runs") == {"data": [], "links": {}, "meta": {"cursor": 0, "totalLength": 0}}
    assert robot.request_json("GET", "/protocols")["data"] == []
    assert robot.request_json("GET", "/robot/lights") == {"on": False}


def test_sigterm_ends_it_at_once(start_robot: Callable[..., SimulatorUnderTest]) -> None:
    robot = start_robot("--speed", "paced")
    run_id = robot.create_run()
    robot.command(run_id, "home", wait=False)
    robot.process.terminate()
    assert robot.process.wait(60) == 0
