"""The fixture that gives tests robots of old releases: `from tests.fakes.replay.fixture import replay_robot`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.fakes.replay.robot import ReplayRobot
from tests.fakes.replay.server import ServedRobot
from tests.fakes.replay.sessions import SessionRobot


@pytest.fixture
def replay_robot() -> Iterator[Callable[[str], ServedRobot]]:
    """Start robots: `robot = replay_robot("5.0.0")`, reached at `robot.url`, stopped after the test. 4.7.0 to 7.5.0."""
    with ExitStack() as started:
        yield lambda release: started.enter_context((SessionRobot if release < "5" else ReplayRobot)(release))
