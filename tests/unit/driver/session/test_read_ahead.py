"""What a movement needs of the robot is read at the same time, and never decides when it is old."""

from __future__ import annotations

import threading
from collections import Counter

import httpx
import pytest
from sqlalchemy import Engine

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.liquid_handling import motions
from sila_ot2.driver.session import read_ahead
from sila_ot2.errors import DoorOpen
from tests.fakes.obedient_robot import ObedientRobot, session_on

TIMEOUT_S = 30
READINGS = ("/maintenance_runs/current_run", "/sessions", "/robot/door/status", "/modules")


class ReadAheadRobot(ObedientRobot):
    """Counts readings; `together` answers the four before a movement only when all have been asked."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()
        self.together: threading.Barrier | None = None
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        if request.url.path in READINGS:
            self.read[request.url.path] += 1
            if self.together is not None:
                self.together.wait()
        return super().__call__(request)


@pytest.fixture
def robot() -> ReadAheadRobot:
    return ReadAheadRobot()


@pytest.fixture(autouse=True)
def _long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer must not make a reading old."""
    monkeypatch.setattr(read_ahead, "USABLE_FOR_S", TIMEOUT_S)


def test_all_is_read_at_the_same_time_and_once(robot: ReadAheadRobot, engine: Engine) -> None:
    session = session_on(robot, engine)
    session.open(cancelled=Cancellation())
    robot.read.clear()
    robot.together = threading.Barrier(len(READINGS), timeout=TIMEOUT_S)
    session.perform("Home", motions.home(), cancelled=Cancellation())
    assert robot.read == dict.fromkeys(READINGS, 1)
    assert robot.sent.count("home") == 2


def test_an_old_reading_decides_nothing(robot: ReadAheadRobot, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_on(robot, engine)
    session.open(cancelled=Cancellation())
    monkeypatch.setattr(read_ahead, "USABLE_FOR_S", 0)
    doors = iter(("closed", "open"))
    robot.on_door = lambda: setattr(robot, "door", next(doors))
    with pytest.raises(DoorOpen):
        session.perform("Home", motions.home(), cancelled=Cancellation())
    assert robot.sent.count("home") == 1


def test_the_opening_of_a_session_reads_the_door_afterwards(robot: ReadAheadRobot, engine: Engine) -> None:
    session = session_on(robot, engine)
    doors = iter(("closed", "open"))  # once the pipette is loaded, and once the robot has homed
    robot.on_command = lambda: setattr(robot, "door", next(doors))
    with pytest.raises(DoorOpen):
        session.perform("Home", motions.home(["x"]), cancelled=Cancellation())
    assert robot.sent == ["loadPipette", "home"]


def test_a_command_that_is_still_at_work_ends_first(robot: ReadAheadRobot, engine: Engine) -> None:
    session = session_on(robot, engine)
    session.open(cancelled=Cancellation())
    session._deck.behind = True
    robot.paths.clear()
    session.perform("Home", motions.home(), cancelled=Cancellation())
    assert robot.paths.index("/runs/run0/commands") < robot.paths.index("/robot/door/status")
    assert robot.paths.index("/runs/run0/commands") < robot.paths.index("/modules")
