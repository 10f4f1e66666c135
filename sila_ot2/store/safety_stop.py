"""The latch of the safety stop; it outlives this process."""

from __future__ import annotations

import datetime

from sqlalchemy import Column, Engine, Integer, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

_safety_stop = Table(
    "safety_stop",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("since", UtcTime, nullable=False),
)
ONLY = 1
"""The key of the one row."""


class SafetyStopStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> datetime.datetime | None:
        """Return since when the stop is latched; None if it is not."""
        with self._engine.connect() as connection:
            return connection.execute(select(_safety_stop.c.since)).scalar_one_or_none()

    def write(self, since: datetime.datetime) -> None:
        """Keep that the stop is latched; the first time stands."""
        statement = insert(_safety_stop).values(only=ONLY, since=since)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_nothing(index_elements=["only"]))

    def clear(self) -> None:
        """Keep that the stop is latched no longer."""
        with self._engine.begin() as connection:
            connection.execute(delete(_safety_stop))
