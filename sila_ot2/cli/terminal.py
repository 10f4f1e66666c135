"""Output for people: as wide as their terminal, and whole when it goes into a file or another program."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sila_ot2.cli.plain import plain

if TYPE_CHECKING:
    from sila_ot2.client.generated.atomic_liquid_handling import ActivePart as PartAtSession
    from sila_ot2.client.generated.run_controller import ActivePart as PartAtRun

    ActivePart = PartAtSession | PartAtRun

WHOLE = 10_000
"""The width of an output that is not a terminal: no value is cut or wrapped there."""


def person() -> Console:
    """Return standard output for a person; on a terminal, lines break between words."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WHOLE)


def beside() -> Console:
    """Return standard error for a person, for what is not the result: progress, questions, hints."""
    return Console(highlight=False, stderr=True, soft_wrap=not sys.stderr.isatty())


def somebody_is_there() -> bool:
    """Whether there is a person who can answer a question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def show_list(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print a table in which no value is cut; without rows, print `empty` on standard error."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*map(harmless, row))
    if shown.row_count:
        person().print(shown)
    else:
        beside().print(empty, markup=False)


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one fact a line."""
    shown = Table.grid(padding=(0, 2))
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for name, fact in facts:
        shown.add_row(name, harmless(fact))
    person().print(shown)


def show_active_parts(parts: Iterable[ActivePart]) -> None:
    """Print on standard error which parts of modules are still on or hot after something has ended."""
    for part in parts:
        what = f"{part.part} of {part.model} {part.serial_number}: {part.activity}"
        beside().print(Text("Still active: ").append(harmless(what)))


def show_json(value: Any) -> None:
    """Print a value as JSON, for programs."""
    print(json_text(plain(value), indent=2))


def json_text(value: Any, *, indent: int | None = None) -> str:
    """Return a plain value as JSON, with escapes where the output cannot show every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return json.dumps(value, indent=indent, ensure_ascii=not encoding.lower().startswith("utf"))


def harmless(text: str) -> Text:
    """Text of others without markup and control characters, which could rewrite the terminal."""
    return Text("".join(character for character in text if character.isprintable() or character == "\n"))


def local(moment: dt.datetime) -> str:
    """A point in time by the clock of this computer."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def span(seconds: float) -> str:
    """A span of time: 12 s, 3:05 or 1:02:03."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def counted(number: int, noun: str) -> str:
    """A number of things: 1 tip, 2 tips."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
