"""Processes that this one starts and that must not outlive it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

DIE_WITH_PARENT = "--die-with-parent"
"""Option of our own programs: end when the process that started this one has ended, even if it was killed."""


@contextmanager
def child(
    command: Sequence[str],
    *,
    faults: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 10,
) -> Iterator[subprocess.Popen[str]]:
    """Start a process that ends with the block: asked first, forced after `timeout_s`.

    It leads a session of its own, so Ctrl-C reaches only us and we end it in order.

    Args:
        command: the program and its arguments.
        faults: file for its standard error; its standard output can then be read. Without, both are ours.
        environment: its environment variables; without, it has ours.
        timeout_s: how long it may take to end when asked.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=None if faults is None else subprocess.PIPE,
        stderr=faults,
        env=environment,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end_process(process, timeout_s)


def end_like_interrupt() -> None:
    """Let SIGTERM and a closed terminal end this process as Ctrl-C does: with its `finally` blocks run."""
    for number in ending_signals():
        signal.signal(number, signal.default_int_handler)


@contextmanager
def interruptible(again_s: float = 1.0) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the block, and nothing behind it, where children are ended.

    The interrupt is repeated every `again_s` until the block is left: code that is called from C (gRPC, finalizers) may
    discard it.
    """
    left = threading.Event()

    def interrupt(number: int, _frame: object) -> None:
        if left.is_set():
            return
        repeat = threading.Timer(again_s, _interrupt_again, (number, left))
        repeat.daemon = True
        repeat.start()
        raise KeyboardInterrupt

    for number in ending_signals():
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        left.set()


def _interrupt_again(number: int, left: threading.Event) -> None:
    if left.is_set():
        return
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:  # to the thread that handles signals, so that it wakes up
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def ending_signals() -> list[signal.Signals]:
    """Return the signals that ask this process to end; a closed terminal is none of them under nohup."""
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    return signals


def end_process(process: subprocess.Popen[str], timeout_s: float = 10) -> None:
    """End a process, asked first and forced after `timeout_s`, and close its standard output."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
