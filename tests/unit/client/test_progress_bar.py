"""The progress bar of an execution in a terminal of 80 columns."""

from __future__ import annotations

import datetime as dt
import os
import pty
import struct
import termios
from collections.abc import Iterator
from fcntl import ioctl
from io import StringIO
from types import SimpleNamespace
from typing import TextIO

import pytest

from sila_ot2.client.messages import Progress
from sila_ot2.client.progress_bar import ProgressBar

COLUMNS = 80


class Terminal:
    """A terminal, and what a person sees in it.

    Attributes:
        stream: what a program writes to.
    """

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        self.stream: TextIO = os.fdopen(slave, "w", encoding="utf-8")

    def lines(self) -> list[str]:
        """Return the lines that were written to, without the spaces at their ends."""
        self.stream.write("\0")  # a terminal passes on what was written in pieces
        self.stream.flush()
        written = b""
        while not written.endswith(b"\0"):
            written += os.read(self._master, 100_000)
        lines, column = [[" "] * COLUMNS], 0
        for character in written[:-1].decode():
            if character == "\r":
                column = 0
                continue
            if character == "\n" or column == COLUMNS:
                lines.append([" "] * COLUMNS)
                column = column if character == "\n" else 0
            if character != "\n":
                lines[-1][column] = character
                column += 1
        return ["".join(line).rstrip() for line in lines]

    def close(self) -> None:
        self.stream.close()
        os.close(self._master)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


def at(step: str) -> Progress[SimpleNamespace]:
    return Progress("running", 0.5, dt.timedelta(seconds=7), SimpleNamespace(current_step_text=step))


def test_a_long_text_is_cut_at_the_width_of_the_terminal(terminal: Terminal) -> None:
    with ProgressBar("RunController.RunUploadedFile", terminal.stream) as bar:
        for number in range(3):
            bar.update(at(f"{number} Aspirating 50 µL from A1 of Corning 96 Well Plate on slot 2 at 94 µL/s"))
            (shown,) = terminal.lines()
            assert len(shown) == COLUMNS - 1
            assert "left  " + str(number) in shown


def test_a_shorter_text_leaves_nothing_of_a_longer_one(terminal: Terminal) -> None:
    bar = ProgressBar("Home", terminal.stream)
    bar.update(at("Aspirating 50 µL from A1 of Corning 96 Well Plate"))
    bar.update(at("Homing"))
    (shown,) = terminal.lines()
    assert shown.endswith("left  Homing")


def test_a_text_of_several_lines_or_wide_characters_stays_on_its_line(terminal: Terminal) -> None:
    bar = ProgressBar("Home", terminal.stream)
    bar.update(at("first\r\nsecond\x1b[2J"))
    (shown,) = terminal.lines()
    assert shown.endswith("first  second [2J")
    bar.update(at("孔" * COLUMNS))
    (shown,) = terminal.lines()
    assert len(shown) + shown.count("孔") in (COLUMNS - 2, COLUMNS - 1)


def test_a_program_without_a_console_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    with ProgressBar("Home") as bar:
        bar.update(at("Homing"))


def test_a_bar_ends_its_line_and_a_file_gets_none(terminal: Terminal) -> None:
    file = StringIO()
    for stream in (terminal.stream, file):
        with ProgressBar("Home", stream) as bar:
            bar.update(at("Homing"))
    assert terminal.lines()[-1] == ""
    assert file.getvalue() == ""
