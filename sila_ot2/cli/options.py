"""Options that several verbs share."""

from __future__ import annotations

import logging
from typing import Annotated, Any

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
    """Return the number that was given, as `parser` of an option or argument: typer takes 3_7 for 37, and `nan`.

    Raises:
        typer.BadParameter: it is none.
    """
    given = read_number(text)
    if given is None:
        raise typer.BadParameter(f"{text!r} is not a number.")
    return given


def number_within(least: float, most: float | None = None, *, whole: bool = False) -> dict[str, Any]:
    """Return what makes an option or argument take the numbers of a range, as `number` reads them.

    Args:
        least: the smallest that is taken.
        most: the largest; None: there is none.
        whole: whether it must be a whole number.
    """

    def parse(given: str | float) -> float:
        value = number(given) if isinstance(given, str) else float(given)  # its default is no text
        if whole and not value.is_integer():
            raise typer.BadParameter(f"{given} is not a whole number.")
        if value < least or (most is not None and value > most):
            wanted = f"at least {least}" if most is None else f"from {least} to {most}"
            raise typer.BadParameter(f"{given} is not {wanted}.")
        return int(value) if whole else value

    return {"min": least, "max": most, "parser": parse}


PORT_RANGE = number_within(0, 65535, whole=True)
"""For the number of a port."""
