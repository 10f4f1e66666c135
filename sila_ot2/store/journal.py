"""The journal of requests: an intent is written before the request is sent, the answer closes it.

A request that only stops the robot waits for no database: its intent is kept in memory first, and written soon.

What is still open after a crash or a lost answer is looked up on the robot before anything else acts.
"""

from __future__ import annotations

import datetime
import logging
import secrets
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite as on_sqlite
from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.errors import StorageFull
from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(days=30)
"""How long closed entries are kept."""

LASTING_KIND = "create_run"
"""Entries of this kind are kept for good: they say which runs on the robot are ours. So are those with a key."""


class RequestOutcome(str, Enum):
    """How an entry was closed."""

    DONE = "done"
    REFUSED = "refused"
    NOT_DONE = "not done"
    RECONCILED = "reconciled"
    """Settled by an operator's confirmation, because the robot could not tell."""


@dataclass(frozen=True)
class OpenEntry:
    """A request whose outcome has not been established."""

    entry_id: int
    kind: str
    document: str
    """The request itself, as JSON; `sila_ot2.driver.requests.request` reads it."""
    opened_at: datetime.datetime


@dataclass(frozen=True)
class KeyedEntry:
    """A request that a client has given a key, with what became of it."""

    document: str
    """The request, as JSON."""
    outcome: RequestOutcome | None
    """None: it is not known, or not yet."""
    subject: str
    """What the request brought about; empty unless it is known."""


_entries = Table(
    "journal",
    METADATA,
    Column("entry_id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("document", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("outcome", String, index=True),
    Column("subject", String, index=True),
    Column("note", Text),
)

_REQUEST_KEY = case(
    (func.json_valid(_entries.c.document) == 1, func.json_extract(_entries.c.document, "$.request_key"))
)
"""The key that a client has given to its request."""
_RUN_ID = case((func.json_valid(_entries.c.document) == 1, func.json_extract(_entries.c.document, "$.run_id")))
"""The run that a request is about."""
_ACTION = case((func.json_valid(_entries.c.document) == 1, func.json_extract(_entries.c.document, "$.action")))
"""What a request does with a run."""
_MAY_BE_DONE = _entries.c.outcome.is_(None) | _entries.c.outcome.not_in(
    [RequestOutcome.REFUSED.value, RequestOutcome.NOT_DONE.value]
)

# Made once: SQLAlchemy recognizes a statement that it has compiled before much faster when it is the same object, and
# every command of the robot is written down twice.
_OPEN = insert(_entries).returning(_entries.c.entry_id)
_OPEN_SOON = on_sqlite.insert(_entries).on_conflict_do_nothing()  # two threads may write the same one
_CLOSE = (
    update(_entries)
    .where(_entries.c.entry_id == bindparam("entry"))
    .values({name: bindparam(name) for name in ("closed_at", "outcome", "subject", "note")})
)


class Journal:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._opening: list[dict[str, Any]] = []
        self._due: list[dict[str, Any]] = []
        self._taking = threading.Lock()
        with engine.begin() as connection:
            lasting = (_entries.c.kind == LASTING_KIND) | (func.coalesce(_REQUEST_KEY, "") != "")
            connection.execute(delete(_entries).where(_entries.c.closed_at < utc_now() - KEPT_FOR, ~lasting))

    def open(self, kind: str, document: str, *, soon: bool = False) -> int:
        """Write down an intent; returns the entry's number. Must return before the request is sent.

        Args:
            kind: of the request.
            document: the request.
            soon: with the next write, or by `flush`: for requests that must not wait for it. If this process is killed
                before, the next one knows nothing of the request.
        """
        row = {"kind": kind, "document": _storable(document), "opened_at": utc_now()}
        if soon:
            number = -secrets.randbits(62)  # no number of the database, which counts from 1
            with self._taking:
                self._opening.append(row | {"entry_id": number})
            return number
        with self._writing() as connection:
            return int(connection.execute(_OPEN, row).scalar_one())

    def close(
        self, entry_id: int, outcome: RequestOutcome, *, subject: str = "", note: str = "", soon: bool = False
    ) -> None:
        """Close an entry.

        Args:
            entry_id: its number.
            outcome: what became of the request.
            subject: what the request brought about (the id of a run or command).
            note: as text.
            soon: with the next write, or by `flush`. If this process is killed before, the request is looked up by the
                next one and found: for requests that can be.
        """
        row = {"entry": entry_id, "closed_at": utc_now(), "outcome": outcome.value}
        with self._taking:
            self._due.append(row | {"subject": _storable(subject), "note": _storable(note)})
        if not soon:
            try:
                self.flush()
            except (SQLAlchemyError, StorageFull) as failed:  # it has been sent: due still, and known in this process
                log.error("The outcome of a request is not written down yet: %s", failed)

    def flush(self) -> None:
        """Write what was to be closed soon."""
        if self._opening or self._due:
            with self._writing():
                pass

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that begins with what is due."""
        with self._taking:
            opening, due = list(self._opening), list(self._due)
        with self._engine.begin() as connection:
            if opening:
                connection.execute(_OPEN_SOON, opening)
            if due:
                connection.execute(_CLOSE, due)
            yield connection
        with self._taking:  # only now: what reads meanwhile finds it in one place or the other
            self._opening = [row for row in self._opening if row not in opening]
            self._due = [row for row in self._due if row not in due]

    def unresolved(self) -> list[OpenEntry]:
        """Entries without an outcome, oldest first."""
        self.flush()
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_entries.c.entry_id, _entries.c.kind, _entries.c.document, _entries.c.opened_at)
                .where(_entries.c.outcome.is_(None))
                .order_by(_entries.c.entry_id)
            )
            return [OpenEntry(row.entry_id, row.kind, row.document, row.opened_at) for row in rows]

    def under_way(self, kind: str) -> list[str]:
        """The requests of a kind without an outcome; one that is being closed may still be among them."""
        query = select(_entries.c.entry_id, _entries.c.document).where(
            _entries.c.outcome.is_(None), _entries.c.kind == kind
        )
        with self._taking:  # before the database is read: what is written meanwhile is found there
            opening = {row["entry_id"]: row["document"] for row in self._opening if row["kind"] == kind}
        with self._engine.connect() as connection:
            found = opening | {row.entry_id: row.document for row in connection.execute(query)}
        with self._taking:
            closed = {row["entry"] for row in self._due}
        return [document for number, document in found.items() if number not in closed]

    def documents_about(self, subject: str, kinds: Collection[str]) -> list[str]:
        """The requests of `kinds` that brought `subject` about, oldest first."""
        with self._taking:
            due = [row["entry"] for row in self._due if row["subject"] == subject]
            opening = {
                row["entry_id"]: row["document"]
                for row in self._opening
                if row["entry_id"] in due and row["kind"] in kinds
            }
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(_entries.c.entry_id, _entries.c.document)
                .where(
                    (_entries.c.subject == subject) | _entries.c.entry_id.in_(due), _entries.c.kind.in_(tuple(kinds))
                )
                .order_by(_entries.c.entry_id)
            )
            return list((opening | {row.entry_id: row.document for row in rows}).values())

    def runs_created_after(self, run_id: str, *, seen_at: datetime.datetime) -> list[str]:
        """Return the runs that we created after this one, oldest first.

        Args:
            run_id: a run of any client.
            seen_at: when this server saw it first; counts if it is not ours.
        """
        created = _entries.c.kind == LASTING_KIND
        with self._taking:  # before the database is read: what is written meanwhile is found there
            due = {row["entry"]: row["subject"] for row in self._due}
        with self._engine.connect() as connection:
            columns = (_entries.c.entry_id, _entries.c.subject, _entries.c.opened_at)
            rows = list(connection.execute(select(*columns).where(created).order_by(_entries.c.entry_id)))
        runs = [due.get(row.entry_id) or row.subject for row in rows]
        if run_id in runs:
            begin = runs.index(run_id) + 1
        else:
            begin = next((number for number, row in enumerate(rows) if row.opened_at > seen_at), len(rows))
        return [run for run in runs[begin:] if run]

    def may_have_commanded(self, run_id: str) -> bool:
        """Return whether a command that we sent to a run may have been carried out; True if nobody can tell."""
        created = select(_entries.c.opened_at).where(_entries.c.subject == run_id, _entries.c.kind == LASTING_KIND)
        sent = select(_entries.c.entry_id).where(
            _entries.c.kind == "command",
            _RUN_ID.in_((run_id,)),
            _MAY_BE_DONE,
        )
        with self._engine.connect() as connection:
            created_at = connection.execute(created).scalar()
            if created_at is None or created_at < utc_now() - KEPT_FOR:  # its commands may have been given up
                return True
            return connection.execute(sent.limit(1)).first() is not None

    def commands_since_start(self, run_id: str) -> list[str]:
        """The commands in and outside of runs that may have been carried out since we started a run of ours.

        Since it was created, if it was started by somebody else. Those that only switch off may be missing.
        """
        created = select(func.max(_entries.c.entry_id)).where(
            _entries.c.subject == run_id, _entries.c.kind == LASTING_KIND
        )
        with self._engine.connect() as connection:
            since = connection.execute(created).scalar() or 0
            started = select(func.min(_entries.c.entry_id)).where(
                _entries.c.entry_id > since, _entries.c.kind == "action", _RUN_ID.in_((run_id,)), _ACTION.in_(("play",))
            )
            since = connection.execute(started).scalar() or since
            sent = select(_entries.c.document).where(
                _entries.c.entry_id > since, _entries.c.kind.in_(("command", "stateless_command")), _MAY_BE_DONE
            )
            return list(connection.execute(sent.order_by(_entries.c.entry_id)).scalars())

    def with_key(self, key: str, kinds: Iterable[str]) -> list[KeyedEntry]:
        """The requests of `kinds` that a client has given this key, oldest first, with what became of them."""
        self.flush()
        query = (
            select(_entries.c.document, _entries.c.outcome, _entries.c.subject)
            .where(_entries.c.kind.in_(tuple(kinds)), _REQUEST_KEY.in_((key,)))
            .order_by(_entries.c.entry_id)
        )
        with self._engine.connect() as connection:
            return [
                KeyedEntry(row.document, RequestOutcome(row.outcome) if row.outcome else None, row.subject or "")
                for row in connection.execute(query)
            ]


def _storable(text: str) -> str:
    """Return the text without what a database cannot keep: one bad row would hold up all that come after it."""
    return text.encode(errors="backslashreplace").decode()
