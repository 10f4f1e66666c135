"""StopNow: whatever is at work is stopped, whoever started it, and nothing moves until the stop is released."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import DECLARED, AtomicClient, declaring
from tests.end_to_end.laboratory import QUICK, Laboratory, finish, laboratory, protocol
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

WAITING = protocol("protocol.delay(seconds=3000)")
CLOSED_PORT = "http://127.0.0.1:9"


class Stop:
    """The feature OT2SafetyStopController, and what the server says while its stop is latched."""

    def __init__(self, lab: Laboratory) -> None:
        self.lab = lab
        self.feature = lab.client.safety_stop_controller

    def now(self) -> Any:
        return finish(self.feature.stop_now())

    def release(self) -> None:
        self.feature.release_stop()
        wait_for(lambda: "SafetyStopActive" not in self.lab.obstacles())
        assert not self.feature.safety_stop_active.get()
        assert self.feature.latched_at.get() == []

    def is_shown(self) -> None:
        """Wait until everything that shows a latched stop does, and nothing is at work."""
        status = self.lab.client.status_provider
        wait_for(lambda: status.device_status.get() == "Stopped", lambda: f"it is {status.device_status.get()}")
        assert self.feature.safety_stop_active.get()
        assert len(self.feature.latched_at.get()) == 1
        assert "SafetyStopActive" in self.lab.obstacles()
        assert "ReleaseStop" in [action.code for action in status.required_actions.get()]
        allowed = {action.rsplit("/", 1)[-1] for action in status.allowed_actions.get()}
        assert "ReleaseStop" in allowed
        assert not allowed & {"AtomicLiquidHandling", "RunProtocol", "ResumeRun", "Home", "DiscardTipUntracked"}


@pytest.fixture
def stop(atomic: AtomicClient) -> Iterator[Stop]:
    stop = Stop(atomic.lab)
    yield stop
    stop.feature.release_stop()
    atomic.lab.clear()


def session_state(atomic: AtomicClient) -> str:
    return next((session.state for session in atomic.feature.session.get()), "None")


def test_nothing_runs(stop: Stop) -> None:
    answer = stop.now()
    assert (answer.effect, answer.run_identifier) == ("NothingRan", "")
    stop.is_shown()
    first = stop.feature.latched_at.get()
    assert stop.now().effect == "NothingRan"
    assert stop.feature.latched_at.get() == first
    assert "SafetyStopActive" in [error.code for error in stop.lab.client.status_provider.last_error.get()]
    stop.release()
    stop.release()


def test_a_run_is_stopped_and_none_is_started_until_the_release(atomic: AtomicClient, stop: Stop) -> None:
    lab = atomic.lab
    atomic.robot.control("speed", speed=60)
    stored = lab.upload(WAITING)
    begun = lab.begin(stored)
    lab.until_status("Running")
    run_id = lab.current().run_identifier
    answer = stop.now()
    assert (answer.effect, answer.run_identifier) == ("RunStopped", run_id)
    with pytest.raises(errors.RunStopped):
        finish(begun)
    stop.is_shown()
    runs = atomic.robot.request("GET", "/runs")["data"]
    assert next(run for run in runs if run["id"] == run_id)["status"] == "stopped"
    workflow = lab.client.workflow_service
    for refused in (
        lambda: lab.run(stored),
        lambda: lab.create(stored),
        lambda: finish(workflow.run_stored_protocol(protocol_name=stored)),
        lambda: finish(workflow.run_protocol_text(file_name="p.py", protocol_text=QUICK)),
    ):
        with pytest.raises(errors.SafetyStopActive):
            refused()
    assert len(atomic.robot.request("GET", "/runs")["data"]) == len(runs)
    stop.release()
    assert lab.run(lab.upload(QUICK)).result == "Succeeded"


def test_a_run_that_waits_to_be_started_is_released(atomic: AtomicClient, stop: Stop) -> None:
    run_id = atomic.lab.create(atomic.lab.upload(QUICK))
    answer = stop.now()
    assert (answer.effect, answer.run_identifier) == ("RunReleased", run_id)
    with pytest.raises((errors.SafetyStopActive, errors.RunActionNotAllowed)):
        finish(atomic.lab.start(run_id))
    stop.is_shown()


def test_a_run_of_another_client_is_stopped(atomic: AtomicClient, stop: Stop) -> None:
    atomic.robot.control("speed", speed=60)
    lab = atomic.lab
    run_id = lab.create(lab.upload(WAITING))
    lab.release(run_id)
    stored = next(iter(atomic.robot.request("GET", "/protocols")["data"]))["id"]
    theirs = atomic.robot.control("foreign", action="create", protocol_id=stored)["data"]["id"]
    atomic.robot.control("foreign", action="play", run_id=theirs)
    wait_for(lambda: atomic.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "running")
    answer = stop.now()
    assert (answer.effect, answer.run_identifier) == ("RunStopped", theirs)
    assert atomic.robot.request("GET", f"/runs/{theirs}")["data"]["status"] == "stopped"


def test_an_idle_session_stays_and_nothing_of_it_moves(atomic: AtomicClient, stop: Stop) -> None:
    atomic.set_up()
    assert stop.now().effect == "NothingRan"
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
    run_id = atomic.feature.session.get()[0].run_identifier
    answer = stop.now()
    assert (answer.effect, answer.run_identifier) == ("SessionBrokenOff", run_id)
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


def test_a_lock_allows_the_stop_and_refuses_its_release(atomic: AtomicClient, stop: Stop) -> None:
    lock = atomic.lab.client.lock_controller
    lock.lock_server(lock_identifier="another's", timeout=0)
    try:
        assert stop.now().effect == "NothingRan"
        with pytest.raises(errors.FrameworkError) as refused:
            stop.feature.release_stop()
        assert refused.value.kind == "INVALID_METADATA"
    finally:
        lock.unlock_server("another's")


def test_the_opentrons_app_cannot_be_stopped_and_the_answer_says_so(atomic: AtomicClient, stop: Stop) -> None:
    run_id = atomic.robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"]
    answer = stop.now()
    assert answer.effect == "NothingRan"
    assert run_id in answer.explanation
    assert "cannot be stopped from here" in answer.explanation


@pytest.mark.simulator_only
def test_it_is_latched_across_a_restart_of_the_server(simulator: SimulatorProcess, tmp_path: Path) -> None:
    with laboratory(simulator.url, tmp_path) as lab:
        wait_for(lambda: lab.status() != "Unknown")
        Stop(lab).now()
        latched = lab.client.safety_stop_controller.latched_at.get()
    with laboratory(simulator.url, tmp_path) as lab:
        wait_for(lambda: lab.status() != "Unknown")
        stop = Stop(lab)
        stop.is_shown()
        assert stop.feature.latched_at.get() == latched
        with pytest.raises(errors.SafetyStopActive):
            lab.run(lab.upload(QUICK))
        stop.release()
        assert lab.run(lab.upload(QUICK)).result == "Succeeded"


def test_a_robot_out_of_reach_latches_and_says_that_it_may_move(tmp_path: Path) -> None:
    with laboratory(CLOSED_PORT, tmp_path) as lab:
        stop = Stop(lab)
        with pytest.raises(errors.RobotUnreachable, match="latched.*may have moved"):
            stop.now()
        assert stop.feature.safety_stop_active.get()
