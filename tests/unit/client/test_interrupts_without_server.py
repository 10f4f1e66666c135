"""Ctrl-C ends a program soon, also if the server has gone."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2.client import link
from sila_ot2.client.generated.sila_service import SERVER_UUID
from sila_ot2.client.lock import Lock
from sila_ot2.client.session import Session
from tests.unit.client.fake_channel import unavailable
from tests.unit.client.interruptible_robot import InterruptibleRobot, States

LONG_S = 30.0
"""Much less than what is waited for a server if nobody has pressed Ctrl-C."""


class Vanishing(InterruptibleRobot):
    """A server that can be gone; the time that is spent on waiting for it goes by at once.

    Attributes:
        is_gone: whether it is.
        unanswered: called with each request that gets no answer.
        now: the time.
    """

    def __init__(self, initiated: Callable[[], None] = lambda: None) -> None:
        super().__init__(initiated)
        self.is_gone, self.now = False, 1000.0
        self.unanswered: Callable[[str], None] = lambda _: None

    def unary_unary(self, path: str) -> Callable[..., bytes]:
        method = path.rsplit("/", 1)[1]

        def call(message: bytes, *, timeout: float, **_: Any) -> bytes:
            if self.is_gone:
                self.unanswered(method)
                self.now += timeout
                raise unavailable()
            return self.answer(method, message)

        return call

    def unary_stream(self, path: str) -> Callable[..., States]:
        assert not self.is_gone, f"{path} is waited for"
        return super().unary_stream(path)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def _handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def linked(robot: Vanishing, monkeypatch: pytest.MonkeyPatch) -> link.Link:
    monkeypatch.setattr(link, "time", SimpleNamespace(monotonic=lambda: robot.now, sleep=robot.sleep))
    channel: Any = robot
    return link.Link(channel, where="robot:1", alive=SERVER_UUID, reconnect_s=600)


def test_a_command_that_cannot_be_cancelled_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def initiated() -> None:
        if robot.begun[-1] == "Delay":
            robot.is_gone = True
            signal.raise_signal(signal.SIGINT)

    robot = Vanishing(initiated)
    connection = linked(robot, monkeypatch)
    with pytest.raises(KeyboardInterrupt), Session(connection) as deck:
        deck.delay(1)
    assert robot.begun == ["OpenSession", "Delay"]
    assert robot.now < 1000 + LONG_S


def in_session(connection: link.Link, within: Callable[[], None]) -> None:
    with Session(connection):
        within()


def locked(connection: link.Link, within: Callable[[], None]) -> None:
    with Lock(connection, None, None):
        within()


@pytest.mark.parametrize("work", [in_session, locked])
@pytest.mark.parametrize("is_pressed_within", [True, False])
def test_the_end_of_a_block_does_not_wait_for_a_server_that_has_gone(
    monkeypatch: pytest.MonkeyPatch, work: Callable[..., None], is_pressed_within: bool
) -> None:
    robot = Vanishing()
    presses = iter([signal.SIGINT])

    def press(_: str = "") -> None:
        for signal_number in presses:
            signal.raise_signal(signal_number)

    def within() -> None:
        robot.is_gone = True
        robot.now = 2000.0  # the server was not heard for a while
        if is_pressed_within:
            press()

    robot.unanswered = press
    with pytest.raises(KeyboardInterrupt):
        work(linked(robot, monkeypatch), within)
    assert robot.now < 2000 + LONG_S
