"""The monitor with its notifications: what hurries it, what does not, and what it costs the robot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.monitor.reachability import ContactProblem
from sila_ot2.driver.monitor.schedule import Intervals
from sila_ot2.driver.ownership.handovers import Handovers
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.ownership.robot_identity import RobotIdentity
from sila_ot2.driver.ownership.turn import Turn
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.safety_stop import SafetyStop
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.store.handovers import HandoverStore
from sila_ot2.store.journal import Journal
from sila_ot2.store.robot_serial import RobotSerialStore
from sila_ot2.store.safety_stop import SafetyStopStore
from sila_ot2.store.uncertain_tips import UncertainTipStore
from tests.fakes.canned_robot import CannedRobot
from tests.fakes.database import open_database
from tests.fakes.monitors import monitor_of

RUN = {"id": "run-1", "status": "running", "createdAt": "2026-01-02T03:04:05Z", "current": True}


class StubRegistry:
    """Follows nothing: a run is as the robot says."""

    def follow(self, run: Any) -> Any:
        view = SimpleNamespace(run_id=run.id, status=RunStatus(run.status.capitalize()), record=None, completed=0)
        view.start = SimpleNamespace(purpose="protocol", origin="OtherClient")
        return view

    reported = follow

    def is_behind(self, run_id: str) -> bool:
        return False

    def is_archived(self, run_id: str) -> bool:
        return True

    def unfinished(self) -> list[str]:
        return []


@pytest.fixture
def robot() -> CannedRobot:
    return CannedRobot()


@pytest.fixture
def monitor(robot: CannedRobot, tmp_path: Path) -> Iterator[Monitor]:
    engine = open_database(tmp_path)
    journal = Journal(engine)
    request_log = RequestLog(robot.client, journal)
    intervals = Intervals(active_s=0.5, idle_s=2.0)
    yield monitor_of(
        robot.client,
        Ownership(robot.client, journal, request_log, RobotIdentity(robot.client, RobotSerialStore(engine))),
        request_log,
        cast(RunRegistry, StubRegistry()),
        Turn(),
        UncertainTips(UncertainTipStore(engine)),
        SafetyStop(SafetyStopStore(engine)),
        Handovers(HandoverStore(engine), overdue_after_s=600),
        intervals,
    ).monitor
    engine.dispose()


@pytest.fixture
def asked(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Within which times the next reading was asked for."""
    asked: list[float] = []
    monkeypatch.setattr(monitor._schedule, "schedule_in", asked.append)
    return asked


def begin_run(robot: CannedRobot) -> None:
    robot.answers["/runs"] = {"data": [RUN], "links": {"current": {"href": "/runs/run-1"}}}
    robot.answers["/runs/run-1"] = {"data": RUN}


@pytest.mark.parametrize(
    ("topic", "within_s"),
    [
        ("robot-server", [0.0]),
        ("robot-server/runs", [0.0]),
        ("robot-server/runs/run-1", [0.0]),
        ("robot-server/runs/pre_serialized_commands/run-1", [0.0]),
        ("robot-server/runs/commands_links", [0.5]),
        ("robot-server/runs/current_command", [0.5]),
        ("robot-server/deck_configuration", []),
        ("robot-server/clientData/anything", []),
        ("robot-server/maintenance_runs/current_run", [0.0]),
        ("somebody/else", []),
    ],
)
def test_what_hurries_it(monitor: Monitor, asked: list[float], topic: str, within_s: list[float]) -> None:
    monitor.notify(topic)
    assert asked == within_s


def test_a_run_is_asked_for_often_unless_notifications_arrive(monitor: Monitor, robot: CannedRobot) -> None:
    assert monitor._look() == pytest.approx(2.0, abs=0.3)
    begin_run(robot)
    assert monitor._look() == pytest.approx(0.5, abs=0.1)
    monitor.notifications_arrive = lambda: True
    assert monitor._look() > 1.0


def test_what_a_reading_costs(monitor: Monitor, robot: CannedRobot) -> None:
    monitor._look()
    robot.requests.clear()
    monitor._look()
    assert robot.requests == {"/runs": 1, "/maintenance_runs/current_run": 1, "/sessions": 1}
    begin_run(robot)
    monitor._look()
    robot.requests.clear()
    monitor._look()
    assert robot.requests == {"/runs/run-1": 1}


def test_contact_is_lost_and_made_again(monitor: Monitor, robot: CannedRobot) -> None:
    problems: list[ContactProblem] = []
    monitor.state.derive(lambda state: state.contact.problem).subscribe(problems.append)
    connected: list[str] = []
    monitor.on_connect.subscribe(lambda: connected.append(monitor.state.value.contact.explanation))
    monitor._look()
    robot.answers["/runs"] = httpx.ReadTimeout("?")
    assert monitor._look() == 2.0
    robot.requests.clear()
    robot.recover()
    monitor._look()
    lost_and_back = [ContactProblem.NONE, ContactProblem.TIMED_OUT, ContactProblem.NONE]
    assert problems == [ContactProblem.NOT_ASKED_YET, *lost_and_back]
    assert len(connected) == 2
    assert robot.requests["/health"] == 1
    assert robot.requests["/modules"] == 1


def test_an_answer_of_health_alone_does_not_make_the_robot_reachable(monitor: Monitor, robot: CannedRobot) -> None:
    robot.answers["/runs"] = httpx.ReadTimeout("?")
    reported: list[ContactProblem] = []
    monitor.state.derive(lambda state: state.contact.problem).subscribe(reported.append)
    for _ in range(3):
        monitor._look()
    assert reported == [ContactProblem.NOT_ASKED_YET, ContactProblem.TIMED_OUT]


def test_a_failing_fact_is_the_last_error_and_no_loss_of_contact(monitor: Monitor, robot: CannedRobot) -> None:
    robot.answers["/modules"] = httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x"}]})
    monitor._look()
    state = monitor.state.value
    assert state.reachable
    assert state.last_error is not None
    assert state.last_error.code == "RobotFaulty"
    assert [pipette.mount for pipette in state.machine.attached_pipettes] == ["left"]


def test_no_subscriber_sees_the_past_as_the_present(monitor: Monitor, robot: CannedRobot) -> None:
    """When contact is back, door and modules have been read again before it is published."""
    monitor._look()
    robot.answers["/runs"] = httpx.ReadTimeout("?")
    monitor._look()
    robot.recover()
    robot.answers["/robot/door/status"] = {"data": {"status": "open", "doorRequiredClosedForProtocol": True}}
    doors: list[bool] = []
    monitor.state.subscribe(lambda state: doors.append(state.machine.door_blocks_runs) if state.reachable else None)
    monitor._look()
    assert set(doors) == {True}
