"""Times as the page reads and shows them."""

from __future__ import annotations

import datetime


def utc_now() -> datetime.datetime:
    """Return this computer's time, in UTC and with its zone."""
    return datetime.datetime.now(datetime.timezone.utc)


def local_time(moment: datetime.datetime, now: datetime.datetime | None = None) -> str:
    """Return a moment in the time of the computer that serves the page; with the date unless it is today's."""
    local = moment.astimezone()
    today = (now or utc_now()).astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M:%S")


def moment_of(moment: str | None) -> datetime.datetime | None:
    """Return a time of the robot; Python 3.10 reads no Z."""
    return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")) if moment else None
