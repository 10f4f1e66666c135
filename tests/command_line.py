"""The command line within the process of the tests: Python's start and the imports take longer than most commands."""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import typer.main

from sila_ot2.cli.app import run

_get_command = functools.cache(typer.main.get_command)
"""Making the verbs from their functions takes longer than most verbs."""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


class Screen(io.StringIO):
    """The screen of a terminal."""

    def isatty(self) -> bool:
        return True


def sila_ot2(*arguments: str, columns: int | None = None) -> Done:
    """Run a command to its end. This process is afterwards as it was before.

    Args:
        arguments: of the command.
        columns: standard output is a terminal of this width; without it, none of the standard streams is a terminal.
    """
    with (
        contextlib.redirect_stdout(Screen() if columns else io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as faults,
        mock.patch("sys.stdin", io.StringIO()),
        mock.patch.dict(os.environ, {"COLUMNS": str(columns), "TERM": "dumb"} if columns else {}),
        mock.patch("typer.main.get_command", _get_command),
        mock.patch("sila_ot2.cli.serve.end_within"),  # it would end the tests
        _signals_and_logging_as_before(),
    ):
        code = run(arguments)
    return Done(code, out.getvalue(), faults.getvalue())


@contextlib.contextmanager
def _signals_and_logging_as_before() -> Iterator[None]:
    """Put aside what pytest has made of the log: `serve` replaces it."""
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    root, ours = logging.getLogger(), logging.getLogger("sila_ot2")
    levels, handlers, root.handlers = (root.level, ours.level), root.handlers, []
    try:
        yield
    finally:
        for number, handler in signals.items():
            signal.signal(number, handler)
        for made in root.handlers:
            made.close()
        root.handlers = handlers
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
