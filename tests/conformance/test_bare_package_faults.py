"""Each fault of the sila2 package, shown on the package itself, and the test that shows it is put right here.

The faults are tried once, together, on the bare package in a process of its own (`bare_package`). A fault that is gone
there (another release?) fails here: then what the room does against it may be given up.

Some faults show too rarely or too slowly to be tried at every run; what was measured on sila2 0.14.0:

* Info streams opened in the moment a command ends hang for ever: 29 of 7,380
  (`test_info_opened_as_a_command_ends_never_hangs`);
* a subscription cancelled while the value changes freezes the property for ever: after 2 s and 9 s with the shortest
  switch interval (`test_subscribers_that_come_and_go_while_values_change_freeze_nothing`);
* streams cancelled at once stay registered for ever: 496 of 12,763 (`test_streams_of_vanished_clients_are_freed`);
* with an address of all interfaces the server announces 127.0.0.1 where the host's name stands for that
  (`test_all_interfaces_stand_for_each_address_of_this_computer`);
* an announcement with an RSA certificate does not fit one packet (`test_answer_fits_one_packet`);
* a client that vanishes without a word keeps its streams (`test_vanished_client_is_noticed_and_its_streams_are_freed`);
* every value of type Any leaves 38 kB (`test_any_values_leave_nothing_behind`).
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "tests" / "unit" / "sila"

PUT_RIGHT = {
    "second_server_shares_the_port": "test_server.py::test_second_server_on_the_port_is_refused",
    "all_calls_die_when_subscriptions_take_the_workers": (
        "test_limits.py::test_subscriptions_beyond_the_cap_are_refused_and_other_calls_go_on"
    ),
    "invalid_value_freezes_a_property": (
        "test_properties.py::test_invalid_value_raises_at_the_setter_and_freezes_nothing"
    ),
    "equal_values_are_sent_again": "test_properties.py::test_equal_values_are_sent_once",
    "busy_is_confirmed_and_refused_in_the_result": (
        "test_admission.py::test_busy_is_refused_at_initiation_and_not_in_the_result"
    ),
    "result_is_gone_when_the_command_outlives_its_lifetime": "test_executions.py::test_lifetime_runs_from_the_end",
    "finished_command_keeps_a_thread": "test_executions.py::test_finished_executions_have_no_threads",
    "stop_waits_for_running_commands": "test_server.py::test_stop_ends_within_its_grace_whatever_runs",
    "failure_after_the_start_never_ends_the_process": ("test_server.py::test_failure_after_the_start_ends_the_process"),
    "upload_for_an_unknown_parameter_is_taken": (
        "test_binaries.py::test_an_upload_for_a_parameter_that_is_not_binary_is_refused"
    ),
    "upload_of_a_million_chunks_is_taken": (
        "test_binaries.py::test_uploads_beyond_a_limit_are_refused_before_anything_is_kept"
    ),
    "more_bytes_than_announced_are_taken": "test_binaries.py::test_more_bytes_than_announced_are_refused",
    "used_upload_is_never_freed": "test_binaries.py::test_upload_is_freed_when_its_command_has_used_it",
    "second_server_takes_the_binaries_of_the_first": (
        "test_server.py::test_two_servers_in_one_process_take_binaries_each_for_itself"
    ),
    "description_of_an_any_value_is_executed": "test_peers.py::test_description_of_an_any_value_is_not_executed",
    "description_of_a_feature_is_executed": (
        "test_peers.py::test_description_served_by_a_server_is_not_executed_by_a_client"
    ),
    "two_features_of_one_name_collide": (
        "test_server.py::test_two_features_of_one_name_and_different_content_share_a_process"
    ),
    "constrained_list_refuses_every_call": (
        "test_call_errors.py::test_constrained_list_as_parameter_is_read_and_checked"
    ),
    "infinity_is_accepted": "test_call_errors.py::test_numbers_that_are_not_finite_are_refused",
    "text_of_bugs_reaches_the_client": "test_call_errors.py::test_text_of_our_own_bugs_stays_in_the_log",
    "long_error_text_is_lost": "test_call_errors.py::test_long_error_text_is_shortened_and_arrives",
    "exit_in_an_implementation_hangs_the_call": (
        "test_call_errors.py::test_exit_raised_by_an_implementation_ends_the_call_not_the_server"
    ),
    "parameters_are_logged": "test_call_errors.py::test_parameters_do_not_reach_the_log",
    "unlocked_server_refuses_calls_without_an_identifier": (
        "test_controllers.py::test_unlocked_server_asks_nobody_for_the_identifier"
    ),
    "lock_without_a_timeout_never_locks": (
        "test_controllers.py::test_a_timeout_of_zero_never_ends_and_a_negative_one_is_refused"
    ),
    "certificate_is_another_at_every_start": "test_identity.py::test_identity_stays_the_same_from_start_to_start",
    "certificate_has_no_names": "test_identity.py::test_certificate_is_what_the_standard_wants",
    "ipv6_gets_no_certificate": "test_identity.py::test_ipv6_is_served_and_named",
    "multicast_is_opened_without_discovery": "test_server.py::test_no_multicast_socket_without_an_announcer",
}


@pytest.fixture(scope="module")
def bare_package() -> dict[str, bool]:
    """Which faults the package shows by itself."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    environment = {k: v for k, v in os.environ.items() if k != "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"}
    finished = subprocess.run(
        [sys.executable, "-m", "tests.conformance.bare_package"],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert finished.returncode == 0, finished.stderr
    found: dict[str, bool] = json.loads(finished.stdout)
    return found


@pytest.mark.parametrize("fault", PUT_RIGHT)
def test_bare_package_has_the_fault(bare_package: dict[str, bool], fault: Any) -> None:
    assert bare_package[fault]


def test_every_fault_tried_has_its_test(bare_package: dict[str, bool]) -> None:
    assert set(bare_package) == set(PUT_RIGHT)
    for test in PUT_RIGHT.values():
        file, name = test.split("::")
        (path,) = RUNTIME.rglob(file)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test
