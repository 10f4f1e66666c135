"""A progress bar in a terminal or notebook; nothing where neither is."""

from __future__ import annotations

import importlib
import os
import sys
import unicodedata
from typing import Any, TextIO

from sila_ot2.client.messages import Progress, clock, step_text

WIDTH = 24
COLUMNS = 80
"""The width of a terminal that does not report it."""


def line(name: str, progress: Progress[Any]) -> str:
    """How an execution stands, in one line."""
    fraction = progress.fraction
    done = "" if fraction is None else f" {'█' * int(WIDTH * fraction):░<{WIDTH}} {100 * fraction:3.0f} %"
    left = "" if not progress.remaining else f", {clock(progress.remaining)} left"
    step = step_text(progress.details)
    status = "" if progress.status == "running" else f" {progress.status}"
    return f"{name}{done}{left}{status}{'  ' if step else ''}{step}"


def fitted(text: str, columns: int) -> str:
    """Return what of a text fits into one line of a terminal."""
    shown = ""
    for character in text:
        columns -= 2 if unicodedata.east_asian_width(character) in "FW" else 1
        if columns < 0:
            break
        shown += character if character.isprintable() else " "
    return shown


class ProgressBar:
    """A bar that is written over until it is closed.

    Args:
        name: what it shows the progress of.
        stream: the terminal; standard error unless given. A program without a console has none.
    """

    def __init__(self, name: str, stream: TextIO | None = None) -> None:
        self._name = name
        self._stream: TextIO | None = stream or sys.stderr
        self._handle = _notebook_display()
        self._is_begun = False

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None and self._is_begun:
            self._stream.write("\n")
            self._stream.flush()

    def update(self, progress: Progress[Any]) -> None:
        """Show how the execution stands."""
        text = line(self._name, progress)
        if self._handle is not None:
            self._handle.update({"text/plain": text}, raw=True)
        elif self._stream is not None and self._stream.isatty():
            columns = _columns(self._stream) - 1  # a full line would move the cursor to the next one
            self._stream.write(f"\r{' ' * columns}\r{fitted(text, columns)}")
            self._stream.flush()
            self._is_begun = True


def _columns(terminal: TextIO) -> int:
    """Return the width of a terminal."""
    try:
        return os.get_terminal_size(terminal.fileno()).columns or COLUMNS
    except (OSError, ValueError):  # a terminal that is a window of a Python program has no file descriptor
        return COLUMNS


def _notebook_display() -> Any:
    """A display of the notebook that runs this, None if it is not one."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    display: Any = importlib.import_module("IPython.display").display
    return display({"text/plain": ""}, raw=True, display_id=True)
