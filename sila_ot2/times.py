"""Points in time."""

from __future__ import annotations

import datetime


def utc_now() -> datetime.datetime:
    """Return this computer's time, in UTC and with its zone."""
    return datetime.datetime.now(datetime.timezone.utc)
