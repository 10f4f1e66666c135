"""Processes that this one starts and that must not outlive it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@contextmanager
def child(
    command: Sequence[str],
    *,
    output: IO[str] | IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    patience_s: float = 10,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that ends with the block: asked first, forced after `patience_s`.

    It leads a session of its own, so Ctrl-C reaches only us and we end it in order. On Linux it also ends when we are
    killed.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
        preexec_fn=_ending_with_parent() if sys.platform == "linux" else None,  # noqa: PLW1509 - before any thread
    )
    try:
        yield process
    finally:
        end(process, patience_s=patience_s)


def end(process: subprocess.Popen[bytes], *, patience_s: float) -> None:
    """End a process and wait for it; does nothing if it has ended."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_like_interrupt() -> None:
    """Let SIGTERM and a closed terminal end this process as Ctrl-C does: with its `finally` blocks run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.default_int_handler)


def _ending_with_parent() -> Callable[[], None]:
    libc = ctypes.CDLL(None)  # loaded here: between fork and exec only the call itself is safe
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died before we could ask
            os._exit(1)

    return ask
