"""Processes that this one starts and that must not outlive it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

DIE_WITH_PARENT = "--die-with-parent"
"""Option of our own programs: end when the process that started this one has ended, even if it was killed."""


@contextmanager
def child(
    command: Sequence[str],
    *,
    output: IO[str] | IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    patience_s: float = 10,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that ends with the block: asked first, forced after `patience_s`.

    It leads a session of its own, so Ctrl-C reaches only us and we end it in order.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
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
