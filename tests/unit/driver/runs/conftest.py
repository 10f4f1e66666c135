"""Runs of protocols on the parts of a server, with a robot in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.runs import Runs
from tests.fakes.parts import Parts, parts_of
from tests.fakes.robot_in_memory import RobotInMemory
from tests.fakes.runs import actions_on, runs_on


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = parts_of(RobotInMemory(), tmp_path)
    yield parts
    parts.close()


@pytest.fixture
def polled(parts: Parts) -> None:
    """The monitor polls the robot."""
    parts.monitor.start()


@pytest.fixture
def actions(parts: Parts) -> RunActions:
    return actions_on(parts)


@pytest.fixture
def runs(parts: Parts, actions: RunActions) -> Runs:
    return runs_on(parts, actions)
