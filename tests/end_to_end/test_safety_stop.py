"""StopNow: whatever is at work is stopped, whoever started it, and nothing moves until the stop is released."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sila2.framework import DefinedExecutionError, InvalidMetadata

from tests.end_to_end.atomic_client import DECLARED, AtomicClient, declaring
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, protocol
from tests.end_to_end.live import start_threads
from tests.processes import SimulatedRobot
from tests.waiting import wait_for

WAITING = protocol("protocol.delay(seconds=3000)")
CLOSED_PORT = "http://127.0.0.1:9"


class Stop:
    """The feature OT2SafetyStopController, and what the server says while its stop is latched."""

    def __init__(self, lab: Laboratory) -> None:
        self.lab = lab
        self.feature = lab.client.OT2SafetyStopController

    def now(self) -> Any:
        return finish(self.feature.StopNow())

    def release(self) -> None:
        self.feature.ReleaseStop()
        wait_for(lambda: "SafetyStopActive" not in self.lab.obstacles())
        assert not self.feature.SafetyStopActive.get()
        assert self.feature.LatchedAt.get() == []

    def is_shown(self) -> None:
        """Wait until everything that shows a latched stop does, and nothing is at work."""
        status = self.lab.client.OT2StatusProvider
        wait_for(lambda: status.DeviceStatus.get() == "Stopped", lambda: f"it is {status.DeviceStatus.get()}")
        assert self.feature.SafetyStopActive.get()
        assert len(self.feature.LatchedAt.get()) == 1
        assert "SafetyStopActive" in self.lab.obstacles()
        assert "ReleaseStop" in [action.Code for action in status.RequiredActions.get()]
        allowed = {action.rsplit("/", 1)[-1] for action in status.AllowedActions.get()}
        assert "ReleaseStop" in allowed
        assert not allowed & {"AtomicLiquidHandling", "RunProtocol", "ResumeRun", "Home", "DiscardTipUntracked"}


@pytest.fixture
def stop(atomic: AtomicClient) -> Iterator[Stop]:
    stop = Stop(atomic.lab)
    yield stop
    stop.feature.ReleaseStop()
    atomic.lab.clear()


def session_state(atomic: AtomicClient) -> str:
    return next((session.State for session in atomic.feature.Session.get()), "None")


def test_nothing_runs(stop: Stop) -> None:
    answer = stop.now()
    assert (answer.Effect, answer.RunIdentifier) == ("NothingRan", "")
    stop.is_shown()
    first = stop.feature.LatchedAt.get()
    assert stop.now().Effect == "NothingRan"
    assert stop.feature.LatchedAt.get() == first
    assert "SafetyStopActive" in [error.Code for error in stop.lab.client.OT2StatusProvider.LastError.get()]
    stop.release()
    stop.release()


def test_a_run_is_stopped_and_none_is_started_until_the_release(atomic: AtomicClient, stop: Stop) -> None:
    lab = atomic.lab
    atomic.robot.control("speed", speed=60)
    stored = lab.upload(WAITING)
    begun = lab.begin(stored)
    lab.until_status("Running")
    run_id = lab.current().RunIdentifier
    answer = stop.now()
    assert (answer.Effect, answer.RunIdentifier) == ("RunStopped", run_id)
    with pytest.raises(DefinedExecutionError, match="RunStopped"):
        finish(begun)
    stop.is_shown()
    runs = atomic.robot.request("GET", "/runs")["data"]
    assert next(run for run in runs if run["id"] == run_id)["status"] == "stopped"
    workflow = lab.client.OT2WorkflowService
    texts = {"ParameterValuesText": "", "ParameterFilesText": "", "RunLabel": "", "RequestKey": ""}
    for refused in (
        lambda: lab.run(stored),
        lambda: lab.create(stored),
        lambda: finish(workflow.RunStoredProtocol(ProtocolName=stored, **texts)),
        lambda: finish(workflow.RunProtocolText(FileName="p.py", ProtocolText=QUICK, **texts)),
    ):
        with pytest.raises(DefinedExecutionError, match="SafetyStopActive"):
            refused()
    assert len(atomic.robot.request("GET", "/runs")["data"]) == len(runs)
    stop.release()
    assert lab.run(lab.upload(QUICK)).Result == "Succeeded"


def test_a_run_that_waits_to_be_started_is_released(atomic: AtomicClient, stop: Stop) -> None:
    run_id = atomic.lab.create(atomic.lab.upload(QUICK))
    answer = stop.now()
    assert (answer.Effect, answer.RunIdentifier) == ("RunReleased", run_id)
    with pytest.raises(DefinedExecutionError, match="SafetyStopActive|RunActionNotAllowed"):
        finish(atomic.lab.start(run_id))
    stop.is_shown()


def test_a_run_of_another_client_is_stopped(atomic: AtomicClient, stop: Stop) -> None:
    atomic.robot.control("speed", speed=60)
    lab = atomic.lab
    run_id = lab.create(lab.upload(WAITING))
    lab.release(run_id)
    stored = next(iter(atomic.robot.request("GET", "/protocols")["data"]))["id"]
    theirs = atomic.robot.control("foreign", act="create", protocol_id=stored)["data"]["id"]
    atomic.robot.control("foreign", act="play", run_id=theirs)
    wait_for(lambda: atomic.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "running")
    answer = stop.now()
    assert (answer.Effect, answer.RunIdentifier) == ("RunStopped", theirs)
    assert atomic.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "stopped"


def test_an_idle_session_stays_and_nothing_of_it_moves(atomic: AtomicClient, stop: Stop) -> None:
    atomic.set_up()
    assert stop.now().Effect == "NothingRan"
    assert session_state(atomic) == "Ready"
    sent = len(atomic.wire.posted)
    for command in declaring("SafetyStopActive"):
        if command not in STAY_WITHOUT_REQUEST:
            assert atomic.error(command) in (*BEFORE_THE_STOP, "SafetyStopActive"), (command, atomic.message)
    assert atomic.error("Home") == "SafetyStopActive"
    assert atomic.error("PickUpTip") == "SafetyStopActive"
    assert len(atomic.wire.posted) == sent
    stop.release()
    atomic.do("PickUpTip")
    atomic.do("DropTip")


STAY_WITHOUT_REQUEST = frozenset({"OpenSession", "DefineLabware", "LoadPipette", "SetFlowRates", "SetMovementSpeed"})
"""Commands that send nothing that moves while a session is open."""
BEFORE_THE_STOP = frozenset(
    {"TipNotAttached", "SlotNotAvailable", "LocationUnknown", "ModuleMissing", "PipetteMissing"}
)
"""Refusals of what is planned, which comes first."""


def test_without_a_session_every_command_that_would_open_one_is_refused(atomic: AtomicClient, stop: Stop) -> None:
    stop.now()
    refused = {command for command in DECLARED if atomic.error(command) == "SafetyStopActive"}
    assert refused == set(declaring("SafetyStopActive"))
    assert session_state(atomic) == "None"
    assert atomic.robot.request("GET", "/runs")["links"].get("current") is None


def test_a_command_under_way_is_broken_off(atomic: AtomicClient, stop: Stop) -> None:
    atomic.set_up()
    atomic.do("PickUpTip")
    atomic.robot.control("speed", speed=1)
    begun = atomic.begin("Aspirate", Volume=100.0, FlowRate=1.0)
    wait_for(lambda: atomic.wire.posted[-1]["commandType"] == "aspirate")
    run_id = atomic.feature.Session.get()[0].RunIdentifier
    answer = stop.now()
    assert (answer.Effect, answer.RunIdentifier) == ("SessionBrokenOff", run_id)
    assert atomic.error_of(begun) == "SessionLost", atomic.message
    assert "in part" in atomic.message
    assert atomic.robot.request("GET", f"/runs/{run_id}")["data"]["status"] == "stopped"
    atomic.robot.control("speed", speed=60)
    assert atomic.error("OpenSession") == "SafetyStopActive"
    stop.release()
    wait_for(lambda: "NotReconciled" in atomic.lab.obstacles())  # the tip: the robot has forgotten it
    atomic.lab.reconcile()


def test_steps_that_were_still_to_come_are_not_sent(atomic: AtomicClient, stop: Stop) -> None:
    atomic.set_up()
    atomic.robot.control("speed", speed=1)
    begun = atomic.begin(
        "Transfer", SourceWells=["A1"] * 3, TargetWells=["B1", "B2", "B3"], Volumes=[100.0], FlowRate=1.0
    )
    wait_for(lambda: any(command["commandType"] == "aspirate" for command in atomic.wire.posted))
    stop.now()
    sent = len(atomic.wire.posted)
    assert atomic.error_of(begun) == "SessionLost", atomic.message
    assert len(atomic.wire.posted) == sent
    atomic.robot.control("speed", speed=60)
    stop.release()
    atomic.lab.reconcile()


def test_a_lock_keeps_nobody_from_stopping_but_from_releasing(atomic: AtomicClient, stop: Stop) -> None:
    lock = atomic.lab.client.LockController
    lock.LockServer("another's", 0)
    try:
        assert stop.now().Effect == "NothingRan"
        with pytest.raises(InvalidMetadata):
            stop.feature.ReleaseStop()
    finally:
        lock.UnlockServer("another's")


def test_the_opentrons_app_cannot_be_stopped_and_that_is_said(atomic: AtomicClient, stop: Stop) -> None:
    run_id = atomic.robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"]
    answer = stop.now()
    assert answer.Effect == "NothingRan"
    assert run_id in answer.Explanation
    assert "cannot be stopped from here" in answer.Explanation


@pytest.mark.simulator_only
def test_it_is_latched_across_a_restart_of_the_server(simulator: SimulatedRobot, tmp_path: Path) -> None:
    with laboratory(simulator.url, tmp_path) as lab:
        start_threads(lab.client)
        wait_for(lambda: lab.status() != "Unknown")
        Stop(lab).now()
        latched = lab.client.OT2SafetyStopController.LatchedAt.get()
    with laboratory(simulator.url, tmp_path) as lab:
        start_threads(lab.client)
        wait_for(lambda: lab.status() != "Unknown")
        stop = Stop(lab)
        stop.is_shown()
        assert stop.feature.LatchedAt.get() == latched
        with pytest.raises(DefinedExecutionError, match="SafetyStopActive"):
            lab.run(lab.upload(QUICK))
        stop.release()
        assert lab.run(lab.upload(QUICK)).Result == "Succeeded"


def test_a_robot_out_of_reach_latches_and_says_that_it_may_move(tmp_path: Path) -> None:
    with laboratory(CLOSED_PORT, tmp_path) as lab:
        start_threads(lab.client)
        stop = Stop(lab)
        with pytest.raises(DefinedExecutionError, match="RobotUnreachable.*latched.*may have moved"):
            stop.now()
        assert stop.feature.SafetyStopActive.get()
