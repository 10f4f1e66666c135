"""An interrupt ends what is under way, and not what ends it in order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from sila_ot2.cli.children import ending_signals, interruptible


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ending_signals()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def interrupt(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    threading.Event().wait(10)


def work_that_swallows(number: signal.Signals, swallowed: list[int]) -> None:
    with interruptible(again_s=0.01):
        try:
            interrupt(number)
        except KeyboardInterrupt:
            swallowed.append(1)
        threading.Event().wait(10)


@pytest.mark.parametrize("number", ending_signals())
def test_an_interrupt_that_was_swallowed_comes_again(number: signal.Signals) -> None:
    swallowed: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        work_that_swallows(number, swallowed)
    assert swallowed == [1]


def test_nothing_comes_once_the_block_is_left() -> None:
    swallowed: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        work_that_swallows(signal.SIGINT, swallowed)
    os.kill(os.getpid(), signal.SIGINT)
    assert not threading.Event().wait(0.1)
