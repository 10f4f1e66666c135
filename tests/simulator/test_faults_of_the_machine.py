"""What goes wrong on the machine, and how the robot takes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.simulated_robot import TRANSFER, SimulatorUnderTest

ENGINE_PROTOCOL = TRANSFER.format(level="2.20", wells=2)


@pytest.mark.parametrize("setting", [True, False])
def test_open_door_blocks_a_run_only_with_the_safety_setting(robot: SimulatorUnderTest, setting: bool) -> None:
    """Recorded: door_play_while_open, door_play_while_blocked, door_play_after_close, door_off_play_open."""
    robot.request_json("POST", "/settings", json={"id": "enableDoorSafetySwitch", "value": setting})
    run_id = robot.create_run(robot.upload_and_analyze(ENGINE_PROTOCOL))
    robot.control("POST", "/door", json={"open": True})
    assert robot.request_json("GET", "/robot/door/status")["data"] == {
        "status": "open",
        "doorRequiredClosedForProtocol": setting,
    }
    robot.take_action(run_id, "play")
    if not setting:
        robot.wait_for_status(run_id, "succeeded")
        return
    robot.wait_for_status(run_id, "blocked-by-open-door")
    assert robot.take_action(run_id, "play", 409)["errors"][0]["id"] == "RunActionNotAllowed"
    robot.control("POST", "/door", json={"open": False})
    robot.wait_for_status(run_id, "paused")
    robot.take_action(run_id, "play")
    robot.wait_for_status(run_id, "succeeded")


def test_door_opened_in_a_run_blocks_it_and_closing_does_not_resume(robot: SimulatorUnderTest) -> None:
    """Recorded: door_run_get_blocked, door_play_after_close."""
    robot.request_json("POST", "/settings", json={"id": "enableDoorSafetySwitch", "value": True})
    run_id = robot.create_run(robot.upload_and_analyze(ENGINE_PROTOCOL))
    robot.control("POST", "/speed", json={"speed": 5})
    robot.take_action(run_id, "play")
    robot.wait(lambda: len(robot.commands(run_id)) > 3)
    robot.control("POST", "/door", json={"open": True})
    robot.wait_for_status(run_id, "blocked-by-open-door")
    robot.control("POST", "/door", json={"open": False})
    robot.wait_for_status(run_id, "paused")
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.take_action(run_id, "play")
    robot.wait_for_status(run_id, "succeeded")


def test_atomic_commands_run_with_an_open_door(robot: SimulatorUnderTest) -> None:
    """Recorded: door_atomic_home_open, door_stateless_home_open."""
    robot.request_json("POST", "/settings", json={"id": "enableDoorSafetySwitch", "value": True})
    robot.control("POST", "/door", json={"open": True})
    assert robot.command(robot.create_run(), "home")["status"] == "succeeded"


@pytest.mark.parametrize(("kind", "error_type"), [("smoothie", "PythonException"), ("stall", "stallOrCollision")])
def test_nth_motion_fails_the_run(robot: SimulatorUnderTest, kind: str, error_type: str) -> None:
    """Recorded: hwfail_run_get, hwfail_run_commands (smoothie); prototype on the same engine (stall)."""
    run_id = robot.create_run(robot.upload_and_analyze(ENGINE_PROTOCOL))
    robot.control("POST", "/motion_fault", json={"after": 12, "kind": kind, "motion": "move"})
    run = robot.play(run_id)
    assert run["status"] == "failed"
    failed = robot.commands(run_id)[-1]
    assert failed["status"] == "failed"
    assert failed["error"]["errorType"] == error_type
    assert run["errors"][0]["errorType"] == "ExceptionInProtocolError"
    assert robot.request_json("GET", f"/runs/{run_id}/commandErrors")["meta"]["totalLength"] == 1


def test_failed_motion_of_an_atomic_command_leaves_the_run_idle(robot: SimulatorUnderTest) -> None:
    """Recorded: hwfail_atomic_home, hwfail_atomic_home_retry, hwfail_legacy_home."""
    run_id = robot.create_run()
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    failed = robot.command(run_id, "home")
    assert failed["status"] == "failed"
    assert failed["error"]["errorInfo"]["ret_code"] == "ORACLE: hard limit"
    assert robot.run(run_id)["status"] == "idle"
    assert robot.command(run_id, "home")["status"] == "succeeded"
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    assert "hard limit" in robot.request_json("POST", "/robot/home", 500, json={"target": "robot"})["message"]


def test_failed_homing_at_the_start_is_not_noticed_by_a_protocol(robot: SimulatorUnderTest) -> None:
    """Engine 9.0.0: the runner passes over the result of its first homing; the next motion then needs it."""
    run_id = robot.create_run(robot.upload_and_analyze("metadata = {'apiLevel': '2.20'}\ndef run(ctx):\n    pass\n"))
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    assert robot.play(run_id)["status"] == "succeeded"
    assert robot.commands(run_id)[0]["status"] == "failed"


def test_missing_tip_fails_the_pick_up(robot: SimulatorUnderTest) -> None:
    """Engine's TipNotAttachedError (3005). An OT-2 has no tip sensor: a real one notices late or never."""
    run_id = robot.create_run()
    deck = robot.set_deck(run_id)
    robot.control("POST", "/missing_tips", json={"count": 1})
    where: dict[str, Any] = {"pipetteId": deck["pipette"], "labwareId": deck["tips"], "wellName": "A1"}
    failed = robot.command(run_id, "pickUpTip", **where)
    assert (failed["status"], failed["error"]["errorCode"]) == ("failed", "3005")
    assert robot.command(run_id, "pickUpTip", **where)["status"] == "succeeded"


def test_empty_mount_and_other_pipette_fail_to_load(robot: SimulatorUnderTest) -> None:
    """Recorded: atomic_load_pipette_mismatch; the text for an empty mount is the motor controller's own."""
    run_id = robot.create_run()
    robot.control("POST", "/pipette", json={"mount": "left"})
    assert robot.request_json("GET", "/pipettes")["left"]["model"] is None
    assert [one["mount"] for one in robot.request_json("GET", "/instruments")["data"]] == ["right"]
    failed = robot.command(run_id, "loadPipette", pipetteName="p20_single_gen2", mount="left")
    assert failed["error"]["errorType"] == "FailedToLoadPipetteError"
    assert "no instrument is present" in failed["error"]["detail"]
    robot.control("POST", "/pipette", json={"mount": "left", "pipette": "p1000_single_gen2"})
    failed = robot.command(run_id, "loadPipette", pipetteName="p20_single_gen2", mount="left")
    assert "expected instrument p20_single_gen2 but got p1000_single" in failed["error"]["detail"]
    assert robot.request_json("GET", "/pipettes")["left"]["name"] == "p1000_single_gen2"


def test_unplugged_module_cannot_be_loaded_and_is_gone(robot: SimulatorUnderTest) -> None:
    """Engine's ModuleNotAttachedError; on an OT-2 a run goes on until a command touches the module."""
    serial = robot.control("POST", "/module", json={"model": "temperatureModuleV2"})["serial"]
    assert [one["serialNumber"] for one in robot.request_json("GET", "/modules")["data"]] == [serial]
    run_id = robot.create_run()
    module = robot.succeed(run_id, "loadModule", model="temperatureModuleV2", location={"slotName": "4"})["moduleId"]
    robot.control("POST", "/unplug", json={"serial": serial})
    assert robot.request_json("GET", "/modules")["data"] == []
    touched = robot.command(run_id, "temperatureModule/setTargetTemperature", moduleId=module, celsius=30)
    assert touched["status"] == "failed"
    assert robot.command(run_id, "home")["status"] == "succeeded"
    fresh = robot.create_run()
    failed = robot.command(fresh, "loadModule", model="temperatureModuleV2", location={"slotName": "4"})
    assert failed["error"]["errorType"] == "ModuleNotAttachedError"


def test_stuck_module_never_reaches_its_temperature(robot: SimulatorUnderTest) -> None:
    """The wait goes on; polling /modules shows it heating. Modeled on the engine's own polling of the module."""
    serial = robot.control("POST", "/module", json={"model": "temperatureModuleV2"})["serial"]
    run_id = robot.create_run()
    module = robot.succeed(run_id, "loadModule", model="temperatureModuleV2", location={"slotName": "4"})["moduleId"]
    robot.control("POST", "/stuck_module", json={"serial": serial})
    robot.succeed(run_id, "temperatureModule/setTargetTemperature", moduleId=module, celsius=60)
    command = robot.command(run_id, "temperatureModule/waitForTemperature", wait=False, moduleId=module)
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "running")
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["status"] == "heating"
    robot.control("POST", "/stuck_module", json={"serial": serial, "stuck": False})
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "succeeded")
    assert robot.commands(run_id)[-1]["id"] == command["id"]


def test_foreign_client_takes_the_robot(robot: SimulatorUnderTest) -> None:
    """An idle run gives way to anybody's new run (recorded: run_create_while_idle_current)."""
    protocol_id = robot.upload_and_analyze(ENGINE_PROTOCOL)
    ours = robot.create_run()
    theirs = robot.request_json(
        "POST", "/simulator/foreign", 201, json={"action": "create", "protocol_id": protocol_id}
    )
    run_id = theirs["data"]["id"]
    assert robot.refused("POST", f"/runs/{ours}/commands", 409, json=_home()) == "RunStopped"
    assert robot.run(ours)["status"] == "stopped"
    robot.control("POST", "/speed", json={"speed": 5})
    robot.request_json("POST", "/simulator/foreign", 201, json={"action": "play"})
    robot.wait_for_status(run_id, "running")
    robot.request_json("POST", "/simulator/foreign", 201, json={"action": "pause"})
    robot.wait_for_status(run_id, "paused")
    assert robot.refused("POST", "/runs", 409, json={"data": {}}) == "RunAlreadyActive"
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.request_json("POST", "/simulator/foreign", 201, json={"action": "stop"})
    robot.wait_for_status(run_id, "stopped")
    robot.control("POST", "/foreign", json={"action": "lights", "on": True})
    assert robot.request_json("GET", "/robot/lights") == {"on": True}
    executed = {
        one["kind"]: one["count"] for one in robot.control("GET", "/executed")["data"] if one["route"] == "foreign"
    }
    assert executed == {"create": 1, "play": 1, "pause": 1, "stop": 1, "lights": 1}


def test_clock_off_by_a_day(robot: SimulatorUnderTest) -> None:
    """An OT-2's clock has no battery; every stamp follows it, those of commands too."""
    today = robot.request_json("GET", "/system/time")["data"]["systemTime"][:10]
    robot.control("POST", "/clock", json={"offset_s": -86400})
    run_id = robot.create_run()
    stamps = [
        robot.request_json("GET", "/system/time")["data"]["systemTime"],
        robot.run(run_id)["createdAt"],
        robot.command(run_id, "home")["createdAt"],
    ]
    assert all(stamp[:10] < today for stamp in stamps)


def test_slow_and_endless_analysis(robot: SimulatorUnderTest) -> None:
    """Recorded: protocol_reupload_while_pending (503 LastAnalysisPending while it lasts)."""
    robot.control("POST", "/analysis", json={"endless": True})
    protocol = robot.upload(ENGINE_PROTOCOL)
    assert protocol["analysisSummaries"][0]["status"] == "pending"
    files = [("files", ("protocol.py", ENGINE_PROTOCOL))]
    assert robot.refused("POST", "/protocols", 503, files=files) == "LastAnalysisPending"
    path = f"/protocols/{protocol['id']}/analyses"
    assert robot.refused("POST", path, 503, json={"data": {"forceReAnalyze": True}}) == "LastAnalysisPending"
    robot.control("POST", "/analysis", json={"delay_s": 0.3})
    assert robot.analyzed(protocol["id"])["result"] == "ok"
    # A run does not wait for an analysis.
    assert robot.play(robot.create_run(protocol["id"]))["status"] == "succeeded"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("door", {}),
        ("pipette", {"mount": "left", "pipette": "p20"}),
        ("module", {"model": "vacuumModule"}),
        ("speed", {"speed": "slow"}),
        ("http_fault", {"kind": "slow", "verb": "GET"}),
        ("motion_fault", {"kind": "explosion"}),
    ],
)
def test_wrong_control_requests_are_refused(robot: SimulatorUnderTest, path: str, body: dict[str, str]) -> None:
    assert robot.refused("POST", f"/simulator/{path}", 422, json=body) == "InvalidRequest"


def _home() -> dict[str, object]:
    return {"data": {"commandType": "home", "params": {}}}
