"""Another robot at the same address: nothing is done with it, and nothing that is kept is about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.monitor.device_status import (
    ActionCode,
    DeviceStatus,
    Permit,
    device_status,
    permits,
    required_actions,
)
from sila_ot2.driver.ownership.robot_identity import OtherRobot
from sila_ot2.driver.runs.obstacles import ReasonCode
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.start_permission import Policy, obstacles
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.errors import NotReconciled, RobotChanged
from sila_ot2.robot.ability import Ability
from sila_ot2.store.robot_serial import RobotSerialStore
from tests.fakes.session_server import MOVES, SessionServer, execute, load_deck, serve
from tests.fakes.tip_robot import TipRobot
from tests.fakes.unwritable import unwritable

LABWARE = {
    "schemaVersion": 2, "namespace": "here", "version": 1, "parameters": {"loadName": "plate"}, "wells": {"A1": {}},
    "ordering": [["A1"]],
}  # fmt: skip
FIRST, SECOND = "OT2CEP001", "OT2CEP002"
NEVER = Cancellation()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(serial=FIRST), tmp_path)
    server.look()
    yield server
    server.end()


def exchange(server: SessionServer, serial: str) -> None:
    """Let another robot answer, on which nobody has done anything; contact is lost meanwhile."""
    robot = server.robot
    robot.serial, robot.runs, robot.commands = serial, {}, {}
    robot.faults.append(("*", ".*", "always refused"))
    server.look()
    robot.faults.clear()
    robot.requests.clear()
    server.look()


def changes(robot: TipRobot) -> list[str]:
    return [request for request in robot.requests if not request.startswith("GET")]


def accept(server: SessionServer) -> OtherRobot | None:
    return server.parts.ownership.identity.accept(lambda: server.tips_left_behind.forget("Another robot was accepted."))


INTERRUPTS: dict[str, Callable[[SessionServer], object]] = {
    "PauseRun": lambda server: server.queued.actions.pause(),
    "PauseRun, named": lambda server: server.queued.actions.pause("theirs"),
    "ResumeRun": lambda server: server.queued.actions.resume(),
    "ResumeRun, named": lambda server: server.queued.actions.resume("theirs"),
    "StopRun": lambda server: server.queued.actions.stop(),
    "StopRun, named": lambda server: server.queued.actions.stop("theirs"),
    "StopRun, with Force": lambda server: server.queued.actions.stop(force=True),
    "ReleaseRun": lambda server: server.release.release(),
    "ReleaseRun, with Force": lambda server: server.release.release(force=True),
}
ACTS: dict[str, Callable[[SessionServer], object]] = {
    **{name: lambda server, name=name, plan=plan: server.do(name, plan) for name, plan in MOVES.items()},  # type: ignore[misc]
    "OpenSession": lambda server: server.session.open(cancelled=NEVER),
    "CloseSession": lambda server: server.session.close(cancelled=NEVER),
    "SetFlowRates": lambda server: server.session.change(lambda state: state, cancelled=NEVER),
    "DefineLabware": lambda server: server.session.define_labware(json.dumps(LABWARE).encode(), cancelled=NEVER),
    "ReconcileState": lambda server: server.reconciliation.settle({}, confirmed=True, cancelled=NEVER),
    "ExecuteWorklist": lambda server: execute(server, motions.home()),
    "RunProtocol": lambda server: server.runs.run_protocol(RunSpecification("p"), cancelled=NEVER),
    "CreateRun": lambda server: server.runs.create(RunSpecification("p")),
    "StartRun": lambda server: server.runs.start("run-1", cancelled=NEVER),
    "DeleteRun": lambda server: server.runs.removal.delete("run-1"),
    **INTERRUPTS,
}


@pytest.mark.slow  # every command
@pytest.mark.parametrize("with_session", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_with_another_robot(server: SessionServer, act: str, with_session: bool) -> None:
    if with_session:
        load_deck(server)
    exchange(server, SECOND)
    with pytest.raises(RobotChanged, match=f"{SECOND}.*{FIRST}.*sila-ot2 accept-robot"):
        ACTS[act](server)
    assert changes(server.robot) == []


@pytest.mark.parametrize("act", INTERRUPTS)
def test_no_run_of_another_robot_is_paused_stopped_or_released(server: SessionServer, act: str) -> None:
    exchange(server, SECOND)
    server.robot.add_run("running", pipettes=[])
    with pytest.raises(RobotChanged, match=f"{SECOND}.*{FIRST}"):
        ACTS[act](server)
    assert changes(server.robot) == []


def test_run_of_another_robot_that_is_named_with_force_is_stopped(server: SessionServer) -> None:
    exchange(server, SECOND)
    run_id = server.robot.add_run("running", pipettes=[])
    with pytest.raises(RobotChanged, match=f"{run_id} was asked to stop and is stopped"):
        server.queued.actions.stop(run_id, force=True)
    assert changes(server.robot) == [f"POST /runs/{run_id}/actions"]


@pytest.mark.parametrize("act", ["OpenSession", "CreateRun", "RunProtocol", "StartRun", "DeleteRun", "ReconcileState"])
def test_a_robot_that_is_exchanged_between_two_readings_is_found_out(server: SessionServer, act: str) -> None:
    server.robot.serial = SECOND
    server.robot.requests.clear()
    with pytest.raises(RobotChanged):
        ACTS[act](server)
    assert changes(server.robot) == []


def test_the_status_says_so(server: SessionServer) -> None:
    load_deck(server)
    exchange(server, SECOND)
    state = server.parts.monitor.state.value
    assert state.reachable
    assert device_status(state, displace_idle=True) is DeviceStatus.NEEDS_ATTENTION
    assert state.run_status is RunStatus.UNKNOWN
    (action,) = required_actions(state)
    assert action.code is ActionCode.ACCEPT_ROBOT
    assert SECOND in action.explanation
    assert state.last_error is not None
    assert state.last_error.code == "RobotChanged"
    assert permits(state, displace_idle=True) == {Permit.LIGHTS}
    (obstacle,) = obstacles(state, needs=None, policy=Policy(displace_idle_runs=True, require_calibration=False))
    assert obstacle.code is ReasonCode.ROBOT_CHANGED


def test_no_run_of_another_robot_is_read(server: SessionServer) -> None:
    exchange(server, SECOND)
    server.robot.requests.clear()
    server.look()
    assert server.robot.requests
    probes = {f"GET {ability.probe.target}" for ability in Ability if ability.probe}
    assert not [request for request in server.robot.requests if "/runs" in request and request not in probes]


def test_a_session_is_there_again_when_the_right_robot_is_back(server: SessionServer) -> None:
    load_deck(server)
    kept = dict(server.robot.runs), dict(server.robot.commands)
    exchange(server, SECOND)
    server.robot.serial = FIRST
    server.robot.runs, server.robot.commands = kept
    server.look()
    server.do("Home", motions.home())
    assert not server.parts.monitor.state.value.is_other_robot


def test_an_accepted_robot_is_worked_with_once_somebody_has_looked_at_its_pipettes(server: SessionServer) -> None:
    exchange(server, SECOND)
    assert accept(server) == OtherRobot(FIRST, SECOND)
    server.look()
    assert set(server.uncertain_tips.current.value) == {"left", "right"}
    with pytest.raises(NotReconciled):
        server.do("PickUpTip", MOVES["PickUpTip"])
    server.reconciliation.settle({}, confirmed=True, cancelled=NEVER)
    load_deck(server)
    server.do("PickUpTip", MOVES["PickUpTip"])
    assert server.robot.crashes == []
    exchange(server, FIRST)
    with pytest.raises(RobotChanged):
        server.do("Home", motions.home())


def test_accepting_the_same_robot_changes_nothing(server: SessionServer) -> None:
    assert accept(server) is None
    assert not server.uncertain_tips.current.value


def test_a_restart_remembers_the_robot(server: SessionServer, tmp_path: Path) -> None:
    server.end()
    server.robot.serial = SECOND
    again = serve(server.robot, tmp_path)
    again.look()
    with pytest.raises(RobotChanged):
        again.session.open(cancelled=NEVER)
    accept(again)
    again.end()
    third = serve(server.robot, tmp_path)
    third.look()
    third.session.open(cancelled=NEVER)
    third.end()


@pytest.mark.parametrize("serial", [None, ""])
def test_a_robot_without_a_serial_number_is_not_compared(server: SessionServer, serial: str | None) -> None:
    server.robot.serial = serial
    server.look()
    server.session.open(cancelled=NEVER)


def test_the_first_robot_is_worked_with_and_remembered_although_the_disk_is_full(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(TipRobot(serial=FIRST), tmp_path)
    try:
        with unwritable(server.parts.engine, "robot"):
            server.look()
            server.look()
            assert server.parts.monitor.state.value.run_status is RunStatus.NO_RUN
            exchange(server, SECOND)
            assert server.parts.ownership.identity.other.value == OtherRobot(FIRST, SECOND)
        assert caplog.text.count("cannot be written down yet") == 1
        server.look()
        assert RobotSerialStore(server.parts.engine).read() == FIRST
    finally:
        server.end()
