"""Points in time in the database: always in UTC, always with their zone in Python."""

from __future__ import annotations

import datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime.datetime]):
    """A column of points in time. SQLite keeps no zone, so that of every one is UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Turn a time of any zone into the kept form."""
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Turn the kept form into a time with its zone."""
        return value.replace(tzinfo=datetime.timezone.utc) if value else None


def kept_time(value: datetime.datetime | None) -> str | None:
    """Return a time as such a column keeps it, for SQL that goes to SQLite as it is."""
    return (
        value.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat(" ", "microseconds") if value else None
    )
