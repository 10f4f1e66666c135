"""The latch of the safety stop: nothing that may move the robot is sent, everything that stops it is."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.ending_requests import (
    DeleteRunRequest,
    EndCalibrationSessionRequest,
    EndMaintenanceRunRequest,
    UncurrentRequest,
)
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest, RobotRequest, RunActionRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.restart_robot import RestartRobotRequest
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.requests.stateless_command import StatelessCommandRequest
from sila_ot2.errors import SafetyStopActive
from sila_ot2.store.journal import Journal
from sila_ot2.store.safety_stop import SafetyStopStore

MOVING = (
    CommandRequest(run_id="r", command_type="home", params={}),
    CreateRunRequest(purpose="session", runs_before=[]),
    RunActionRequest(run_id="r", action="play", actions_before=[]),
    StatelessCommandRequest(command_type="engage", params={}, wait_s=1, commands_before=0),
    StatelessCommandRequest(command_type="setTarget", params={}, wait_s=1, commands_before=0, sets_temperature=True),
    RestartRobotRequest(boot_before="a boot ID"),
)
STILL = (
    RunActionRequest(run_id="r", action="stop", actions_before=[]),
    RunActionRequest(run_id="r", action="pause", actions_before=[]),
    UncurrentRequest(run_id="r"),
    DeleteRunRequest(run_id="r"),
    EndMaintenanceRunRequest(run_id="r"),
    EndCalibrationSessionRequest(session_id="s"),
    StatelessCommandRequest(command_type="deactivate", params={}, wait_s=1, commands_before=0, switches_off=True),
)


class AcceptingRobot:
    """Takes every request."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def take(*_: object, **__: object) -> Any:
            self.sent.append(name)
            return type("Answer", (), {"id": "answer"})()

        return take


def log_of(engine: Engine, stop: SafetyStop, robot: AcceptingRobot) -> RequestLog:
    given: Any = robot
    return RequestLog(given, Journal(engine), require_released=stop.require_released)


@pytest.mark.parametrize("one", MOVING, ids=str)
def test_what_may_move_the_robot_is_sent_only_after_the_release(engine: Engine, one: Any) -> None:
    stop, robot = SafetyStop(SafetyStopStore(engine)), AcceptingRobot()
    stop.latch()
    with pytest.raises(SafetyStopActive, match="ReleaseStop"):
        log_of(engine, stop, robot).perform(one)
    assert robot.sent == []
    assert Journal(engine).unresolved() == []
    stop.release()
    log_of(engine, stop, robot).perform(one)
    assert len(robot.sent) == 1


@pytest.mark.parametrize("one", MOVING, ids=str)
def test_what_is_being_written_down_when_the_stop_is_latched_is_not_sent(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, one: Any
) -> None:
    """StopNow finds nothing of it on the robot, and has returned before the disk has."""
    stop, robot = SafetyStop(SafetyStopStore(engine)), AcceptingRobot()
    write = Journal.open

    def write_slowly(journal: Journal, kind: str, document: str, *, soon: bool = False) -> int:
        stop.latch()
        return write(journal, kind, document, soon=soon)

    monkeypatch.setattr(Journal, "open", write_slowly)
    with pytest.raises(SafetyStopActive):
        log_of(engine, stop, robot).perform(one)
    assert robot.sent == []
    assert Journal(engine).unresolved() == []


@pytest.mark.parametrize("one", STILL, ids=str)
def test_what_stops_or_ends_is_sent_all_the_same(engine: Engine, one: Any) -> None:
    stop, robot = SafetyStop(SafetyStopStore(engine)), AcceptingRobot()
    stop.latch()
    log_of(engine, stop, robot).perform(one)
    assert len(robot.sent) == 1


def test_every_kind_of_request_is_tried() -> None:
    kinds = set(get_args(RobotRequest))
    assert {type(one) for one in (*MOVING, *STILL)} == kinds


def test_it_is_kept_for_the_next_process_with_the_first_time(engine: Engine) -> None:
    stop = SafetyStop(SafetyStopStore(engine))
    assert stop.since.value is None
    stop.latch()
    stop.keep()
    first = stop.since.value
    stop.latch()
    stop.keep()
    later = SafetyStop(SafetyStopStore(engine))
    assert later.since.value == stop.since.value == first
    later.release()
    assert SafetyStop(SafetyStopStore(engine)).since.value is None


def test_it_holds_though_it_cannot_be_written_down(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SafetyStopStore(engine)

    def full(_: object) -> None:
        raise OperationalError("insert", {}, Exception("the disk is full"))

    monkeypatch.setattr(store, "write", full)
    stop = SafetyStop(store)
    stop.latch()
    stop.keep()
    with pytest.raises(SafetyStopActive):
        stop.require_released()


def test_it_holds_before_it_is_written_down_and_shown(engine: Engine) -> None:
    stop = SafetyStop(SafetyStopStore(engine))
    stop.latch()
    with pytest.raises(SafetyStopActive):
        stop.require_released()
    assert stop.since.value is None
    stop.keep()
    assert stop.since.value is not None


def test_a_release_that_comes_before_it_is_written_down_stays(engine: Engine) -> None:
    stop = SafetyStop(SafetyStopStore(engine))
    stop.latch()
    stop.release()
    stop.keep()
    stop.require_released()
    assert stop.since.value is None
    assert SafetyStopStore(engine).read() is None


def test_it_is_released_only_if_it_was_not_latched_again(engine: Engine) -> None:
    stop = SafetyStop(SafetyStopStore(engine))
    stop.latch()
    stop.keep()
    before = stop.latches
    stop.latch()
    with pytest.raises(SafetyStopActive, match="stays latched"):
        stop.release_unless_repeated(before)
    with pytest.raises(SafetyStopActive):
        stop.require_released()
    assert SafetyStopStore(engine).read() is not None
    stop.release_unless_repeated(stop.latches)
    stop.require_released()


def test_a_stop_during_the_release_stays_latched(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SafetyStopStore(engine)
    stop = SafetyStop(store)
    stop.latch()
    stop.keep()
    clear = store.clear

    def latched_meanwhile() -> None:
        clear()
        stop.latch()

    monkeypatch.setattr(store, "clear", latched_meanwhile)
    stop.release()
    stop.keep()
    with pytest.raises(SafetyStopActive):
        stop.require_released()
    assert store.read() is not None


@pytest.mark.parametrize("one", MOVING, ids=str)
def test_a_command_from_before_the_stop_moves_nothing_after_the_release(engine: Engine, one: Any) -> None:
    stop, robot = SafetyStop(SafetyStopStore(engine)), AcceptingRobot()
    turn = Turn(stop.begin_command, stop.end_command)
    before = turn.reserve("ExecuteWorklist")
    stop.latch()
    stop.release()
    with pytest.raises(SafetyStopActive, match="nothing goes on by itself"):
        log_of(engine, stop, robot).perform(one)
    assert robot.sent == []
    before.release()
    turn.reserve("Home")
    log_of(engine, stop, robot).perform(one)
    assert len(robot.sent) == 1


def test_reset_counts_from_when_its_turn_began(engine: Engine) -> None:
    stop = SafetyStop(SafetyStopStore(engine))
    turn = Turn(stop.begin_command, stop.end_command)
    stop.latch()
    reset = turn.reserve("Reset")
    stop.latch()
    with pytest.raises(SafetyStopActive):
        stop.release_unless_repeated(stop.latches)
    reset.release()
    stop.release_unless_repeated(stop.latches)
    stop.require_released()
