"""The kinds of faults that this server must not have, and the tests that would find each; the reference shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaultKind:
    """One kind.

    Attributes:
        name: what goes wrong.
        tests: below `tests/`: "folder/test_file.py::test_function".
    """

    name: str
    tests: tuple[str, ...]


def _kind(name: str, *tests: str) -> FaultKind:
    return FaultKind(name, tests)


SESSION = "unit/driver/session"
KINDS_OF_FAULTS: dict[str, tuple[FaultKind, ...]] = {
    "State that is wrong, late or missing": (
        _kind(
            "a state of the robot is not seen: maintenance runs, calibrations",
            "end_to_end/test_other_clients_at_random.py::test_driver_says_what_the_robot_says_whatever_other_clients_do",
            "end_to_end/test_other_clients.py::test_nothing_moves_while_somebody_works_with_the_app",
            "unit/driver/ownership/test_owner_table.py::test_cell",
        ),
        _kind(
            "the robot contradicts itself: a current run that it cannot find",
            "end_to_end/test_other_clients.py::test_half_created_run_of_another_client_gives_way_to_a_run",
            "end_to_end/test_other_clients.py::test_half_created_run_of_another_client_gives_way_to_a_session",
        ),
        _kind(
            "confirmed before it is published",
            "end_to_end/test_properties_after_commands.py",
            "unit/driver/runs/test_runs.py::test_who_reads_after_a_confirmation_sees_its_effect",
            "interleavings/test_interleavings.py::test_every_schedule_with_two_preemptions_is_right",
        ),
        _kind(
            "decided from an old reading",
            f"{SESSION}/test_session.py::test_no_movement_of_a_command_begins_without_a_look_at_the_robot",
            f"{SESSION}/test_session.py::test_the_door_is_read_at_the_moment_of_each_movement",
            "unit/driver/ownership/test_ownership.py::test_a_reading_that_began_earlier_does_not_undo_what_is_known",
        ),
        _kind(
            "what others do in our own run is not seen",
            f"{SESSION}/test_tips_of_others.py::test_tip_that_another_client_picks_up_in_our_session_is_known",
            "end_to_end/test_forgotten_tips.py::test_tip_that_another_client_picks_up_in_our_session_is_shown",
        ),
        _kind(
            "a fault that no status shows",
            "end_to_end/test_forgotten_tips.py::test_failed_movement_is_shown_until_somebody_has_looked",
            "end_to_end/test_runs.py::test_robot_restarts_in_the_middle_of_a_run",
        ),
        _kind(
            "a tip is left on by the Opentrons App, or by a run that has just ended",
            "unit/driver/tracking/left_behind/test_tips_left_behind.py"
            "::test_a_run_that_is_gone_before_it_was_read_once_leaves_its_tip_in_doubt",
            f"{SESSION}/test_tips_of_others.py"
            "::test_nothing_starts_after_the_app_has_left_a_tip_on_while_it_was_prepared",
            f"{SESSION}/test_tips_of_others.py"
            "::test_a_tip_that_the_robot_forgets_with_the_end_of_the_apps_work_is_not_moved",
            "unit/driver/modules/test_gantry_commands.py::test_each_is_answered_correctly_and_carried_out_at_most_once",
        ),
        _kind(
            "the hardware is halted while an arm may be inside",
            "unit/driver/labware_transfer/test_interrupted_handovers.py::test_reconciling_ends_no_session_under_the_arm",
            "unit/driver/ownership/test_owner_table.py::test_cell",
        ),
        _kind(
            "a robot of a release to come is misunderstood",
            "end_to_end/test_future_robots.py::test_no_robot_of_a_release_to_come_is_misunderstood",
            "unit/driver/tracking/test_odd_parameters.py::test_no_parameter_of_a_command_is_an_error",
        ),
        _kind(
            "a slow robot is taken for a lost one",
            "unit/driver/monitor/test_slowness.py",
            "unit/driver/monitor/test_liveness.py",
        ),
        _kind(
            "numbers that are guessed",
            "unit/driver/tracking/status/test_progress.py::test_run_of_unknown_length",
            "unit/driver/monitor/test_monitor.py::test_paused_is_reported_of_our_run_only_and_never_guessed",
        ),
        _kind(
            "tips that were used count as new",
            f"{SESSION}/test_tips_of_others.py::test_only_tips_that_a_stopped_worklist_has_begun_to_pick_up_are_used",
        ),
        _kind(
            "accepted and without effect",
            "end_to_end/test_runs.py::test_offsets_that_fit_nothing_are_refused",
        ),
        _kind(
            "a part is taken for another one",
            "end_to_end/test_odd_files.py::test_module_of_another_generation_is_missed_before_the_start",
            "unit/driver/runs/test_compatibility.py",
        ),
        _kind(
            "another robot at the same address",
            "unit/driver/ownership/test_robot_identity.py",
        ),
        _kind(
            "a tip that the robot has forgotten is moved",
            f"{SESSION}/test_forgotten_tips.py"
            "::test_however_a_session_ends_no_tip_is_moved_that_the_robot_has_forgotten",
            "end_to_end/test_forgotten_tips.py::test_only_discarding_moves_a_forgotten_tip",
        ),
        _kind(
            "the run's engine knows less than the modules",
            "end_to_end/test_modules_in_sessions.py::test_latch_and_shaking_of_others",
            "unit/driver/deck/checks/test_module_safety.py",
        ),
        _kind(
            "single commands are checked less than protocols",
            "simulator/test_deck_rules.py::test_both_refuse_the_same",
            "end_to_end/test_deck_rules.py",
        ),
        _kind(
            "time that is not counted",
            "unit/driver/tracking/steps/test_module_times.py",
            f"{SESSION}/test_progress.py::test_long_command_progresses_while_it_is_at_work",
        ),
        _kind(
            "a cause that is not the cause",
            "unit/driver/tracking/status/test_incidents.py::test_module_that_vanished_for_a_while_is_named_with_the_time",
        ),
    ),
    "A wrong error, or one that is not declared": (
        _kind(
            "an error that the feature does not declare",
            "end_to_end/test_obstacles.py::test_no_error_is_undefined",
            "unit/implementations/test_pausing.py::test_a_refusal_of_any_kind_is_an_error_that_the_feature_declares",
            "end_to_end/test_fault_matrix.py::test_outcome_is_true",
        ),
        _kind(
            "an internal error for input that can be foreseen",
            "end_to_end/test_odd_input.py::test_any_call_is_answered_and_leaves_no_fault_in_the_log",
            "end_to_end/test_odd_input.py::test_any_file_is_taken_or_refused",
        ),
        _kind(
            "the documentation promises something else",
            "unit/driver/ownership/test_owner_table.py::test_cell",
            "end_to_end/test_odd_files.py::test_files_are_found_under_the_names_they_were_given",
            "docs/test_documents.py::test_programs_run",
        ),
        _kind(
            "a remedy that leads into danger, or in a circle",
            "end_to_end/test_command_line.py::test_the_error_of_a_second_server_does_not_propose_another_state_directory",
            "unit/cli/test_simulate.py::test_missing_engine_is_named_with_its_remedy",
        ),
    ),
    "Time and resources": (
        _kind(
            "a client's file holds up the server",
            "unit/driver/test_hostile_files.py::test_others_go_on_while_a_file_is_read",
            "end_to_end/test_large_upload.py",
        ),
        _kind(
            "a lock is held while the robot is asked",
            "end_to_end/test_hanging_requests.py::test_interrupts_and_reads_go_on_while_a_request_hangs",
            "end_to_end/test_hanging_requests.py::test_many_hung_stops_and_pauses_block_no_further_one",
            "unit/driver/requests/test_safety_stop.py"
            "::test_what_is_being_written_down_when_the_stop_is_latched_is_not_sent",
            "interleavings/test_interleavings.py::test_planted_fault_is_found",
        ),
        _kind(
            "a time-out for each read instead of a deadline",
            "unit/robot/test_network.py::test_a_robot_that_drips_is_not_waited_for",
            "end_to_end/test_fault_matrix.py::test_outcome_is_true",
        ),
        _kind(
            "no bound on what the robot or its broker sends",
            "unit/robot/test_network.py::test_an_answer_without_end_is_lost",
            "contract/test_robot_events.py::test_a_broker_that_floods_is_left",
        ),
        _kind(
            "an unforeseen error between sending a request and noting its answer",
            "unit/driver/requests/test_request_log.py::test_whatever_is_raised_after_sending_is_a_lost_answer",
            "unit/driver/requests/test_request_log.py::test_what_no_database_keeps_does_not_hold_up_the_journal",
        ),
        _kind(
            '"nothing was done" is believed too easily',
            "unit/robot/test_transport.py::test_any_other_503_does_not_say_that_nothing_was_done",
            "unit/driver/requests/test_request_log.py"
            "::test_not_done_is_believed_only_of_a_reading_that_begins_long_after_sending",
            "end_to_end/test_fault_matrix.py::test_outcome_is_true",
        ),
        _kind(
            "a workaround that repeats a request",
            "unit/driver/requests/test_request_log.py::test_run_that_a_failing_robot_has_created_is_found",
            "unit/driver/runs/test_runs.py"
            "::test_half_created_run_of_release_8_is_cleared_and_creation_asked_for_once_more",
        ),
        _kind(
            "file descriptors run out",
            "unit/robot/test_descriptors.py::test_the_robot_is_reached_when_all_descriptors_are_taken",
            "unit/sila/test_limits.py::test_connections_are_bounded_and_age_out",
        ),
        _kind(
            "threads that meet in an order that nobody has thought of",
            "interleavings/test_interleavings.py::test_every_schedule_with_two_preemptions_is_right",
            "interleavings/test_interleavings.py::test_preemption_at_any_line_outside_locks_is_harmless",
        ),
    ),
    "Files": (
        _kind(
            "files that are written in place",
            "unit/store/test_run_logs.py::test_kill_while_a_log_is_compressed_loses_nothing",
            "end_to_end/test_kills.py::test_ten_kills_lose_nothing_that_was_confirmed",
        ),
        _kind(
            "the robot's clock orders the archive",
            "unit/store/test_run_archive.py::test_a_run_that_the_robot_dates_wrongly_is_the_newest_all_the_same",
        ),
        _kind(
            "a newer or damaged database",
            "unit/store/test_database.py::test_a_newer_database_is_refused_with_its_path",
            "end_to_end/test_state_directory.py::test_a_database_that_cannot_be_used_is_refused_unchanged",
        ),
        _kind(
            "files that others can read",
            "end_to_end/test_state_directory.py::test_nobody_else_can_read_what_is_kept",
        ),
        _kind(
            "a full disk hides what the robot does",
            "unit/driver/monitor/test_full_disk.py::test_the_status_is_what_the_robot_says_and_the_log_is_complete_later",
            "unit/driver/monitor/test_full_disk.py::test_a_run_that_is_gone_is_shown_as_gone",
        ),
        _kind(
            "a start that fails and changes something; a full disk",
            "end_to_end/test_state_directory.py::test_a_second_server_on_a_used_directory_changes_nothing",
            "end_to_end/test_state_directory.py::test_a_start_that_fails_leaves_no_directories",
            "end_to_end/test_state_directory.py::test_a_full_disk_is_reported_and_nothing_is_half_done",
        ),
    ),
    "Permission": (
        _kind(
            "something moves the robot without the lock",
            "end_to_end/test_lock_matrix.py::test_every_command_is_answered_as_the_lock_and_the_robot_demand",
            "unit/sila/controllers/test_controllers.py::test_resuming_needs_the_lock_and_pausing_does_not",
        ),
        _kind(
            "a lock lapses under its holder's command",
            "unit/sila/controllers/test_controllers.py::test_lock_is_kept_alive_by_a_command_that_was_begun_with_it",
            "interleavings/test_interleavings.py::test_every_schedule_with_two_preemptions_is_right",
        ),
        _kind(
            "the name of a locked server is changed",
            "unit/sila/controllers/test_controllers.py::test_name_of_a_locked_server_stays",
            "unit/sila/test_bindings.py::test_name_that_cannot_be_shown_or_announced_is_refused",
        ),
    ),
    "For operators and newcomers": (
        _kind(
            "a wrong or dead address of the robot is not reported",
            "end_to_end/test_command_line.py::test_robot_that_is_off_is_reported_to_the_client",
            "unit/config/test_config.py::test_senseless_address_of_the_robot_is_refused_with_an_example",
        ),
        _kind(
            "the log says nothing of what happens",
            "unit/driver/logs/test_event_log.py",
            "end_to_end/test_event_lines.py::test_each_event_is_one_line_of_the_log",
        ),
        _kind(
            "a fault that is given another cause",
            "unit/cli/test_serve.py::test_a_start_that_fails_is_one_line_with_the_cause_and_the_remedy",
            "end_to_end/test_command_line.py::test_a_verb_with_the_wrong_encryption_option_reports_it",
        ),
        _kind(
            "a warning about what the tests run on",
            "unit/robot/test_releases.py::test_the_release_of_the_simulator_counts_as_tested_only_in_the_simulator",
        ),
        _kind(
            "two servers with one identity",
            "unit/sila/discovery/test_discovery.py"
            "::test_second_server_with_the_same_uuid_reports_it_and_leaves_the_first_one_alone",
        ),
        _kind(
            "values that are cut off",
            "unit/cli/test_discover.py::test_nothing_is_cut_in_a_narrow_terminal",
            "unit/cli/test_status.py::test_everything_is_shown_one_fact_a_line",
        ),
        _kind(
            "a misspelled setting",
            "unit/config/test_config.py::test_unknown_setting_in_the_file_is_refused_with_the_nearest",
        ),
        _kind(
            "a broker of somebody else is believed",
            "contract/test_robot_events.py::test_broker_of_somebody_else_is_not_believed",
        ),
        _kind(
            "volumes below a pipette's range",
            "unit/driver/deck/checks/test_volume_limits.py",
        ),
        _kind(
            "private files in a distribution",
            "unit/test_wheel.py::test_what_the_tutorial_leaves_behind_is_not_in_the_source_distribution",
        ),
    ),
}
"""By what is at stake."""


def table() -> str:
    """Return the kinds and their tests in Markdown."""
    parts = []
    for heading, kinds in KINDS_OF_FAULTS.items():
        rows = [f"| {kind.name} | {'<br>'.join(f'`{test}`' for test in kind.tests)} |" for kind in kinds]
        parts.append("\n".join([f"### {heading}\n", "| kind | found by, in `tests/` |", "| --- | --- |", *rows]))
    return "\n\n".join(parts)
