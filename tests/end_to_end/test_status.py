"""The status of the robot through every fault: right within two poll intervals, and right again after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from tests.end_to_end.live import FollowedProperty, LiveServer, delays, live_server
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs the simulator's faults")

POLL_S = 0.4
"""After which a robot that does not answer is called silent."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture
def state_directory(folder: Path) -> Path:
    return folder / "state"


@pytest.fixture(scope="module")
def live_of_module(simulator_process: SimulatorProcess, folder: Path) -> Iterator[LiveServer]:
    intervals = {"active_interval_s": POLL_S, "idle_interval_s": POLL_S, "equipment_interval_s": POLL_S}
    with live_server(simulator_process, folder, runs=intervals, notifications={"enabled": False}) as live:
        yield live


@pytest.fixture
def live(live_of_module: LiveServer, simulator: SimulatorProcess) -> Iterator[LiveServer]:
    reconciling = live_of_module.client.atomic_liquid_handling.reconcile_state(confirm=True)
    wait_for(lambda: reconciling.done, lambda: "an earlier test's robot was restarted or reset during a run")
    wait_for(lambda: live_of_module.status.device_status.get() == "Ready", lambda: "it is not ready before the test")
    yield live_of_module
    live_of_module.let_go()


def is_reachable(contact: Any) -> bool:
    return bool(contact.state == "Reachable")


def reasons(contacts: FollowedProperty) -> list[str]:
    return [contact.reason for contact in contacts.values]


FAULTS = [
    ("error", {"InternalFailure"}),
    ("unavailable", {"Starting"}),
    ("reset", {"ConnectionLost"}),
    ("truncate", {"ConnectionLost", "SenselessAnswer"}),
    ("html", {"SenselessAnswer", "Starting", "InternalFailure"}),
    ("garbage", {"SenselessAnswer", "InternalFailure", "WrongDevice"}),
]


@pytest.mark.parametrize(("kind", "expected"), FAULTS, ids=[kind for kind, _ in FAULTS])
def test_wrong_answers(live: LiveServer, simulator: SimulatorProcess, kind: str, expected: set[str]) -> None:
    contacts, statuses = live.follow(live.status.reachability), live.follow(live.status.device_status)
    simulator.control("http_fault", kind=kind, method="GET", path="/**", count=None)
    contacts.becomes(lambda contact: not is_reachable(contact))
    statuses.becomes(lambda status: status == "Unreachable")
    assert contacts.newest.reason in expected
    assert contacts.newest.explanation
    (action,) = live.status.required_actions.get()
    assert action.code == "RestoreConnection"
    assert action.remedy
    assert live.status.allowed_actions.get() == []
    (last,) = live.status.last_error.get()
    assert last.occurred_at >= contacts.newest.changed_at.replace(microsecond=0)

    simulator.control("clear_http_faults")
    contacts.becomes(is_reachable)
    statuses.becomes(lambda status: status == "Ready")
    assert live.status.required_actions.get() == []


def test_a_robot_that_hangs(live: LiveServer, simulator: SimulatorProcess) -> None:
    contacts, statuses = live.follow(live.status.reachability), live.follow(live.status.device_status)
    runs = live.follow(live.client.run_controller.run_status)
    simulator.control("http_fault", kind="hang", method="GET", path="/**", count=None)
    contacts.becomes(lambda contact: contact.reason == "TimedOut")
    statuses.becomes(lambda status: status == "Unreachable")
    runs.becomes(lambda status: status == "Unknown")
    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    simulator.control("door", open=True)
    simulator.control("clear_http_faults")
    contacts.becomes(is_reachable)
    statuses.becomes(lambda status: status == "NeedsAttention")
    runs.becomes(lambda status: status == "NoRun")
    assert reasons(contacts) == ["None", "TimedOut", "None"]
    assert statuses.values == ["Ready", "Unreachable", "NeedsAttention"]  # never what it was before the silence


def test_a_single_route_that_hangs_does_not_make_the_robot_unreachable(
    live: LiveServer, simulator: SimulatorProcess
) -> None:
    contacts = live.follow(live.status.reachability)
    # Each of them: a reading that waits may be asked again over a new connection.
    simulator.control("http_fault", kind="hang", method="GET", path="/modules", count=1000)
    modules = lambda: live.status.last_error.get() and "modules" in live.status.last_error.get()[0].message  # noqa: E731
    wait_for(modules)
    simulator.control("clear_http_faults")
    assert reasons(contacts) == ["None"]


@pytest.mark.parametrize("refuse", [True, False], ids=["connections reset", "answers that it starts"])
def test_a_robot_that_restarts(live: LiveServer, simulator: SimulatorProcess, refuse: bool) -> None:
    contacts = live.follow(live.status.reachability)
    simulator.control("restart", down_s=2, refuse=refuse)
    contacts.becomes(lambda contact: not is_reachable(contact))
    assert contacts.newest.reason in (
        {"ConnectionLost", "ConnectionRefused"} if refuse else {"Starting", "ConnectionLost"}
    )
    contacts.becomes(is_reachable)
    wait_for(lambda: live.status.device_status.get() == "Ready")


def test_a_single_route_that_fails_is_an_error_and_no_loss_of_contact(
    live: LiveServer, simulator: SimulatorProcess
) -> None:
    contacts = live.follow(live.status.reachability)
    simulator.control("http_fault", kind="error", method="GET", path="/modules", count=2)
    wait_for(lambda: live.status.last_error.get() and "modules" in live.status.last_error.get()[0].message)
    assert reasons(contacts) == ["None"]
    assert live.status.device_status.get() == "Ready"


def test_the_door_while_nothing_runs(live: LiveServer, simulator: SimulatorProcess) -> None:
    doors, statuses = live.follow(live.status.door_state), live.follow(live.status.device_status)
    simulator.control("door", open=True)
    doors.becomes(lambda door: door == "Open")
    assert live.status.door_required_closed.get() is False
    assert statuses.values == ["Ready"]

    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    statuses.becomes(lambda status: status == "NeedsAttention")
    assert [action.code for action in live.status.required_actions.get()] == ["CloseDoor"]
    simulator.control("door", open=False)
    doors.becomes(lambda door: door == "Closed")
    statuses.becomes(lambda status: status == "Ready")


def test_the_door_in_a_run(live: LiveServer, simulator: SimulatorProcess) -> None:
    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    simulator.control("speed", speed=20)
    statuses, activities = live.follow(live.status.device_status), live.follow(live.status.activity)
    live.run(delays(1000, 1))
    statuses.becomes(lambda status: status == "Busy")
    activities.becomes(lambda work: work.kind == "Run" and work.run_identifier)
    wait_for(lambda: live.client.run_controller.run_status.get() == "Running")
    simulator.control("door", open=True)
    statuses.becomes(lambda status: status == "Paused")
    assert [action.code for action in live.status.required_actions.get()] == ["CloseDoor"]
    simulator.control("door", open=False)
    wait_for(lambda: [a.code for a in live.status.required_actions.get()] == ["ResumeRun"])
    assert any(name.endswith("ResumeRun") for name in live.status.allowed_actions.get())
    live.client.run_controller.resume_run()
    statuses.becomes(lambda status: status == "Busy")
    simulator.control("speed", speed="fast")
    statuses.becomes(lambda status: status == "Ready")
    activities.becomes(lambda work: work.kind == "None")


def test_another_client_has_the_robot(live: LiveServer, simulator: SimulatorProcess) -> None:
    activities = live.follow(live.status.activity)
    run_id = simulator.control("foreign", action="create")["data"]["id"]
    activities.becomes(lambda work: work.kind == "OtherClient")
    assert activities.newest.run_identifier == run_id
    assert live.status.device_status.get() == "Busy"
    simulator.control("foreign", action="stop")
    activities.becomes(lambda work: work.kind == "None")
    assert live.status.device_status.get() == "Ready"


def test_equipment_comes_and_goes(live: LiveServer, simulator: SimulatorProcess) -> None:
    modules = live.follow(live.client.module_provider.attached_modules)
    pipettes = live.follow(live.client.pipette_provider.attached_pipettes)
    serial = simulator.control("module", model="temperatureModuleV2")["serial"]
    modules.becomes(lambda attached: [module.serial_number for module in attached] == [serial])
    assert modules.newest[0].kind == "TemperatureModule"
    missing = live.follow(live.client.module_provider.missing_modules)
    simulator.control("unplug", serial=serial)
    missing.becomes(lambda rows: [row.serial_number for row in rows] == [serial])
    modules.becomes(lambda attached: attached == [])
    simulator.control("pipette", mount="left", pipette=None)
    pipettes.becomes(lambda attached: [pipette.mount for pipette in attached] == ["right"])


def test_the_lights_follow_other_clients(live: LiveServer, simulator: SimulatorProcess) -> None:
    lights = live.follow(live.client.device_lighting.rail_lights)
    simulator.control("foreign", action="lights", on=True)
    lights.becomes(lambda on: on is True)
    simulator.control("foreign", action="lights", on=False)
    lights.becomes(lambda on: on is False)


def test_what_is_read_again_and_again_fires_once(live: LiveServer) -> None:
    followed = [
        live.follow(live.status.device_status),
        live.follow(live.status.reachability),
        live.follow(live.status.activity),
        live.follow(live.client.pipette_provider.attached_pipettes),
        live.follow(live.client.calibration_provider.deck_calibration),
        live.follow(live.client.information_provider.software_version),
    ]
    (before,) = live.status.last_seen_at.get()
    wait_for(lambda: (live.status.last_seen_at.get()[0] - before).total_seconds() > 3 * POLL_S)
    assert [len(each.values) for each in followed] == [1] * len(followed)
    assert live.status.latency.get() > 0
    subjects = {time.subject for time in live.status.report_times.get()}
    assert subjects == {"Run", "Health", "Door", "RailLights", "Pipettes", "Modules", "Calibration"}


def test_the_verbs(live: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    def reported(*arguments: str) -> str:
        assert run([*arguments, "--server", f"127.0.0.1:{live.process.port}", "--insecure"]) == 0
        return capsys.readouterr().out

    rows = [line.split() for line in reported("status").splitlines()]
    assert ["Status", "Ready"] in rows
    known = json.loads(reported("status", "--json"))
    assert known["DeviceStatus"] == "Ready"
    assert known["AttachedPipettes"][0]["Mount"] == "left"
    watched = reported("watch", "OT2StatusProvider.DeviceStatus", "--count", "1", "--json")
    assert json.loads(watched)["value"] == "Ready"


def test_watching_what_there_is_not(live: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    place = ("--server", f"127.0.0.1:{live.process.port}", "--insecure")
    assert run(["watch", "OT2StatusProvider.Mood", *place]) == ExitCode.USAGE
    assert "It has Activity, " in capsys.readouterr().err


def test_unlocking_a_server_whose_client_has_crashed(
    live: LiveServer, state_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = live.client.lock_controller
    lock.lock_server(lock_identifier="a client that crashed", timeout=0)
    assert lock.is_locked.get() is True
    assert run(["unlock", "--state-dir", str(state_directory), "--reason", "its client has crashed"]) == 0
    assert capsys.readouterr().out == "The lock is broken.\n"
    assert lock.is_locked.get() is False
    assert run(["unlock", "--state-dir", str(state_directory)]) == 0
    assert capsys.readouterr().out == "The server was not locked.\n"
