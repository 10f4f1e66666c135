"""Messages wait for a webhook or a mail server that does not answer; nobody waits for them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from sila_ot2.alerts.delivery import MOST_WAITING, Delivery, Message, Undelivered
from tests.waiting import wait_for


class Scripted:
    """A channel that fails a given number of times, and then delivers."""

    name = "scripted channel"

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.attempts = 0
        self.sent: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def send(self, message: Message) -> None:
        self.attempts += 1
        self.gate.wait(30)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message["text"])


@pytest.fixture
def begin() -> Iterator[Callable[..., Delivery]]:
    begun: list[tuple[Delivery, Scripted]] = []

    def begin(channel: Scripted, waits_s: tuple[float, ...] = (0.0, 0.0)) -> Delivery:
        delivery = Delivery(channel, waits_s)
        delivery.start()
        begun.append((delivery, channel))
        return delivery

    yield begin
    for delivery, channel in begun:
        channel.gate.set()
        delivery.stop()


def once() -> Undelivered:
    return Undelivered("no answer", is_final=False)


def test_a_message_is_tried_again_until_it_is_delivered(begin: Callable[..., Delivery]) -> None:
    channel = Scripted(once(), once())
    delivery = begin(channel)
    for text in ("one", "two"):
        delivery.add({"text": text})
    wait_for(lambda: channel.sent == ["one", "two"])
    assert channel.attempts == 4


@pytest.mark.parametrize(
    "failures",
    [(once(), once(), once()), (Undelivered("refused", is_final=True),), (ValueError("a password that is not ASCII"),)],
)
def test_a_message_that_cannot_be_delivered_is_logged_and_the_next_goes_on(
    begin: Callable[..., Delivery], caplog: pytest.LogCaptureFixture, failures: tuple[Exception, ...]
) -> None:
    channel = Scripted(*failures)
    delivery = begin(channel)
    for text in ("lost", "next"):
        delivery.add({"text": text})
    wait_for(lambda: channel.sent == ["next"])
    assert channel.attempts == len(failures) + 1
    (lost,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "'lost' by scripted channel is lost" in lost.getMessage()


def test_a_channel_that_hangs_holds_up_nobody_and_keeps_the_newest(begin: Callable[..., Delivery]) -> None:
    channel = Scripted()
    channel.gate.clear()
    delivery = begin(channel)
    delivery.add({"text": "first"})
    wait_for(lambda: channel.attempts == 1)
    for number in range(MOST_WAITING + 10):
        delivery.add({"text": str(number)})
    channel.gate.set()
    wait_for(lambda: len(channel.sent) == MOST_WAITING + 1)
    assert channel.sent == ["first", *(str(number) for number in range(10, MOST_WAITING + 10))]


def test_stopping_does_not_wait_for_the_next_attempt(begin: Callable[..., Delivery]) -> None:
    channel = Scripted(*(once() for _ in range(5)))
    delivery = begin(channel, (1000.0,))
    delivery.add({"text": "one"})
    wait_for(lambda: channel.attempts == 1)
    delivery.stop()
    assert not delivery._thread.is_alive()
