"""Options that several verbs share."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from sila_ot2.number_text import read_number

QUIET_LOGGERS = ("sila2", "httpx", "httpcore", "asyncio", "grpc")
"""Libraries that log every request, some with its parameters; they stay at WARNING even with -v."""


def _show_traces(asked: bool) -> bool:  # noqa: FBT001 - typer's callback
    if asked:
        logging.getLogger().setLevel(logging.DEBUG)
        for name in QUIET_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
    return asked


Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Log what is done, and show the traceback of an error.", callback=_show_traces
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def number(text: str) -> float:
    """Return the number that was given, as `parser` of what moves, heats or fills: typer takes 3_7 for 37, and `nan`.

    Raises:
        typer.BadParameter: it is none.
    """
    given = read_number(text)
    if given is None:
        raise typer.BadParameter(f"{text!r} is not a number.")
    return given
