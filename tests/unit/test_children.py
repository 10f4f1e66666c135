"""Processes we start end with us, however we end, and an interrupt gets through to where that is seen to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sila_ot2.children import child, ending_signals, interruptible
from tests.waiting import wait_for

AGAIN_S = 0.5
"""Longer than this process is kept from running while it notes the first interrupt."""
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]
PARENT = f"""
import signal, subprocess, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored where the tests run under nohup
from sila_ot2.children import child, end_like_interrupt
end_like_interrupt()
with child({SLEEPER!r}) as process:
    print(process.pid, flush=True)
    time.sleep(60)
"""


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_ends_with_the_block() -> None:
    with child(SLEEPER) as process:
        assert process.poll() is None
    assert process.poll() == -signal.SIGTERM


def test_ends_when_the_block_fails() -> None:
    with pytest.raises(KeyError), child(SLEEPER) as process:
        raise KeyError
    assert process.poll() is not None


def test_is_forced_when_it_does_not_listen(tmp_path: Path) -> None:
    with (tmp_path / "faults").open("wb") as faults, child(STUBBORN, faults=faults, timeout_s=0.2) as process:
        assert process.stdout is not None
        process.stdout.readline()
    assert process.poll() == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_ends_when_the_parent_is_ended_by_a_signal(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(number)
    parent.wait(60)
    parent.stdout.close()
    wait_for(lambda: gone(pid))


@pytest.fixture
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ending_signals()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def interrupt(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    threading.Event().wait(10)


def work_that_swallows(number: signal.Signals, swallowed: list[int]) -> None:
    with interruptible(again_s=AGAIN_S):
        try:
            interrupt(number)
        except KeyboardInterrupt:
            swallowed.append(1)
        threading.Event().wait(10)


@pytest.mark.parametrize("number", ending_signals())
@pytest.mark.usefixtures("handlers")
def test_an_interrupt_that_was_swallowed_comes_again(number: signal.Signals) -> None:
    swallowed: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        work_that_swallows(number, swallowed)
    assert swallowed == [1]


@pytest.mark.usefixtures("handlers")
def test_nothing_comes_once_the_block_is_left() -> None:
    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        work_that_swallows(signal.SIGINT, [])
    os.kill(os.getpid(), signal.SIGINT)
    wait_for(lambda: set(threading.enumerate()) <= before)  # the timers of the block have run out
