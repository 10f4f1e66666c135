"""Tables of what was reported, as comma-separated text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def as_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV (RFC 4180, UTF-8) with a head; None becomes an empty cell.

    Spreadsheets take a cell that begins with certain characters for a formula, and names and error texts are anybody's:
    text that begins with one gets an apostrophe before it.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([_inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode()


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
