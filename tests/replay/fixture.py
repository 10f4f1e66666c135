"""The fixture that gives tests robots of old releases: `from tests.replay.fixture import replay_robot`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.replay.robot import ReplayRobot


@pytest.fixture
def replay_robot() -> Iterator[Callable[[str], ReplayRobot]]:
    """Start robots: `robot = replay_robot("5.0.0")`, reached at `robot.url`, stopped after the test."""
    with ExitStack() as started:
        yield lambda release: started.enter_context(ReplayRobot(release))
