"""A wait that goes on in an aborted run: nothing of ours moves until the robot has certainly halted."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.monitor.device_status import DeviceStatus, Permit, device_status, permits, work_under_way
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.start_permission import Policy, obstacles
from sila_ot2.driver.tracking.left_behind.unended_waits import HALT_S, UnendedWaits
from sila_ot2.errors import RobotBusy, RunNotFound, RunStillActive
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.robot_in_memory import BEGIN, command
from tests.fakes.session_server import NEVER, SessionServer, execute, serve
from tests.fakes.tip_robot import TipRobot

SECONDS = 600.0


def abort(robot: TipRobot, kind: str = "waitForDuration", **params: Any) -> str:
    """Let another client wait in a run that it never plays, and stop it twice; returns the run."""
    run_id = robot.foreign_session()
    robot.commands[run_id].append(command(kind, 7, status="running", **(params or {"seconds": SECONDS})))
    robot.runs[run_id] |= {"status": "stopped", "actions": [robot.action("stop"), robot.action("stop")]}
    robot.now = BEGIN + datetime.timedelta(seconds=70)  # when the command begins
    return run_id


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SessionServer]:
    server = serve(TipRobot(), tmp_path, displace_idle=True)
    yield server
    server.end()


def start_run(server: SessionServer) -> None:
    server.runs.run_protocol(RunSpecification("p"), cancelled=NEVER)


def create_run(server: SessionServer) -> None:
    server.runs.create(RunSpecification("p"))


def open_session(server: SessionServer) -> None:
    server.session.open(cancelled=NEVER)


def move(server: SessionServer) -> None:
    server.do("MoveToCoordinates", motions.move_to_coordinates("left", 100, 100, 50, 0, 0))


def worklist(server: SessionServer) -> None:
    execute(server, motions.move_to_coordinates("left", 100, 100, 50, 0, 0))


@pytest.mark.parametrize("ask", [start_run, create_run, open_session, move, worklist])
def test_nothing_is_sent_that_the_robot_would_halt(server: SessionServer, ask: Callable[[SessionServer], None]) -> None:
    abort(server.robot)
    with pytest.raises(RobotBusy, match=rf"waitForDuration .* in {SECONDS + HALT_S:.0f} s.*restart the robot"):
        ask(server)
    assert server.robot.count("POST") == 0


def test_created_run_is_not_started_either(server: SessionServer) -> None:
    aborted = abort(server.robot)
    server.robot.runs[aborted]["actions"] = []
    run_id = server.runs.create(RunSpecification("p"))
    server.robot.runs[aborted]["actions"] = [server.robot.action("stop"), server.robot.action("stop")]
    with pytest.raises(RobotBusy):
        server.runs.start(run_id, cancelled=NEVER)
    assert server.robot.count("POST .*/actions") == 0


def test_it_is_shown(server: SessionServer) -> None:
    abort(server.robot)
    server.look()
    state = server.parts.monitor.state.value
    policy = Policy(displace_idle_runs=True, require_calibration=False)
    (obstacle,) = obstacles(state, needs=None, policy=policy)
    assert obstacle.code.value == "RobotBusy"
    assert "halts" in obstacle.explanation
    assert "restart the robot" in obstacle.remedy
    assert device_status(state, displace_idle=True) is DeviceStatus.BUSY
    assert "halts" in work_under_way(state, displace_idle=True).explanation
    assert permits(state, displace_idle=True).isdisjoint(
        {Permit.LIQUID_HANDLING, Permit.TIP_DISPOSAL, Permit.START_OF_RUNS}
    )


def test_session_of_ours_that_is_released_by_force_stays_current_so_that_its_end_is_seen(server: SessionServer) -> None:
    server.session.open(cancelled=NEVER)
    run_id = str(server.robot.current)
    server.robot.commands[run_id].append(command("waitForDuration", 7, status="running", seconds=SECONDS))
    server.robot.busy.add(run_id)
    server.release.release(force=True)
    assert server.robot.runs[run_id]["status"] == "stopped"
    with pytest.raises(RobotBusy):
        open_session(server)
    with pytest.raises(RunNotFound, match="was aborted, so it holds nothing"):
        server.release.release()
    assert server.robot.current == run_id
    server.robot.commands[run_id][-1]["status"] = "succeeded"
    server.look()
    (wait,) = server.parts.unended_waits.current.value
    assert wait.over_at_s < math.inf
    assert wait.over_at is not None


def test_its_log_is_not_deleted_meanwhile(server: SessionServer) -> None:
    run_id = abort(server.robot)
    with pytest.raises(RunStillActive, match="goes on with waitForDuration"):
        server.runs.removal.delete(run_id)
    assert server.robot.count("DELETE") == 0


def test_a_gateway_that_answers_for_the_robot_ends_no_wait(server: SessionServer) -> None:
    abort(server.robot)
    server.look()
    for fault in ("gateway", "starting"):
        assert server.parts.unended_waits.current.value
        server.robot.faults.append(("GET", "/runs", fault))
        server.parts.look()
        assert not server.parts.monitor.state.value.reachable
    assert not server.parts.unended_waits.current.value


class Waits:
    """The waits of a robot, with a clock; each `begin` is a process of its own."""

    def __init__(self, server: SessionServer) -> None:
        self.now_s = 1000.0
        self.robot = server.robot
        self._server = server
        self.begin()

    def begin(self) -> None:
        client = self.robot.client()
        client.health()
        self.client = client
        self.waits = UnendedWaits(client, UncertainTipStore(self._server.parts.engine), monotonic=lambda: self.now_s)

    def is_free(self, after_s: float = 0.0) -> bool:
        self.now_s += after_s
        self.robot.now += datetime.timedelta(seconds=after_s)
        self.waits.look(self.client.runs())
        try:
            self.waits.require_none()
        except RobotBusy:
            return False
        return True


@pytest.fixture
def waits(server: SessionServer) -> Waits:
    return Waits(server)


def test_it_is_over_when_its_time_has_passed(waits: Waits) -> None:
    abort(waits.robot)
    assert not waits.is_free()
    assert not waits.is_free(SECONDS + HALT_S - 1)
    assert waits.is_free(2)


def test_the_next_process_counts_the_time_from_the_beginning_of_the_command(waits: Waits) -> None:
    abort(waits.robot)
    assert not waits.is_free()
    waits.now_s += 400
    waits.robot.now += datetime.timedelta(seconds=400)
    waits.begin()
    assert not waits.is_free(SECONDS - 400)
    waits.begin()
    assert waits.is_free(HALT_S + 1)


def test_without_the_robots_clock_the_whole_time_is_waited_for(waits: Waits) -> None:
    abort(waits.robot)
    waits.robot.now += datetime.timedelta(days=1)
    waits.robot.faults.append(("GET", "/system/time", "500"))
    assert not waits.is_free()
    assert not waits.is_free(SECONDS + HALT_S - 1)
    assert waits.is_free(2)


def test_it_is_over_soon_after_the_log_says_that_it_has_ended(waits: Waits) -> None:
    run_id = abort(waits.robot)
    assert not waits.is_free()
    waits.robot.commands[run_id][-1]["status"] = "succeeded"
    assert not waits.is_free()
    assert waits.is_free(HALT_S + 1)


@pytest.mark.parametrize("kind", ["temperatureModule/waitForTemperature", "waitForTasks", "home"])
def test_what_has_no_bound_ends_with_the_log_or_a_restart_alone(waits: Waits, kind: str) -> None:
    run_id = abort(waits.robot, kind, moduleId="m")
    assert not waits.is_free()
    assert not waits.is_free(1e9)
    waits.robot.runs[run_id]["ok"] = False  # as release 7 and later say after a restart
    assert waits.is_free()


@pytest.mark.parametrize("seconds", [10**400, "long", None], ids=lambda odd: repr(odd)[:9])
def test_a_wait_whose_time_is_not_a_number_has_no_bound(waits: Waits, seconds: Any) -> None:
    abort(waits.robot, seconds=seconds)
    assert not waits.is_free()
    [wait] = waits.waits.current.value
    assert wait.over_at is None
    assert not waits.is_free(after_s=10 * SECONDS)


def test_a_later_run_that_was_interrupted_proves_a_restart(waits: Waits) -> None:
    abort(waits.robot)
    later = waits.robot.add_run("running")
    assert not waits.is_free()
    waits.robot.restart()
    assert waits.is_free()
    del waits.robot.runs[later]
    waits.begin()
    assert waits.is_free()


def test_an_earlier_run_that_was_interrupted_proves_nothing(waits: Waits) -> None:
    waits.robot.add_run("running")
    waits.robot.restart()
    abort(waits.robot)
    assert not waits.is_free()


def test_a_robot_that_was_seen_to_start_has_ended_all_waits(waits: Waits) -> None:
    abort(waits.robot)
    assert not waits.is_free()
    waits.waits.note_start_of_robot()
    assert waits.is_free()
    waits.begin()
    assert waits.is_free(), "it is written down"
    abort(waits.robot)
    waits.begin()
    waits.waits.note_start_of_robot()
    assert waits.is_free(), "also what this process had not seen yet"


@pytest.mark.parametrize("kind", ["waitForResume", "pause", "moveLabware"])
def test_a_wait_for_the_operator_never_ends_and_so_halts_nothing(waits: Waits, kind: str) -> None:
    abort(waits.robot, kind, message="")
    assert waits.is_free()


def test_a_session_that_was_closed_is_not_looked_into(waits: Waits) -> None:
    run_id = waits.robot.foreign_session()
    waits.robot.runs[run_id] |= {"status": "stopped", "actions": [waits.robot.action("stop")]}
    assert waits.is_free()
    assert waits.robot.count(f"GET /runs/{run_id}/commands") == 0


def test_a_log_that_cannot_be_read_counts_as_a_wait(waits: Waits) -> None:
    run_id = abort(waits.robot)
    waits.robot.faults.append(("GET", f"/runs/{run_id}/commands", "always 500"))
    assert not waits.is_free(SECONDS * 2)
    assert not waits.is_free()


def test_a_command_that_the_robot_does_not_describe_is_over_when_its_time_has_passed(waits: Waits) -> None:
    run_id = abort(waits.robot)
    assert not waits.is_free()
    waits.robot.faults.append(("GET", f"/runs/{run_id}/commands/.*", "always 500"))
    assert not waits.is_free(SECONDS + HALT_S - 1)
    assert waits.is_free(2)


@pytest.mark.parametrize("status", ["running", "succeeded"])
def test_a_log_that_could_not_be_read_once_is_read_again(waits: Waits, status: str) -> None:
    run_id = abort(waits.robot)
    waits.robot.faults.append(("GET", f"/runs/{run_id}/commands", "500"))
    assert not waits.is_free()
    waits.robot.commands[run_id][-1]["status"] = status
    assert waits.is_free() is (status == "succeeded")
    assert waits.is_free(SECONDS + HALT_S + 1)
