"""The recorded scenarios about protocols and their runs: what was done, in order, so that each case finds its state."""

from __future__ import annotations

from tests.simulator.recorded_files import CUSTOM_LABWARE, DELAY, ENGINE, ENGINE_DELAY, FAILING, NO_TIP, PAUSE, SIMPLE
from tests.simulator.replaying import Replay


def protocol_and_first_run(replay: Replay) -> None:
    """Upload, re-upload, analyses, a run from idle to succeeded."""
    robot = replay.robot
    replay.case("get_protocols")
    replay.case("get_runs")
    robot.control("POST", "/analysis", json={"endless": True})
    protocol_id = replay.case("protocol_upload")["data"]["id"]
    replay.case("protocol_reupload_while_pending")
    robot.control("POST", "/analysis")
    robot.analyzed(protocol_id)
    replay.case("protocol_reupload")
    replay.case("protocol_get", protocol_id)
    robot.upload(DELAY)
    replay.case("get_protocols_ids")
    replay.case("protocol_analyses", protocol_id)
    run_id = replay.case("run_create_protocol")["data"]["id"]
    replay.case("protocol_delete_in_use", protocol_id)
    replay.case("action_pause_idle", run_id)
    replay.case("action_play", run_id)
    robot.wait_for_status(run_id, "succeeded")
    replay.case("run_commands", run_id)
    replay.case("action_bad", run_id)


def succeeded_run(replay: Replay) -> None:
    """What a run that succeeded answers, current and then not."""
    robot = replay.robot
    protocol_id = robot.upload_and_analyze(SIMPLE)
    replay.ids["36a9cbe1-1d19-4e87-b99f-a19f3ebaedb4"] = protocol_id
    analysis_id = robot.analyzed(protocol_id)["id"]
    replay.case("analysis_get", protocol_id, analysis_id)
    replay.case("analysis_asDocument", protocol_id, analysis_id)
    replay.case("analysis_404", protocol_id)
    replay.case("analysis_asDocument_404", protocol_id)
    replay.files["simple.py"], replay.files["protocol.py"] = SIMPLE, SIMPLE
    renamed = robot.upload(("simple.py", SIMPLE))["id"]
    robot.analyzed(renamed)
    replay.case("protocol_upload_same_again")
    replay.case("protocol_upload_quick_transfer")
    run_id = robot.create_run(protocol_id)
    replay.case("run_get_idle", run_id)
    replay.case("action_resume_from_recovery_idle", run_id)
    robot.play(run_id)
    replay.case("run_get_done", run_id)
    replay.case("run_commands_page", run_id)
    replay.case("run_commands_page0", run_id)
    replay.case("run_commands_cursor_beyond", run_id)
    replay.case("run_commands_asPreSerialized", run_id)
    replay.case("action_pause_succeeded", run_id)
    replay.case("action_play_succeeded", run_id)
    replay.case("cmd_after_succeeded", run_id)
    replay.case("cmd_home_after_succeeded", run_id)
    replay.case("action_stop_succeeded", run_id)
    replay.case("stateless_while_succeeded_current")
    replay.case("run_create_while_finished_current")
    replay.case("run_get_previous_after_new", run_id)
    replay.case("action_on_noncurrent", run_id)
    replay.case("cmd_on_noncurrent", run_id)
    current = replay.case("run_create_while_idle_current")["data"]["id"]
    replay.case("runs_list_page")
    replay.case("runs_list", history=True)
    replay.case("run_delete_idle_current", current)
    replay.case("runs_list_after_delete", history=True)
    replay.case("run_404")
    replay.case("action_on_unknown")
    replay.case("run_create_unknown_protocol")
    replay.case("run_create_unknown_field")
    replay.case("run_create_no_body")
    replay.case("protocol_get_404")
    replay.case("protocol_analyses_404")
    unused = robot.upload(PAUSE)["id"]
    robot.analyzed(unused)
    replay.case("protocol_delete_unused", unused)


def running_and_paused(replay: Replay) -> None:
    """What a run in the middle of a delay answers, and what goes on beside it."""
    robot = replay.robot
    replay.case("protocol_upload_delay")
    protocol_id = replay.ids["002432eb-1d7f-4c8b-bd64-353d4c75962b"]
    robot.analyzed(protocol_id)
    replay.case("protocol_upload_with_key")
    run_id = robot.create_run(protocol_id)
    replay.ids["be0210b9-0c94-49b2-9fc1-ddd27ba79a0d"] = replay.ids["36a9cbe1-1d19-4e87-b99f-a19f3ebaedb4"] = (
        protocol_id
    )
    robot.control("POST", "/speed", json={"speed": 1})
    replay.case("action_play_delay", run_id)
    robot.control("POST", "/speed", json={"speed": 10})
    robot.wait(lambda: robot.commands(run_id)[-1:] and robot.commands(run_id)[-1]["commandType"] == "custom")
    robot.control("POST", "/speed", json={"speed": 0.001})
    replay.case("run_get_running", run_id)
    replay.case("run_commands_running", run_id)
    replay.case("action_play_running", run_id)
    replay.case("run_create_while_running")
    replay.case("run_create_basic_while_running")
    replay.case("run_delete_running", run_id)
    replay.case("run_uncurrent_running", run_id)
    replay.case("protocol_delete_running", protocol_id)
    replay.case("cmd_setup_while_running", run_id)
    replay.case("stateless_while_running")
    replay.case("stateless_home_while_running")
    replay.case("maint_create_while_running")
    replay.case("action_resume_from_recovery_running", run_id)
    replay.case("run_preserialized_running", run_id)
    replay.case("run_currentState_running", run_id)
    replay.case("lights_while_running")
    replay.case("lights_running")
    replay.case("identify_running")
    replay.case("pipettes_while_running")
    replay.case("pipettes_refresh_running")
    replay.case("protocol_upload_while_running")
    replay.case("motors_disengage_running")
    replay.case("action_pause", run_id)
    replay.case("action_pause_paused", run_id)
    replay.case("cmd_setup_while_paused", run_id)
    replay.case("run_create_while_paused")
    replay.case("run_delete_paused", run_id)
    replay.case("action_resume", run_id)
    replay.case("action_stop", run_id)
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "stopped")
    replay.case("action_stop_stopped", run_id)
    replay.case("run_get_stopped", run_id)
    replay.case("run_commands_stopped", run_id)
    replay.case("action_play_stopped", run_id)
    replay.case("action_pause_stopped", run_id)
    replay.case("run_uncurrent_stopped", run_id)
    replay.case("run_get_uncurrent", run_id)
    replay.case("action_play_uncurrent", run_id)
    replay.case("run_set_current_true", run_id)


def stopped_from_idle(replay: Replay) -> None:
    """A run stopped before it was played."""
    robot = replay.robot
    protocol_id = robot.upload_and_analyze(SIMPLE)
    run_id = robot.create_run(protocol_id)
    replay.case("action_stop_idle", run_id)
    robot.wait_for_status(run_id, "stopped")
    replay.case("action_play_after_stop_idle", run_id)
    replay.case("run_get_stopped_from_idle", run_id)
    replay.case("run_delete_current_stopped", run_id)


def uncurrent_idle(replay: Replay) -> None:
    """An idle run that is made history."""
    robot = replay.robot
    run_id = robot.create_run(robot.upload_and_analyze(SIMPLE))
    replay.case("runs_list_links", history=True)
    replay.case("run_preserialized_idle", run_id)
    replay.case("run_uncurrent_idle", run_id)
    replay.case("run_after_uncurrent_idle", run_id)
    replay.case("runs_list_no_current", history=True)


def paused_by_protocol(replay: Replay) -> None:
    """A protocol that pauses itself."""
    robot = replay.robot
    protocol_id = robot.upload(("pause.py", PAUSE))["id"]
    robot.analyzed(protocol_id)
    replay.case("protocol_upload_pause")
    run_id = robot.create_run(protocol_id)
    robot.take_action(run_id, "play")
    robot.wait_for_status(run_id, "paused")
    robot.wait(lambda: robot.commands(run_id)[-1]["status"] == "running")
    replay.case("run_commands_paused_by_protocol", run_id)
    replay.case("action_stop_paused", run_id)
    robot.wait_for_status(run_id, "stopped")


def failed_runs(replay: Replay) -> None:
    """Protocols that fail in the analysis, in the run, or both."""
    robot = replay.robot
    failing = robot.upload_and_analyze(FAILING)
    run_id = robot.create_run(failing)
    robot.play(run_id)
    replay.case("run_get_failed", run_id)
    replay.case("action_play_failed", run_id)
    replay.case("action_pause_failed", run_id)
    replay.case("action_stop_failed", run_id)
    no_tip = robot.upload(("notip.py", NO_TIP))["id"]
    robot.analyzed(no_tip)
    replay.case("protocol_upload_notip_py")
    replay.case("protocol_analyses_notip_py", no_tip)
    replay.ids["50be8a83-5807-458e-b1bf-c28ee49a4df4"] = no_tip
    without_tip = replay.case("run_create_bad_analysis")["data"]["id"]
    replay.case("run_delete_old", run_id)
    replay.case("protocol_delete_used_by_old_run", no_tip)
    robot.play(without_tip)
    replay.case("run_get_failed_notip", without_tip)
    replay.case("run_commands_failed_notip", without_tip)
    syntax = robot.upload(("syntaxerror.py", replay.files["syntaxerror.py"]))["id"]
    robot.analyzed(syntax)
    replay.case("protocol_upload_syntaxerror_py")
    replay.case("protocol_analyses_syntaxerror_py", syntax)


def commands_among_a_protocol(replay: Replay) -> None:
    """Commands with intent "protocol" and a legacy home sent into running protocols."""
    robot = replay.robot
    legacy, engine = robot.upload_and_analyze(DELAY), robot.upload_and_analyze(ENGINE_DELAY)
    run_id = robot.create_run(legacy)
    robot.control("POST", "/speed", json={"speed": 10})
    robot.take_action(run_id, "play")
    robot.wait(lambda: robot.commands(run_id)[-1:] and robot.commands(run_id)[-1]["commandType"] == "custom")
    replay.case("legacy_home_while_running")
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "succeeded")
    replay.case("run_get_after_legacy_home_while_running", run_id)
    robot.control("POST", "/speed", json={"speed": 10})
    for name in ("cmd_protocol_intent_while_running", "cmd_protocol_intent_while_running_python"):
        run_id = robot.create_run(engine if name.endswith("running") else legacy)
        robot.take_action(run_id, "play")
        robot.wait(lambda: _waiting(replay, run_id))  # noqa: B023
        replay.case(name, run_id)
        robot.control("POST", "/speed", json={"speed": 50})
        robot.wait_for_status(run_id, "succeeded", "failed")
        robot.control("POST", "/speed", json={"speed": 10})
    replay.case("run_commands_after_protocol_intent", run_id)
    replay.case("run_get_after_cmd_protocol_intent", run_id)


def _waiting(replay: Replay, run_id: str) -> bool:
    last = replay.robot.commands(run_id)[-1:]
    return bool(last) and last[0]["commandType"] in ("custom", "waitForDuration") and last[0]["status"] == "running"


def engine_run(replay: Replay) -> None:
    """A protocol of the newer core, paused and stopped in mid-move."""
    robot = replay.robot
    run_id = robot.create_run(robot.upload_and_analyze(ENGINE))
    robot.control("POST", "/speed", json={"speed": 4})
    robot.take_action(run_id, "play")
    robot.wait(lambda: any(command["commandType"] == "dispense" for command in robot.commands(run_id)))
    replay.case("pe_cmd_setup_running", run_id)
    replay.case("pe_cmd_protocol_running", run_id)
    robot.control("POST", "/speed", json={"speed": 1})
    robot.wait(lambda: robot.commands(run_id)[-1]["commandType"] == "moveToAddressableAreaForDropTip")
    replay.case("pe_pause", run_id)
    robot.wait_for_status(run_id, "paused")
    replay.case("pe_commands_paused", run_id)
    robot.control("POST", "/speed", json={"speed": 4})
    replay.case("pe_play", run_id)
    robot.wait(lambda: robot.commands(run_id)[-1]["commandType"] == "dropTipInPlace")
    replay.case("pe_stop", run_id)
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "stopped")
    replay.case("pe_stopped_commands", run_id)
    replay.case("pe_stopped_run", run_id)


def hardware_failure(replay: Replay) -> None:
    """Motions that fail, in a run, in a command, in the old route."""
    robot = replay.robot
    run_id = robot.create_run(robot.upload_and_analyze(ENGINE))
    robot.control("POST", "/motion_fault", json={"motion": "move", "after": 4})
    robot.play(run_id)
    replay.case("hwfail_run_get", run_id)
    replay.case("hwfail_run_commands", run_id)
    replay.case("hwfail_commandErrors", run_id)
    run_id = robot.create_run()
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    replay.case("hwfail_atomic_home", run_id)
    replay.case("hwfail_atomic_home_retry", run_id)
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    replay.case("hwfail_stateless_home")
    robot.control("POST", "/motion_fault", json={"motion": "home"})
    replay.case("hwfail_legacy_home")


def door(replay: Replay) -> None:
    """The door, with the safety setting and without."""
    robot = replay.robot
    protocol_id = robot.upload_and_analyze(ENGINE_DELAY)
    replay.case("get_robot_door_status")
    replay.case("door_settings_enable")
    replay.case("settings_after_door")
    run_id = robot.create_run(protocol_id)
    robot.control("POST", "/door", json={"open": True})
    replay.case("door_status_open")
    replay.case("door_play_while_open", run_id)
    robot.wait_for_status(run_id, "blocked-by-open-door")
    replay.case("door_play_while_blocked", run_id)
    replay.case("door_pause_while_blocked", run_id)
    replay.case("door_stateless_while_blocked")
    robot.control("POST", "/door", json={"open": False})
    robot.wait_for_status(run_id, "paused")
    robot.control("POST", "/speed", json={"speed": 5})
    replay.case("door_play_closed", run_id)
    robot.wait(lambda: _waiting(replay, run_id))
    robot.control("POST", "/door", json={"open": True})
    robot.wait_for_status(run_id, "blocked-by-open-door")
    replay.case("door_run_get_blocked", run_id)
    robot.control("POST", "/door", json={"open": False})
    robot.wait_for_status(run_id, "paused")
    replay.case("door_play_after_close", run_id)
    robot.control("POST", "/speed", json={"speed": "fast"})
    robot.wait_for_status(run_id, "succeeded")
    robot.control("POST", "/door", json={"open": True})
    run_id = robot.create_run()
    replay.case("door_atomic_home_open", run_id)
    replay.case("door_stateless_home_open")
    robot.request_json("POST", "/settings", json={"id": "enableDoorSafetySwitch", "value": False})
    replay.case("door_off_play_open", robot.create_run(protocol_id))


def custom_labware(replay: Replay) -> None:
    """A protocol with labware of its own."""
    replay.files["simple.py"] = CUSTOM_LABWARE
    protocol_id = replay.case("protocol_upload_custom_labware")["data"]["id"]
    replay.robot.analyzed(protocol_id)
    replay.case("protocol_custom_labware_analyses", protocol_id)


SCENARIOS = (
    protocol_and_first_run,
    succeeded_run,
    running_and_paused,
    stopped_from_idle,
    uncurrent_idle,
    paused_by_protocol,
    failed_runs,
    commands_among_a_protocol,
    engine_run,
    hardware_failure,
    door,
    custom_labware,
)
