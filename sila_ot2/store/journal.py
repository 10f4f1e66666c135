"""The journal of acts: an intent is written before the request is sent, the answer closes it.

What is still open after a crash or a lost answer is looked up on the robot before anything else acts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Column, DateTime, Engine, Integer, String, Table, Text, bindparam, delete, insert, select, update

from sila_ot2.store.database import METADATA

KEPT_FOR = datetime.timedelta(days=30)
"""How long closed entries are kept."""

LASTING_KIND = "create_run"
"""Entries of this kind are kept for good: they say which runs on the robot are ours."""


class Outcome(str, Enum):
    """How an entry was closed."""

    DONE = "done"
    REFUSED = "refused"
    NOT_DONE = "not done"
    RECONCILED = "reconciled"
    """Settled by an operator's word, because the robot could not tell."""


@dataclass(frozen=True)
class OpenEntry:
    """An act whose outcome has not been established."""

    entry_id: int
    kind: str
    document: str
    """The act itself, as JSON; `sila_ot2.driver.act` reads it."""
    opened_at: datetime.datetime


_entries = Table(
    "journal",
    METADATA,
    Column("entry_id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
    Column("outcome", String, index=True),
    Column("subject", String, index=True),
    Column("note", Text),
)

# Made once: SQLAlchemy recognises a statement that it has compiled before much faster when it is the same object, and
# every command of the robot is written down twice.
_OPEN = insert(_entries).returning(_entries.c.entry_id)
_CLOSE = (
    update(_entries)
    .where(_entries.c.entry_id == bindparam("entry"))
    .values({name: bindparam(name) for name in ("closed_at", "outcome", "subject", "note")})
)


class Journal:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            old = (_entries.c.closed_at < _now() - KEPT_FOR) & (_entries.c.kind != LASTING_KIND)
            connection.execute(delete(_entries).where(old))

    def open(self, kind: str, document: str) -> int:
        """Write down an intent; returns the entry's number. Must return before the request is sent."""
        with self._engine.begin() as connection:
            row = {"kind": kind, "document": document, "opened_at": _now()}
            return int(connection.execute(_OPEN, row).scalar_one())

    def close(self, entry_id: int, outcome: Outcome, *, subject: str = "", note: str = "") -> None:
        """Close an entry; `subject` is what the act brought about (the id of a run or command)."""
        with self._engine.begin() as connection:
            closing = {"closed_at": _now(), "outcome": outcome.value, "subject": subject, "note": note}
            connection.execute(_CLOSE, {"entry": entry_id, **closing})

    def unresolved(self) -> list[OpenEntry]:
        """Entries without an outcome, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_entries.c.entry_id, _entries.c.kind, _entries.c.document, _entries.c.opened_at)
                .where(_entries.c.outcome.is_(None))
                .order_by(_entries.c.entry_id)
            )
            return [OpenEntry(row.entry_id, row.kind, row.document, row.opened_at) for row in rows]

    def documents_about(self, subject: str, kinds: Iterable[str]) -> list[str]:
        """The acts of `kinds` that brought `subject` about, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_entries.c.document)
                .where(_entries.c.subject == subject, _entries.c.kind.in_(tuple(kinds)))
                .order_by(_entries.c.entry_id)
            )
            return [row.document for row in rows]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
