"""Somebody else at the robot: the Opentrons App at work, runs half created, a session that has to be broken off."""

from __future__ import annotations

import urllib.error
from typing import Any

import pytest

from sila_ot2.client import errors
from tests.end_to_end.atomic_client import AtomicClient
from tests.end_to_end.laboratory import QUICK, Laboratory
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

pytestmark = pytest.mark.simulator_only("needs the simulator's faults")
PARAMETER = """
requirements = {"robotType": "OT-2", "apiLevel": "2.18"}
def add_parameters(parameters):
    parameters.add_int(variable_name="n", display_name="n", default=1, minimum=1, maximum=8)
def run(protocol):
    protocol.comment("done")
"""


def maintenance_run(robot: SimulatorProcess) -> str:
    return str(robot.request("POST", "/maintenance_runs", {"data": {}})["data"]["id"])


def calibration_session(robot: SimulatorProcess) -> str:
    body = {"data": {"sessionType": "deckCalibration", "createParams": {}}}
    return str(robot.request("POST", "/sessions", body)["data"]["id"])


def at_the_app(robot: SimulatorProcess) -> int:
    sessions = len(robot.request("GET", "/sessions")["data"])
    try:
        robot.request("GET", "/maintenance_runs/current_run")
    except urllib.error.HTTPError:
        return sessions
    return sessions + 1


def half_create(robot: SimulatorProcess) -> None:
    """Do what leaves a current run behind that the robot does not find; the last run had a parameter."""
    protocol = robot.request("GET", "/runs")["data"][-1]["protocolId"]
    with pytest.raises(urllib.error.HTTPError):
        robot.request("POST", "/runs", {"data": {"protocolId": protocol, "runTimeParameterValues": {"n": 99}}})


def refusal(begun: Any) -> errors.DefinedExecutionError:
    wait_for(lambda: begun.done or None)
    with pytest.raises(errors.DefinedExecutionError) as refused:
        begun.result()
    return refused.value


@pytest.mark.parametrize("begin", [maintenance_run, calibration_session])
def test_nothing_moves_while_somebody_works_with_the_app(lab: Laboratory, robot: SimulatorProcess, begin: Any) -> None:
    identifier = lab.upload(QUICK)
    created = lab.create(identifier)
    lab.release(created)
    work = begin(robot)
    wait_for(lambda: "ForeignRun" in lab.obstacles())
    assert lab.client.status_provider.device_status.get() == "Busy"
    activity = lab.client.status_provider.activity.get()
    assert (activity.kind, activity.run_identifier) == ("OtherClient", work)
    before = robot.request("GET", "/simulator/executed")["data"]
    for begin_to_move in (lambda: lab.begin(identifier), lab.client.atomic_liquid_handling.open_session):
        refused = refusal(begin_to_move())
        assert refused.identifier.endswith("/RobotBusy")
        assert work in str(refused)
    assert robot.request("GET", "/simulator/executed")["data"] == before
    with pytest.raises(errors.DefinedExecutionError, match="Force"):
        lab.release(work)
    lab.release(work, force=True)
    assert at_the_app(robot) == 0
    wait_for(lambda: not lab.obstacles())
    assert lab.run(identifier).result == "Succeeded"


def test_maintenance_run_is_not_ended_by_the_start_of_a_created_run(lab: Laboratory, robot: SimulatorProcess) -> None:
    created = lab.create(lab.upload(QUICK))
    work = maintenance_run(robot)
    assert refusal(lab.start(created)).identifier.endswith("/RobotBusy")
    assert at_the_app(robot) == 1
    lab.release(work, force=True)
    lab.release(created)


@pytest.mark.parametrize("begin", [maintenance_run, calibration_session])
def test_open_session_holds_still_while_somebody_works_with_the_app(atomic: AtomicClient, begin: Any) -> None:
    atomic.set_up()
    begin(atomic.robot)
    before = len(atomic.wire.posted)
    assert atomic.error("Home") == "RobotBusy"
    assert len(atomic.wire.posted) == before
    atomic.lab.release(force=True)
    atomic.do("Home")
    atomic.do("CloseSession")


def test_half_created_run_of_another_client_gives_way_to_a_run(lab: Laboratory, robot: SimulatorProcess) -> None:
    identifier = lab.upload(PARAMETER)
    assert lab.run(identifier).result == "Succeeded"
    half_create(robot)
    assert lab.run(identifier).result == "Succeeded"
    half_create(robot)
    lab.release(force=True)
    assert robot.request("GET", "/runs")["links"] == {}


def test_half_created_run_of_another_client_gives_way_to_a_session(lab: Laboratory, robot: SimulatorProcess) -> None:
    lab.run(lab.upload(PARAMETER))
    half_create(robot)
    atomic = lab.client.atomic_liquid_handling
    wait_for(lambda: lab.status() == "NoRun")
    opened = atomic.open_session()
    wait_for(lambda: opened.done or None)
    opened.result()
    lab.release(force=True)
    assert atomic.session.get() == []


@pytest.mark.parametrize("how", ["ReleaseRun", "StopRun"])
def test_session_in_which_another_client_waits_is_broken_off(atomic: AtomicClient, how: str) -> None:
    """At the end of the wait the robot halts, whatever it does: nothing moves until that is over, or it restarted."""
    atomic.do("OpenSession")
    atomic.robot.control("speed", speed=1)
    session = atomic.feature.session.get()[0].run_identifier
    wait = {"data": {"commandType": "waitForDuration", "params": {"seconds": 10_000_000}}}
    waiting = atomic.robot.request("POST", f"/runs/{session}/commands", wait)["data"]["id"]
    command = f"/runs/{session}/commands/{waiting}"
    wait_for(lambda: atomic.robot.request("GET", command)["data"]["status"] == "running")
    if how == "ReleaseRun":
        atomic.lab.release(force=True)
    else:
        assert atomic.lab.stop(session, force=True).final_status == "Stopped"
    stops = [act["actionType"] for act in atomic.robot.request("GET", f"/runs/{session}")["data"]["actions"]]
    assert stops == ["stop", "stop"]
    atomic.robot.control("speed", speed=60)
    assert atomic.error("OpenSession") == "RobotBusy"
    assert "goes on with waitForDuration" in atomic.message
    assert "restart the robot" in atomic.message
    assert atomic.lab.obstacles() == {"RobotBusy"}
    if how == "ReleaseRun":
        atomic.robot.control("speed", speed=1_000_000_000)  # it ends
        wait_for(lambda: atomic.robot.request("GET", command)["data"]["status"] == "succeeded")
        atomic.robot.control("speed", speed=60)
    else:
        atomic.robot.control("restart", down_s=0.1)
    wait_for(lambda: not atomic.lab.obstacles())
    atomic.do("OpenSession")
    atomic.do("Home")
    atomic.do("CloseSession")
