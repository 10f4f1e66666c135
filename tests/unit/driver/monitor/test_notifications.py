"""Which of the two is at work: the robot's notifications, or polling."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.monitor import notifications
from sila_ot2.driver.monitor.notifications import Method, Notifications, Source
from sila_ot2.robot.events import HintState
from tests.fakes.canned_robot import CannedRobot


class StubHints:
    """Never connects; the state is changed by the test."""

    made: list[StubHints] = []

    def __init__(self, host: str, on_hint: Any, *, port: int, on_state: Any) -> None:
        self.host, self.port, self.on_hint, self.became = host, port, on_hint, on_state
        self.starts = self.stops = 0
        self.made.append(self)

    def start(self) -> None:
        self.starts += 1

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "Hints", StubHints)
    StubHints.made.clear()


def made(robot: CannedRobot, **options: Any) -> tuple[Notifications, StubHints, list[Source]]:
    made = Notifications(robot.client, "robot", options.pop("on_hint", lambda topic: None), **options)
    told: list[Source] = []
    made.source.subscribe(told.append)
    return made, StubHints.made[-1], told


def test_polling_until_the_broker_agrees_and_again_when_it_is_gone() -> None:
    listening, hints, told = made(CannedRobot(), port=4711)
    assert not listening.arrive()
    listening.listen()
    listening.listen()
    assert (hints.starts, hints.host, hints.port) == (1, "robot", 4711)
    hints.became(HintState.CONNECTED)
    assert listening.arrive()
    hints.became(HintState.POLLING)
    assert not listening.arrive()
    hints.became(HintState.CONNECTED)
    listening.stop()
    assert hints.stops == 1
    assert [source.method for source in told] == [
        Method.POLLING,
        Method.POLLING,
        Method.NOTIFICATIONS,
        Method.POLLING,
        Method.NOTIFICATIONS,
    ]
    assert "4711" in told[1].explanation


def test_when_they_cease_everything_is_asked_for() -> None:
    hints_heard: list[str] = []
    listening, hints, _ = made(CannedRobot(), on_hint=hints_heard.append)
    listening.listen()
    hints.became(HintState.CONNECTED)
    assert hints_heard == []  # then `Hints` says it itself
    hints.became(HintState.POLLING)
    assert hints_heard == ["robot-server"]


def test_an_older_release_is_not_listened_to() -> None:
    robot = CannedRobot()
    robot.health(api_version="7.1.1")
    listening, hints, told = made(robot)
    listening.listen()
    listening.stop()
    assert (hints.starts, hints.stops) == (0, 0)
    assert "7.1.1" in told[-1].explanation

    robot.health(api_version="7.2.2")
    robot.client.health()
    listening.listen()
    assert hints.starts == 1


def test_switched_off() -> None:
    listening, hints, told = made(CannedRobot(), enabled=False)
    listening.listen()
    assert hints.starts == 0
    assert "switched off" in told[-1].explanation
