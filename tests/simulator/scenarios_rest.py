"""The recorded scenarios about atomic commands, parameters and files, limits, and the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.simulator.recorded_files import DELAY, SIMPLE, files
from tests.simulator.replaying import Replay, recordings
from tests.simulator.simulated_robot import SimulatorUnderTest

_WARM = (
    ("thermocycler-1", "thermocycler/setTargetBlockTemperature", {"celsius": 4}),
    ("thermocycler-1", "thermocycler/setTargetLidTemperature", {"celsius": 40}),
    ("tempdeck-1", "temperatureModule/setTargetTemperature", {"celsius": 4}),
    ("magdeck-1", "magneticModule/engage", {"height": 5}),
    ("magdeck-2", "magneticModule/engage", {"height": 5}),
)
"""The recorded robot's simulated modules were warm and engaged from the start."""


def fresh_machine(replay: Replay) -> None:
    """Everything that can be read on a robot that has just been started, and the older routes that act."""
    robot = replay.robot
    ids = {module["serialNumber"]: module["id"] for module in robot.request_json("GET", "/modules")["data"]}
    for serial, kind, parameters in _WARM:
        body = {"data": {"commandType": kind, "params": {"moduleId": ids[serial], **parameters}}}
        robot.request_json("POST", "/commands", 201, params={"waitUntilComplete": "true"}, json=body)
    robot.wait(lambda: robot.request_json("GET", "/modules")["data"][0]["data"]["status"] == "holding at target")
    for version in ("1", "2", "99", "abc", "none", "star"):
        for route in ("health", "modules", "runs"):
            replay.case(f"versionheader-{version}-{route}")
    for name in [
        "get_health",
        "get_nope",
        "get_pipettes",
        "get_instruments",
        "get_modules",
        "get_module_data",
        "post_module_cmd",
        "get_robot_lights",
        "post_lights_on",
        "get_lights_on",
        "post_lights_bad",
        "post_identify",
        "post_identify_missing",
        "get_robot_positions",
        "get_motors_engaged",
        "post_motors_disengage",
        "get_motors_engaged_after",
        "post_motors_disengage_bad",
        "post_home_robot",
        "post_home_pipette",
        "post_home_bad",
        "post_robot_move",
        "get_calibration_status",
        "get_calibration_pipette_offset",
        "get_calibration_tip_length",
        "get_settings",
        "get_settings_robot",
        "get_settings_reset_options",
        "get_sessions",
        "get_system_time",
        "get_networking_status",
        "get_wifi_list",
        "get_labware_calibrations",
        "get_labwareOffsets",
        "get_errorRecovery_settings",
        "get_deck_configuration",
        "get_subsystems_status",
        "get_robot_control_estopStatus",
        "get_clientData",
        "get_clientData_x",
        "clientData_put",
        "clientData_get",
        "get_logs_serial.log",
        "get_logs_server.log",
        "log_unknown",
        "get_dataFiles",
        "get_maintenance_runs_current_run",
    ]:
        replay.case(name)
    replay.case("get_settings_pipettes", rename={"SIML-P10SINGLE": "123", "SIMR-P300SINGLE": "321"})


def logs(replay: Replay) -> None:
    """The logs of a robot that did nothing yet."""
    replay.case("get_commands")
    replay.case("get_logs_api.log")


def stateless_commands(replay: Replay) -> None:
    """Commands without a run."""
    replay.case("stateless_home")
    replay.case("stateless_lights")
    replay.case("stateless_lights_nowait")
    replay.robot.wait(
        lambda: all(one["status"] == "succeeded" for one in replay.robot.request_json("GET", "/commands")["data"])
    )
    replay.case("get_commands_after")
    replay.case("stateless_loadLabware_forbidden")
    replay.case("stateless_unknown")


def short_atomic_run(replay: Replay) -> None:
    """Twenty commands in a row."""
    run_id = replay.case("atomic_run_create")["data"]["id"]
    for name in ("atomic_load_tips", "atomic_load_plate", "atomic_loadPipette"):
        replay.case(name, run_id)
    labware = {run["loadName"]: run["id"] for run in replay.robot.run(run_id)["labware"]}
    replay.learn("atomic_02_pickUpTip", labwareId=labware["opentrons_96_tiprack_10ul"])
    replay.learn("atomic_03_aspirate", labwareId=labware["corning_96_wellplate_360ul_flat"])
    for name in sorted(name for name in recordings() if name.startswith("atomic_") and name[7:9].isdigit()):
        replay.case(name, run_id)
    replay.case("atomic_default_timeout_probe", run_id)
    replay.case("command_404", run_id)
    replay.case("run_commandErrors", run_id)
    replay.case("run_commandsAsPreSerializedList", run_id)
    replay.case("run_currentState", run_id)
    replay.case("run_loaded_labware_definitions", run_id)


def long_atomic_run(replay: Replay) -> None:
    """Commands that succeed, fail, wait and queue; and the end of a run without a protocol."""
    robot = replay.robot
    run_id = robot.create_run()
    for name in ("home", "loadLabware_tips", "loadLabware_plate"):
        replay.case(f"atomic_{name}", run_id)
    pipette = robot.succeed(run_id, "loadPipette", pipetteName="p10_single", mount="left")["pipetteId"]
    replay.learn("atomic_aspirate", pipetteId=pipette)
    for name in [
        "aspirate_without_tip",
        "pickUpTip",
        "aspirate",
        "dispense",
        "moveToWell",
        "touchTip",
        "blowout",
        "savePosition",
        "moveToCoordinates",
        "moveRelative",
        "pickUpTip_again_with_tip",
        "dropTip_fixedTrash",
        "loadLabware_trash",
        "moveToAddressableAreaForDropTip",
        "dropTipInPlace",
        "pickUpTip2",
        "dropTip_back_to_rack",
        "pickUp_used_well",
        "dropTip_back2",
        "bad_well",
        "bad_labware",
        "bad_pipette",
        "unknown_labware_def",
        "slot_occupied",
        "load_pipette_mismatch",
        "aspirate_too_much",
        "unknown_command",
        "missing_param",
        "timeout_0",
        "timeout_neg",
        "bad_timeout_type",
        "comment",
        "setRailLights",
        "setStatusBar",
    ]:
        replay.case(f"atomic_{name}", run_id)
    replay.case("atomic_run_after_failed_command", run_id)
    replay.case("atomic_loadModule", run_id)
    replay.learn("atomic_temp_set", moduleId=robot.run(run_id)["modules"][0]["id"])
    for name in ("temp_set", "temp_wait", "temp_deactivate"):
        replay.case(f"atomic_{name}", run_id)
    # Not much robot time may pass while the four seconds are waited for.
    robot.control("POST", "/speed", json={"speed": 0.2})
    replay.case("atomic_wait_timeout", run_id)
    replay.case("atomic_queued_behind", run_id)
    replay.case("atomic_commands_list_while_busy", run_id)
    replay.case("atomic_stateless_while_idle_current")
    robot.control("POST", "/speed", json={"speed": "fast"})
    replay.case("atomic_wait_all", run_id)
    replay.case("atomic_intent_protocol_idle", run_id)
    replay.case("atomic_intent_protocol_idle_wait", run_id)
    command = replay.case("atomic_intent_setup_explicit", run_id)["data"]["id"]
    replay.case("atomic_commands_default", run_id)
    replay.case("atomic_commands_neg", run_id)
    replay.case("atomic_command_get_one", run_id, command)
    replay.case("atomic_command_get", run_id)
    replay.case("labware_offset_add", run_id)
    replay.case("atomic_loadLabware_with_offset", run_id)
    replay.case("labware_definitions_add", run_id)
    replay.case("labware_definitions_bad", run_id)
    replay.case("atomic_load_custom", run_id)
    replay.case("atomic_delete_idle_try", run_id)
    replay.case("atomic_run_get_final", run_id)
    replay.case("atomic_play", run_id)
    robot.wait_for_status(run_id, "succeeded")
    replay.case("atomic_cmd_after_play_setup", run_id)
    replay.case("atomic_cmd_after_play_protocol", run_id)
    replay.case("atomic_commands_after_play", run_id)
    replay.case("atomic_stop", run_id)
    run_id = robot.create_run()
    replay.case("atomic_stop_idle", run_id)
    robot.wait_for_status(run_id, "stopped")
    replay.case("atomic_cmd_after_stop", run_id)
    run_id = robot.create_run()
    replay.case("recovery_put_policy", run_id)
    replay.case("recovery_put_policy_bad", run_id)


def busy_atomic_run(replay: Replay) -> None:
    """A long homing by a setup command, and what may not be done beside it."""
    robot = replay.robot
    run_id = robot.create_run()
    robot.control("POST", "/speed", json={"speed": 0.2})
    robot.command(run_id, "home", wait=False)
    replay.case("atomic_new_run_while_setup_command_running")
    replay.case("atomic_delete_while_setup_command_running", run_id)
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "running")
    replay.case("atomic_list_running", run_id)
    replay.case("stop_during_setup_command", run_id)
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "stopped")
    replay.case("atomic_list_after_stop", run_id)


def client_gives_up(replay: Replay) -> None:
    """A client that stops waiting; its command goes on."""
    robot = replay.robot
    run_id = robot.create_run()
    robot.control("POST", "/speed", json={"speed": 1})
    body = {"data": {"commandType": "waitForDuration", "params": {"seconds": 2}}}
    with (
        httpx.Client(base_url=robot.url, headers={"Opentrons-Version": "*"}) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.post(f"/runs/{run_id}/commands?waitUntilComplete=true", json=body, timeout=httpx.Timeout(60, read=0.1))
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "succeeded")
    replay.case("command_after_client_disconnect", run_id, history=True)


def uploads(replay: Replay) -> None:
    """Files that are no protocol, and JSON protocols."""
    for name in ("nofile", "bad_json", "two_mains", "apitoonew_py", "nometa_py"):
        replay.case(f"protocol_upload_{name}")
    for name in ("3_simple", "4_simpleV4", "6_simpleV6", "7_simpleV7", "8_simpleV8"):
        replay.case(f"json_upload_{name}")


def parameters(replay: Replay) -> None:
    """Run-time parameters, data files, and the half-created run."""
    robot = replay.robot
    protocol_id = replay.case("rtp_upload_default")["data"]["id"]
    robot.analyzed(protocol_id)
    for name in ("with_values", "bad_range", "bad_name"):
        replay.case(f"rtp_upload_{name}")
        robot.analyzed(protocol_id)
    replay.case("rtp_upload_bad_json")
    replay.case("rtp_new_analysis", protocol_id)
    robot.analyzed(protocol_id)
    robot.control("POST", "/analysis", json={"endless": True})
    replay.case("rtp_new_analysis_empty", protocol_id)
    replay.case("rtp_new_analysis_noforce_same", protocol_id)
    robot.control("POST", "/analysis")
    robot.analyzed(protocol_id)
    run_id = replay.case("rtp_run_create")["data"]["id"]
    replay.case("rtp_run_get", run_id)
    robot.play(run_id)
    replay.case("rtp_run_get_done", run_id)
    replay.case("datafile_upload")
    replay.case("datafile_upload_again")
    replay.case("datafile_upload_nothing")
    replay.case("datafile_upload_path")
    replay.case("datafile_get")
    replay.case("datafile_download")
    replay.case("datafiles_list")
    replay.case("datafile_404")
    replay.case("datafile_delete")
    with_file = replay.case("csv_upload_without_file")["data"]["id"]
    robot.analyzed(with_file)
    replay.case("csv_new_analysis", with_file)
    robot.analyzed(with_file)
    replay.case("csv_upload_with_file")
    replay.case("csv_new_analysis_bad_id", with_file)
    replay.case("csv_run_bad_file")
    run_id = replay.case("csv_run_create")["data"]["id"]
    robot.play(run_id)
    replay.case("csv_run_get_done", run_id)
    replay.case("protocol_dataFiles", with_file)
    replay.case("protocols_list", history=True)
    replay.case("rtp_run_bad_value")
    # Refused because of the half-created run that the request before has left.
    replay.case("csv_run_without_file")
    stopped = robot.create_run()
    robot.take_action(stopped, "stop")
    robot.wait_for_status(stopped, "stopped")
    replay.ids["cb773bc0-891c-409c-8fee-1b1fcc8f238d"] = protocol_id
    replay.case("halfrun_1_bad_rtp")
    replay.case("halfrun_2_list", history=True)
    replay.case("halfrun_3_next_post")
    replay.case("halfrun_4_next_post")


def offsets(replay: Replay) -> None:
    """Labware offsets of a run with a protocol."""
    robot = replay.robot
    replay.ids["36a9cbe1-1d19-4e87-b99f-a19f3ebaedb4"] = robot.upload_and_analyze(SIMPLE)
    run_id = replay.case("offsets_run_create")["data"]["id"]
    robot.play(run_id)
    replay.case("offsets_run_get", run_id)
    replay.case("offsets_run_create_bad")


def maintenance(replay: Replay) -> None:
    """Maintenance runs beside a run."""
    run_id = replay.case("maint_create")["data"]["id"]
    replay.case("maint_get_current")
    replay.case("maint_cmd", run_id)
    replay.case("run_create_while_maintenance")
    replay.case("maint_get_after_run_create")
    replay.case("stateless_while_maintenance")
    run_id = replay.case("maint_create_while_run_idle")["data"]["id"]
    replay.case("maint_delete", run_id)


def limits(replay: Replay) -> None:
    """Twenty runs and five unused protocols are kept."""
    robot = replay.robot
    first = robot.create_run()
    for _ in range(20):
        robot.create_run()
    replay.case("limits_runs")
    replay.case("limits_deleted_run", first)
    for number in range(16, 22):
        robot.upload((f"p{number}.py", SIMPLE + f"# {number}\n"))
    for protocol in robot.request_json("GET", "/protocols")["data"]:
        robot.analyzed(protocol["id"])
    replay.case("limits_protocols", history=True)
    replay.case("protocols_ids", history=True)


SCENARIOS = (
    fresh_machine,
    logs,
    stateless_commands,
    short_atomic_run,
    long_atomic_run,
    busy_atomic_run,
    client_gives_up,
    uploads,
    parameters,
    offsets,
    maintenance,
    limits,
)


def restart(replay: Replay, start_robot: Callable[..., SimulatorUnderTest], directory: Path) -> None:
    """A robot that is killed with a run going on, and started again with what it kept."""
    for ending in ("SIGKILL", "SIGTERM"):
        kept = ("--state-dir", str(directory / ending), "--left", "p10_single", "--right", "p300_single")
        robot = start_robot(*kept)
        protocol_id = robot.upload(("simple.py", SIMPLE))["id"]
        robot.analyzed(protocol_id)
        interrupted_protocol = robot.upload_and_analyze(DELAY)
        finished = robot.create_run(protocol_id)
        robot.play(finished)
        for _ in range(2):
            robot.create_run(protocol_id)
        robot.control("POST", "/speed", json={"speed": 1})
        interrupted = robot.create_run(interrupted_protocol)
        robot.take_action(interrupted, "play")
        robot.wait_for_status(interrupted, "running")
        (robot.process.kill if ending == "SIGKILL" else robot.process.terminate)()
        robot.process.wait(60)
        replay.robot = robot = start_robot(*kept)
        replay.case(f"restart_finished_run_{ending}", finished)
        replay.case(f"restart_finished_run_commands_{ending}", finished)
        replay.case(f"restart_finished_play_{ending}", finished)
        replay.case(f"restart_interrupted_run_{ending}", interrupted)
        replay.case(f"restart_interrupted_run_commands_{ending}", interrupted)
        replay.case(f"restart_interrupted_play_{ending}", interrupted)
    replay.case("restart_runs", history=True)
    replay.case("restart_analyses", protocol_id)
    replay.case("restart_protocol", protocol_id)
    replay.ids["b88dd46a-e869-4098-aa57-1220f941a870"] = protocol_id
    replay.case("restart_new_run")


__all__ = ["SCENARIOS", "files", "restart"]
