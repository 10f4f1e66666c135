"""Output for people: as wide as their terminal, and whole when it goes into a file or another program."""

from __future__ import annotations

import sys

from rich.console import Console

WHOLE = 10_000
"""Columns of what is no terminal: no value is cut or broken there."""


def person() -> Console:
    """Return standard output for a person; on a terminal, lines break between words."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WHOLE)
