"""Tables that cannot be written to: the disk is full, or another process holds the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

WHY = ["database or disk is full", "database is locked"]


@contextmanager
def unwritable(engine: Engine, *tables: str, why: str = WHY[0]) -> Iterator[None]:
    """While this lasts, every row that is added, changed or removed is refused."""
    names = {f"no_{change}_{table}": f"{change} ON {table}" for table in tables
             for change in ("INSERT", "UPDATE", "DELETE")}  # fmt: skip
    with engine.begin() as connection:
        for name, what in names.items():
            connection.execute(text(f"CREATE TRIGGER {name} BEFORE {what} BEGIN SELECT RAISE(ABORT, '{why}'); END"))
    yield
    with engine.begin() as connection:
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
