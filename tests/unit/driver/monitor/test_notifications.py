"""Which of the two is at work: the robot's notifications, or polling."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.monitor import notifications
from sila_ot2.driver.monitor.notifications import Method, Notifications, Source
from sila_ot2.robot.events import ListenerState
from tests.fakes.canned_robot import CannedRobot


class StubListener:
    """Never connects; the state is changed by the test."""

    made: list[StubListener] = []

    def __init__(self, host: str, on_notification: Any, *, port: int, on_state: Any) -> None:
        self.host, self.port, self.on_notification, self.became = host, port, on_notification, on_state
        self.starts = self.stops = 0
        self.made.append(self)

    def start(self) -> None:
        self.starts += 1

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "NotificationListener", StubListener)
    StubListener.made.clear()


def made(robot: CannedRobot, **options: Any) -> tuple[Notifications, StubListener, list[Source]]:
    made = Notifications(robot.client, "robot", options.pop("on_notification", lambda topic: None), **options)
    reported: list[Source] = []
    made.source.subscribe(reported.append)
    return made, StubListener.made[-1], reported


def test_polling_until_the_broker_agrees_and_again_when_it_is_gone() -> None:
    listening, listener, reported = made(CannedRobot(), port=4711)
    assert not listening.arrive()
    listening.listen()
    listening.listen()
    assert (listener.starts, listener.host, listener.port) == (1, "robot", 4711)
    listener.became(ListenerState.ANSWERED)
    assert not listening.arrive(), "it may be somebody else's broker"
    listener.became(ListenerState.CONNECTED)
    assert listening.arrive()
    listener.became(ListenerState.POLLING)
    assert not listening.arrive()
    listener.became(ListenerState.CONNECTED)
    listening.stop()
    assert listener.stops == 1
    assert [source.method for source in reported] == [
        Method.POLLING,
        Method.POLLING,
        Method.POLLING,
        Method.NOTIFICATIONS,
        Method.POLLING,
        Method.NOTIFICATIONS,
    ]
    assert "4711" in reported[1].explanation


def test_when_they_cease_everything_is_asked_for() -> None:
    hints_heard: list[str] = []
    listening, listener, _ = made(CannedRobot(), on_notification=hints_heard.append)
    listening.listen()
    listener.became(ListenerState.CONNECTED)
    assert hints_heard == []  # then `NotificationListener` says it itself
    listener.became(ListenerState.POLLING)
    assert hints_heard == ["robot-server"]


def test_an_older_release_is_not_listened_to() -> None:
    robot = CannedRobot()
    robot.health(api_version="7.1.1")
    listening, listener, reported = made(robot)
    listening.listen()
    listening.stop()
    assert (listener.starts, listener.stops) == (0, 0)
    assert "7.1.1" in reported[-1].explanation

    robot.health(api_version="7.2.2")
    robot.client.health()
    listening.listen()
    assert listener.starts == 1


def test_switched_off() -> None:
    listening, listener, reported = made(CannedRobot(), enabled=False)
    listening.listen()
    assert listener.starts == 0
    assert "switched off" in reported[-1].explanation
