"""The robot's clock. It has no battery: after a cold start it may be off by any amount."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


class Clock:
    """The time the robot believes it is."""

    def __init__(self) -> None:
        self.offset_s = 0.0

    def now(self) -> datetime:
        """The robot's time, in UTC."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.offset_s)

    def set(self, moment: datetime) -> None:
        """Set the robot's time; one without a zone is UTC."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        self.offset_s = (moment - datetime.now(timezone.utc)).total_seconds()


def timestamp(moment: datetime) -> str:
    """A moment as the robot writes it."""
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
