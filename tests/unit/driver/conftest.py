"""A robot that does what a test scripts, and the log of the requests sent to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.requests.request_log import LookUps, RequestLog
from sila_ot2.store.database import open_database
from sila_ot2.store.journal import Journal
from tests.fakes.scripted_robot import ScriptedRobot


@pytest.fixture
def robot() -> ScriptedRobot:
    return ScriptedRobot()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    engine = open_database(tmp_path)
    yield Journal(engine)
    engine.dispose()


@pytest.fixture
def request_log(robot: ScriptedRobot, journal: Journal) -> RequestLog:
    return RequestLog(robot, journal, look_ups=LookUps(0, 0, 0.05))  # type: ignore[arg-type]
