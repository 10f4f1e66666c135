"""The watcher with its notifications: what hurries it, what does not, and what it costs the robot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from sila_ot2.driver.monitor.monitor import Intervals, Watcher
from sila_ot2.driver.monitor.reachability import Obstacle
from sila_ot2.driver.ownership.owner import Claims
from sila_ot2.driver.requests.request_log import Acts
from sila_ot2.driver.tracking.registry import RunBook
from sila_ot2.driver.tracking.run_status import RunStatus
from sila_ot2.errors import OT2Fault
from sila_ot2.store.database import open_database
from sila_ot2.store.journal import Journal
from tests.fakes.canned_robot import CannedRobot

RUN = {"id": "run-1", "status": "running", "createdAt": "2026-01-02T03:04:05Z", "current": True}


class Book:
    """Follows nothing: a run is as the robot says."""

    def follow(self, run: Any) -> Any:
        view = SimpleNamespace(run_id=run.id, status=RunStatus(run.status.capitalize()), record=None)
        view.start = SimpleNamespace(purpose="protocol", origin="OtherClient")
        return view

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
def watcher(robot: CannedRobot, tmp_path: Path) -> Iterator[Watcher]:
    engine = open_database(tmp_path)
    journal = Journal(engine)
    acts = Acts(robot.client, journal)
    intervals = Intervals(active_s=0.5, idle_s=2.0)
    yield Watcher(robot.client, Claims(robot.client, journal, acts), acts, cast(RunBook, Book()), intervals=intervals)
    engine.dispose()


@pytest.fixture
def asked(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Within which times the next reading was asked for."""
    asked: list[float] = []
    monkeypatch.setattr(watcher._schedule, "ask_in", asked.append)
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
        ("robot-server/maintenance_runs/current_run", []),
        ("somebody/else", []),
    ],
)
def test_what_hurries_it(watcher: Watcher, asked: list[float], topic: str, within_s: list[float]) -> None:
    watcher.hint(topic)
    assert asked == within_s


def test_a_run_is_asked_for_often_unless_notifications_arrive(watcher: Watcher, robot: CannedRobot) -> None:
    assert watcher._look() == pytest.approx(2.0, abs=0.3)
    begin_run(robot)
    assert watcher._look() == pytest.approx(0.5, abs=0.1)
    watcher.notifications_arrive = lambda: True
    assert watcher._look() > 1.0


def test_what_a_reading_costs(watcher: Watcher, robot: CannedRobot) -> None:
    watcher._look()
    robot.requests.clear()
    watcher._look()
    assert robot.requests == {"/runs": 1}
    begin_run(robot)
    watcher._look()
    robot.requests.clear()
    watcher._look()
    assert robot.requests == {"/runs/run-1": 1}


def test_contact_is_lost_and_made_again(watcher: Watcher, robot: CannedRobot) -> None:
    readings: list[Obstacle] = []
    watcher.on_reading.append(lambda: readings.append(watcher.reachability.contact.value.obstacle))
    connected: list[str] = []
    watcher.on_connect.append(lambda: connected.append(watcher.snapshot.value.trouble))
    watcher._look()
    robot.answers["/runs"] = httpx.ReadTimeout("?")
    assert watcher._look() == 2.0
    robot.requests.clear()
    robot.recover()
    watcher._look()
    assert readings == [Obstacle.NONE, Obstacle.TIMED_OUT, Obstacle.NONE]
    assert len(connected) == 2
    assert robot.requests["/health"] == 1
    assert robot.requests["/modules"] == 1


def test_health_that_answers_is_no_contact_while_runs_do_not(watcher: Watcher, robot: CannedRobot) -> None:
    robot.answers["/runs"] = httpx.ReadTimeout("?")
    told: list[Obstacle] = []
    watcher.reachability.contact.subscribe(lambda contact: told.append(contact.obstacle))
    for _ in range(3):
        watcher._look()
    assert told == [Obstacle.NOT_ASKED_YET, Obstacle.TIMED_OUT]


def test_a_failing_fact_is_told_and_is_no_loss_of_contact(watcher: Watcher, robot: CannedRobot) -> None:
    faults: list[OT2Fault] = []
    watcher.on_fault.append(faults.append)
    robot.answers["/modules"] = httpx.Response(500, json={"errors": [{"id": "UnexpectedError", "title": "x"}]})
    watcher._look()
    assert watcher.snapshot.value.reachable
    assert watcher.reachability.contact.value.is_made
    assert len(faults) == 1
    assert [pipette.mount for pipette in watcher.snapshot.value.equipment.pipettes] == ["left"]
