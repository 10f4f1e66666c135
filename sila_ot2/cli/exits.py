"""How a command ends: exit codes, and the fault that carries one.

`docs/reference/exit-codes.md` is written from this module by `scripts/document.py`.
"""

from __future__ import annotations

import os
import threading
from enum import IntEnum

END_WITHIN_S = 4.5
"""A process that shall end, or has nothing left to do, ends within this time, even if threads still run in it."""


class ExitCode(IntEnum):
    """How `sila-ot2` ended, for the calling script."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """Make the member an integer that carries its meaning."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    SUCCESS = 0, "Done. For `serve` and `simulate`: ended by Ctrl-C or SIGTERM."
    UNEXPECTED = 1, "A fault of this program. Run again with `-v` and report what it prints."
    USAGE = 2, "The command, an option or a setting is wrong; nothing was started."
    UNAVAILABLE = 3, "Something is missing on this computer: the port is taken, the simulator is not installed."
    UNREACHABLE = 4, "The robot or the SiLA server was not found or does not answer."
    FAILED = 5, "The robot or the server refused the command, or could not finish it; the message says which."
    OUTPUT_CLOSED = 141, "The program that read its output has ended, such as `head`; what the robot does goes on."
    INTERRUPTED = 130, "Ended by Ctrl-C before the command was done."


class CommandLineError(Exception):
    """Ends the command with one line: the reason, and what to do."""

    def __init__(self, reason: str, *, remedy: str, code: ExitCode) -> None:
        super().__init__(f"{reason.rstrip('.')}. {remedy}")
        self.code = code


def end_within(seconds: float, code: int) -> None:
    """End the process with `code` unless it has ended by itself by then: no stuck thread keeps it alive."""
    deadline = threading.Timer(seconds, os._exit, (int(code),))
    deadline.daemon = True
    deadline.start()
