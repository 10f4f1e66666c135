"""A database, a robot that does what a test scripts, the log of its requests, and a deck that an arm serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sila_ot2.driver.requests.lost_answers import LookUps
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.store.journal import Journal
from tests.fakes.database import open_database
from tests.fakes.handover_site import Site
from tests.fakes.scripted_robot import ScriptedRobot
from tests.fakes.tip_robot import TipRobot


@pytest.fixture
def robot() -> ScriptedRobot:
    return ScriptedRobot()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine)


@pytest.fixture
def request_log(robot: ScriptedRobot, journal: Journal) -> RequestLog:
    return RequestLog(robot, journal, look_ups=LookUps(0, 0, 0.05))  # type: ignore[arg-type]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Callable[[], Site]]:
    """Starts the server; each time is a process of its own, over the same robot and the same state directory."""
    robot, started = TipRobot(), list[Site]()

    def start() -> Site:
        if started:
            started.pop().server.end()
        started.append(Site(robot, tmp_path))
        started[0].server.look()
        return started[0]

    yield start
    started.pop().server.end()


@pytest.fixture
def site(sites: Callable[[], Site]) -> Site:
    return sites()
