"""Time: motions, delays and modules take theirs, a pause holds them, a stop cuts them short."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sila_ot2.simulator.machine.pace import Pace, parse_speed
from tests.simulator.simulated_robot import TRANSFER, SimulatorUnderTest
from tests.waiting import wait_for

LOOKS = 100
"""How often a test looks at what must not change."""


def speed(robot: SimulatorUnderTest, factor: float | str) -> None:
    robot.control("POST", "/speed", json={"speed": factor})


def duration_s(command: dict[str, str]) -> float:
    """Robot seconds are not shown; real seconds between start and end, from the robot's own stamps."""
    from datetime import datetime

    started, completed = (
        datetime.fromisoformat(command[key].replace("Z", "+00:00")) for key in ("startedAt", "completedAt")
    )
    return (completed - started).total_seconds()


def test_speed_is_fast_paced_or_a_factor() -> None:
    assert parse_speed("fast") == math.inf
    assert parse_speed("paced") == 1
    assert parse_speed("20") == 20
    for wrong in ("0", "-1", "slow"):
        with pytest.raises(ValueError, match=r".+"):
            parse_speed(wrong)


def test_robot_time_runs_at_the_factor_and_stands_still_when_fast() -> None:
    pace = Pace(math.inf)
    before = pace.robot_time_s()
    assert pace.robot_time_s() == before
    pace.set(1000)
    wait_for(lambda: pace.robot_time_s() - before >= 10)


def test_gantry_and_plunger_take_the_time_of_distance_and_speed(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run()
    deck = robot.set_deck(run_id)
    pipette: dict[str, Any] = {"pipetteId": deck["pipette"]}
    robot.succeed(run_id, "pickUpTip", labwareId=deck["tips"], wellName="A1", **pipette)
    factor = 10
    speed(robot, factor)
    home = robot.command(run_id, "home")
    assert duration_s(home) * factor >= 2
    robot.succeed(run_id, "moveToWell", labwareId=deck["plate"], wellName="A1", **pipette)
    robot.succeed(run_id, "prepareToAspirate", **pipette)
    aspirate = robot.command(run_id, "aspirateInPlace", volume=20, flowRate=5, **pipette)
    assert aspirate["status"] == "succeeded", aspirate
    # 20 uL at 5 uL/s.
    assert duration_s(aspirate) * factor >= 3.5


def test_plunger_keeps_to_its_flow_rate_where_positions_of_the_gantry_differ_by_rounding(
    robot: SimulatorUnderTest,
) -> None:
    run_id = robot.create_run()
    deck = robot.set_deck(run_id)
    tips = robot.succeed(
        run_id,
        "loadLabware",
        location={"slotName": "3"},
        loadName="opentrons_96_tiprack_300ul",
        namespace="opentrons",
        version=1,
    )["labwareId"]
    pipette = robot.succeed(run_id, "loadPipette", pipetteName="p300_single_gen2", mount="right")["pipetteId"]
    robot.succeed(run_id, "pickUpTip", labwareId=tips, wellName="A1", pipetteId=pipette)
    factor = 20
    speed(robot, factor)
    low = {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}
    at = {"labwareId": deck["plate"], "wellName": "A1", "wellLocation": low, "pipetteId": pipette}
    for command_type in ("aspirate", "dispense"):
        command = robot.command(run_id, command_type, volume=240, flowRate=30, **at)
        assert command["status"] == "succeeded", command
        assert duration_s(command) * factor >= 240 / 30 * 0.9


def test_delay_takes_its_time_and_none_when_fast(robot: SimulatorUnderTest) -> None:
    run_id = robot.create_run()
    assert duration_s(robot.command(run_id, "waitForDuration", seconds=3600)) < 60
    speed(robot, 10)
    assert duration_s(robot.command(run_id, "waitForDuration", seconds=2)) * 10 >= 2


def test_pause_holds_in_mid_move_and_play_goes_on(robot: SimulatorUnderTest) -> None:
    """Prototype measurement: the command under way stays `running`, the run is `paused`."""
    run_id = robot.create_run(robot.upload_and_analyze(TRANSFER.format(level="2.20", wells=1)))
    speed(robot, 5)
    robot.take_action(run_id, "play")
    robot.wait(lambda: [one["commandType"] for one in robot.commands(run_id)][-1:] == ["pickUpTip"])
    robot.take_action(run_id, "pause")
    assert robot.wait_for_status(run_id, "paused")["status"] == "paused"
    held = robot.commands(run_id)[-1]
    speed(robot, "fast")
    # However fast: nothing moves while it is paused.
    for _ in range(LOOKS):
        assert robot.commands(run_id)[-1] == held
    assert held["status"] == "running"
    robot.take_action(run_id, "play")
    assert robot.wait_for_status(run_id, "succeeded")["status"] == "succeeded"


def test_stop_in_mid_move_drops_the_tip_and_homes(robot: SimulatorUnderTest) -> None:
    """Recorded: pe_stop, pe_stopped_commands. The interrupted command fails with RunStoppedError."""
    run_id = robot.create_run(robot.upload_and_analyze(TRANSFER.format(level="2.20", wells=1)))
    speed(robot, 5)
    robot.take_action(run_id, "play")
    robot.wait(lambda: any(one["commandType"] == "aspirate" for one in robot.commands(run_id)))
    moves = robot.control("POST", "/motion_fault", json={"after": 10**6})["motions"]
    robot.take_action(run_id, "stop")
    assert robot.run(run_id)["status"] == "stop-requested"
    speed(robot, 100)
    robot.wait_for_status(run_id, "stopped")
    interrupted = robot.commands(run_id)[-1]
    assert (interrupted["status"], interrupted["error"]["errorType"]) == ("failed", "RunStoppedError")
    after = robot.control("POST", "/motion_fault", json={"after": 10**6})["motions"]
    assert after["home"] > moves["home"]
    assert after["move"] > moves["move"]
    assert robot.run(run_id)["errors"] == []


def test_stop_of_an_unplayed_run_lets_the_command_under_way_end(robot: SimulatorUnderTest) -> None:
    """Recorded: stop_during_setup_command, atomic_list_after_stop."""
    run_id = robot.create_run()
    speed(robot, 5)
    robot.command(run_id, "home", wait=False)
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "running")
    robot.take_action(run_id, "stop")
    assert robot.wait_for_status(run_id, "stopped")
    assert robot.commands(run_id)[-1]["status"] == "succeeded"


def test_temperature_module_heats_and_holds(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/module", json={"model": "temperatureModuleV2"})
    run_id = robot.create_run()
    module = robot.succeed(run_id, "loadModule", model="temperatureModuleV2", location={"slotName": "4"})["moduleId"]
    speed(robot, 10)
    robot.succeed(run_id, "temperatureModule/setTargetTemperature", moduleId=module, celsius=30)
    shown = robot.request_json("GET", "/modules")["data"][0]["data"]
    assert shown["status"] == "heating"
    assert shown["currentTemperature"] < 30
    wait = robot.command(run_id, "temperatureModule/waitForTemperature", moduleId=module)
    assert wait["status"] == "succeeded"
    # 7 degrees at half a degree a second.
    assert duration_s(wait) * 10 >= 10
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["status"] == "holding at target"
    robot.succeed(run_id, "temperatureModule/deactivate", moduleId=module)
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["status"] == "idle"


def test_heater_shaker_shakes_heats_and_latches(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/module", json={"model": "heaterShakerModuleV1"})
    run_id = robot.create_run()
    module = robot.succeed(run_id, "loadModule", model="heaterShakerModuleV1", location={"slotName": "1"})["moduleId"]
    speed(robot, 20)
    robot.succeed(run_id, "heaterShaker/closeLabwareLatch", moduleId=module)
    shake = robot.command(run_id, "heaterShaker/setAndWaitForShakeSpeed", moduleId=module, rpm=1000)
    assert shake["status"] == "succeeded", shake
    # 1000 rpm at 500 rpm a second, less what counts as reached.
    assert duration_s(shake) * 20 >= 1.5
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["speedStatus"] == "holding at target"
    robot.succeed(run_id, "heaterShaker/setTargetTemperature", moduleId=module, celsius=40)
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["temperatureStatus"] == "heating"
    robot.succeed(run_id, "heaterShaker/waitForTemperature", moduleId=module)
    robot.succeed(run_id, "heaterShaker/deactivateShaker", moduleId=module)
    assert robot.request_json("GET", "/modules")["data"][0]["data"]["currentSpeed"] == 0
    robot.succeed(run_id, "heaterShaker/deactivateHeater", moduleId=module)


def test_thermocycler_moves_its_lid_ramps_and_holds(robot: SimulatorUnderTest) -> None:
    robot.control("POST", "/module", json={"model": "thermocyclerModuleV2"})
    run_id = robot.create_run()
    load = robot.command(run_id, "loadModule", model="thermocyclerModuleV2", location={"slotName": "7"})
    module = load["result"]["moduleId"]
    speed(robot, 50)
    lid = robot.command(run_id, "thermocycler/closeLid", moduleId=module)
    assert lid["status"] == "succeeded", lid
    assert duration_s(lid) * 50 >= 8
    robot.succeed(run_id, "thermocycler/setTargetBlockTemperature", moduleId=module, celsius=63, holdTimeSeconds=20)
    wait = robot.command(run_id, "thermocycler/waitForBlockTemperature", moduleId=module)
    assert wait["status"] == "succeeded"
    # 40 degrees at 4 degrees a second, then 20 s of holding.
    assert duration_s(wait) * 50 >= 20
    steps = [{"celsius": 70, "holdSeconds": 10}, {"celsius": 60, "holdSeconds": 10}]
    profile = robot.command(run_id, "thermocycler/runProfile", moduleId=module, profile=steps)
    assert profile["status"] == "succeeded", profile
    assert duration_s(profile) * 50 >= 15
    robot.succeed(run_id, "thermocycler/openLid", moduleId=module)


@pytest.mark.parametrize(
    ("model", "commands"),
    [
        (
            "temperatureModuleV2",
            [("temperatureModule/setTargetTemperature", {"celsius": 90}), ("temperatureModule/waitForTemperature", {})],
        ),
        (
            "heaterShakerModuleV1",
            [
                ("heaterShaker/closeLabwareLatch", {}),
                ("heaterShaker/setAndWaitForShakeSpeed", {"rpm": 2000}),
                ("heaterShaker/setTargetTemperature", {"celsius": 90}),
                ("heaterShaker/waitForTemperature", {}),
            ],
        ),
        (
            "thermocyclerModuleV1",
            [
                ("thermocycler/closeLid", {}),
                ("thermocycler/setTargetLidTemperature", {"celsius": 100}),
                ("thermocycler/waitForLidTemperature", {}),
                ("thermocycler/setTargetBlockTemperature", {"celsius": 95, "holdTimeSeconds": 3600}),
                ("thermocycler/waitForBlockTemperature", {}),
            ],
        ),
        ("magneticModuleV2", [("magneticModule/engage", {"height": 5}), ("magneticModule/disengage", {})]),
    ],
)
def test_modules_take_no_time_when_fast(
    robot: SimulatorUnderTest, model: str, commands: list[tuple[str, dict[str, Any]]]
) -> None:
    robot.control("POST", "/module", json={"model": model})
    run_id = robot.create_run()
    slot = "7" if model.startswith("thermocycler") else "1"
    module = robot.succeed(run_id, "loadModule", model=model, location={"slotName": slot})["moduleId"]
    for kind, params in commands:
        command = robot.command(run_id, kind, moduleId=module, **params)
        assert command["status"] == "succeeded", command
        assert duration_s(command) < 5
