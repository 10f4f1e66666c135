"""The status of the robot through every fault: right within two poll intervals, and right again after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode
from tests.end_to_end.live import Followed, LiveServer, delays, live_server
from tests.processes import SimulatedRobot
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
def live_of_module(simulator_process: SimulatedRobot, folder: Path) -> Iterator[LiveServer]:
    intervals = {"active_interval_s": POLL_S, "idle_interval_s": POLL_S, "equipment_interval_s": POLL_S}
    with live_server(simulator_process, folder, runs=intervals, notifications={"enabled": False}) as live:
        yield live


@pytest.fixture
def live(live_of_module: LiveServer, simulator: SimulatedRobot) -> Iterator[LiveServer]:
    reconciling = live_of_module.client.AtomicLiquidHandling.ReconcileState(TipStates=[], Confirm=True)
    wait_for(lambda: reconciling.done, lambda: "an earlier test's robot was restarted or reset during a run")
    wait_for(lambda: live_of_module.status.DeviceStatus.get() == "Ready", lambda: "it is not ready before the test")
    yield live_of_module
    live_of_module.let_go()


def is_reachable(contact: Any) -> bool:
    return bool(contact.State == "Reachable")


def reasons(contacts: Followed) -> list[str]:
    return [contact.Reason for contact in contacts.values]


FAULTS = [
    ("error", {"InternalFailure"}),
    ("unavailable", {"Starting"}),
    ("reset", {"ConnectionLost"}),
    ("truncate", {"ConnectionLost", "SenselessAnswer"}),
    ("html", {"SenselessAnswer", "Starting", "InternalFailure"}),
    ("garbage", {"SenselessAnswer", "InternalFailure", "WrongDevice"}),
]


@pytest.mark.parametrize(("kind", "expected"), FAULTS, ids=[kind for kind, _ in FAULTS])
def test_wrong_answers(live: LiveServer, simulator: SimulatedRobot, kind: str, expected: set[str]) -> None:
    contacts, statuses = live.follow(live.status.Reachability), live.follow(live.status.DeviceStatus)
    simulator.control("http_fault", kind=kind, method="GET", path="/**", count=None)
    contacts.becomes(lambda contact: not is_reachable(contact))
    statuses.becomes(lambda status: status == "Unreachable")
    assert contacts.newest.Reason in expected
    assert contacts.newest.Explanation
    (action,) = live.status.RequiredActions.get()
    assert action.Code == "RestoreConnection"
    assert action.Remedy
    assert live.status.AllowedActions.get() == []
    (last,) = live.status.LastError.get()
    assert last.OccurredAt >= contacts.newest.ChangedAt.replace(microsecond=0)

    simulator.control("clear_http_faults")
    contacts.becomes(is_reachable)
    statuses.becomes(lambda status: status == "Ready")
    assert live.status.RequiredActions.get() == []


def test_a_robot_that_hangs(live: LiveServer, simulator: SimulatedRobot) -> None:
    contacts, statuses = live.follow(live.status.Reachability), live.follow(live.status.DeviceStatus)
    runs = live.follow(live.client.RunController.RunStatus)
    simulator.control("http_fault", kind="hang", method="GET", path="/**", count=None)
    contacts.becomes(lambda contact: contact.Reason == "TimedOut")
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


def test_a_single_route_that_hangs_is_no_loss_of_contact(live: LiveServer, simulator: SimulatedRobot) -> None:
    contacts = live.follow(live.status.Reachability)
    # Each of them: a reading that waits may be asked again over a new connection.
    simulator.control("http_fault", kind="hang", method="GET", path="/modules", count=1000)
    modules = lambda: live.status.LastError.get() and "modules" in live.status.LastError.get()[0].Message  # noqa: E731
    wait_for(modules)
    simulator.control("clear_http_faults")
    assert reasons(contacts) == ["None"]


@pytest.mark.parametrize("refuse", [True, False], ids=["connections reset", "answers that it starts"])
def test_a_robot_that_restarts(live: LiveServer, simulator: SimulatedRobot, refuse: bool) -> None:
    contacts = live.follow(live.status.Reachability)
    simulator.control("restart", down_s=2, refuse=refuse)
    contacts.becomes(lambda contact: not is_reachable(contact))
    assert contacts.newest.Reason in (
        {"ConnectionLost", "ConnectionRefused"} if refuse else {"Starting", "ConnectionLost"}
    )
    contacts.becomes(is_reachable)
    wait_for(lambda: live.status.DeviceStatus.get() == "Ready")


def test_a_single_route_that_fails_is_an_error_and_no_loss_of_contact(
    live: LiveServer, simulator: SimulatedRobot
) -> None:
    contacts = live.follow(live.status.Reachability)
    simulator.control("http_fault", kind="error", method="GET", path="/modules", count=2)
    wait_for(lambda: live.status.LastError.get() and "modules" in live.status.LastError.get()[0].Message)
    assert reasons(contacts) == ["None"]
    assert live.status.DeviceStatus.get() == "Ready"


def test_the_door_while_nothing_runs(live: LiveServer, simulator: SimulatedRobot) -> None:
    doors, statuses = live.follow(live.status.DoorState), live.follow(live.status.DeviceStatus)
    simulator.control("door", open=True)
    doors.becomes(lambda door: door == "Open")
    assert live.status.DoorRequiredClosed.get() is False
    assert statuses.values == ["Ready"]

    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    statuses.becomes(lambda status: status == "NeedsAttention")
    assert [action.Code for action in live.status.RequiredActions.get()] == ["CloseDoor"]
    simulator.control("door", open=False)
    doors.becomes(lambda door: door == "Closed")
    statuses.becomes(lambda status: status == "Ready")


def test_the_door_in_a_run(live: LiveServer, simulator: SimulatedRobot) -> None:
    simulator.request("POST", "/settings", {"id": "enableDoorSafetySwitch", "value": True})
    simulator.control("speed", speed=20)
    statuses, activities = live.follow(live.status.DeviceStatus), live.follow(live.status.Activity)
    live.run(delays(1000, 1))
    statuses.becomes(lambda status: status == "Busy")
    activities.becomes(lambda work: work.Kind == "Run" and work.RunIdentifier)
    wait_for(lambda: live.client.RunController.RunStatus.get() == "Running")
    simulator.control("door", open=True)
    statuses.becomes(lambda status: status == "Paused")
    assert [action.Code for action in live.status.RequiredActions.get()] == ["CloseDoor"]
    simulator.control("door", open=False)
    wait_for(lambda: [a.Code for a in live.status.RequiredActions.get()] == ["ResumeRun"])
    assert any(name.endswith("ResumeRun") for name in live.status.AllowedActions.get())
    live.client.RunController.ResumeRun(RunIdentifier="")
    statuses.becomes(lambda status: status == "Busy")
    simulator.control("speed", speed="fast")
    statuses.becomes(lambda status: status == "Ready")
    activities.becomes(lambda work: work.Kind == "None")


def test_another_client_has_the_robot(live: LiveServer, simulator: SimulatedRobot) -> None:
    activities = live.follow(live.status.Activity)
    run_id = simulator.control("foreign", act="create")["data"]["id"]
    activities.becomes(lambda work: work.Kind == "OtherClient")
    assert activities.newest.RunIdentifier == run_id
    assert live.status.DeviceStatus.get() == "Busy"
    simulator.control("foreign", act="stop")
    activities.becomes(lambda work: work.Kind == "None")
    assert live.status.DeviceStatus.get() == "Ready"


def test_equipment_comes_and_goes(live: LiveServer, simulator: SimulatedRobot) -> None:
    modules = live.follow(live.client.OT2ModuleProvider.AttachedModules)
    pipettes = live.follow(live.client.OT2PipetteProvider.AttachedPipettes)
    serial = simulator.control("module", model="temperatureModuleV2")["serial"]
    modules.becomes(lambda attached: [module.SerialNumber for module in attached] == [serial])
    assert modules.newest[0].Kind == "TemperatureModule"
    missing = live.follow(live.client.OT2ModuleProvider.MissingModules)
    simulator.control("unplug", serial=serial)
    missing.becomes(lambda rows: [row.SerialNumber for row in rows] == [serial])
    modules.becomes(lambda attached: attached == [])
    simulator.control("pipette", mount="left", pipette=None)
    pipettes.becomes(lambda attached: [pipette.Mount for pipette in attached] == ["right"])


def test_the_lights_follow_other_clients(live: LiveServer, simulator: SimulatedRobot) -> None:
    lights = live.follow(live.client.DeviceLighting.RailLights)
    simulator.control("foreign", act="lights", on=True)
    lights.becomes(lambda on: on is True)
    simulator.control("foreign", act="lights", on=False)
    lights.becomes(lambda on: on is False)


def test_what_is_read_again_and_again_fires_once(live: LiveServer) -> None:
    followed = [
        live.follow(live.status.DeviceStatus),
        live.follow(live.status.Reachability),
        live.follow(live.status.Activity),
        live.follow(live.client.OT2PipetteProvider.AttachedPipettes),
        live.follow(live.client.OT2CalibrationProvider.DeckCalibration),
        live.follow(live.client.OT2InformationProvider.SoftwareVersion),
    ]
    (before,) = live.status.LastSeenAt.get()
    wait_for(lambda: (live.status.LastSeenAt.get()[0] - before).total_seconds() > 3 * POLL_S)
    assert [len(each.values) for each in followed] == [1] * len(followed)
    assert live.status.Latency.get() > 0
    subjects = {time.Subject for time in live.status.ReportTimes.get()}
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
    lock = live.client.LockController
    lock.LockServer(LockIdentifier="a client that crashed", Timeout=0)
    assert lock.IsLocked.get() is True
    assert run(["unlock", "--state-dir", str(state_directory), "--reason", "its client has crashed"]) == 0
    assert capsys.readouterr().out == "The lock is broken.\n"
    assert lock.IsLocked.get() is False
    assert run(["unlock", "--state-dir", str(state_directory)]) == 0
    assert capsys.readouterr().out == "The server was not locked.\n"
