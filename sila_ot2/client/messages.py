"""The messages of SiLA's framework: how an execution stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from sila_ot2.client import wire

P = TypeVar("P")
Status = Literal["waiting", "running", "finished successfully", "finished with error"]
STATUSES: tuple[Status, ...] = ("waiting", "running", "finished successfully", "finished with error")


@dataclass(frozen=True, slots=True)
class Progress(Generic[P]):
    """How an execution stands.

    Attributes:
        status: "waiting", "running", "finished successfully" or "finished with error".
        fraction: how much is done, from 0 to 1; None if the server does not report it.
        remaining: how long it will probably take; None if the server does not report it.
        details: the newest intermediate response of the command; None if it has none or none has come yet.
    """

    status: Status
    fraction: float | None
    remaining: dt.timedelta | None
    details: P | None = None

    def __str__(self) -> str:
        done = "" if self.fraction is None else f", {100 * self.fraction:.0f} %"
        left = "" if not self.remaining else f", {clock(self.remaining)} left"
        step = step_text(self.details)
        return f"{self.status}{done}{left}{': ' if step else ''}{step}"

    @property
    def finished(self) -> bool:
        """Whether the execution has ended."""
        return self.status.startswith("finished")


def step_text(details: Any) -> str:
    """The current step by an intermediate response; empty if it has none."""
    text: str = getattr(details, "current_step_text", "") or getattr(details, "current_well", "")
    return text


def clock(span: dt.timedelta) -> str:
    """A span of time as minutes and seconds, with hours if there are any."""
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read_progress(data: bytes) -> Progress[Any]:
    """Read an ExecutionInfo."""
    status, fraction, remaining = 0, None, None
    for number, raw in wire.fields(data):
        if number == 1:
            status = wire.integer(raw)
        elif number == 2:
            fraction = wire.REAL.read(wire.content(raw), wire.Downloads())
        elif number == 3:
            parts = dict(wire.fields(wire.content(raw)))
            seconds, nanos = wire.signed(wire.integer(parts.get(1, 0))), wire.signed(wire.integer(parts.get(2, 0)))
            try:
                remaining = dt.timedelta(seconds=seconds, microseconds=nanos // 1000)
            except OverflowError as error:
                raise wire.Malformed(f"no span of time: {error}") from None
    if status >= len(STATUSES):
        raise wire.Malformed(f"the command status {status}")
    return Progress(STATUSES[status], fraction, remaining)


def read_confirmation(data: bytes) -> str:
    """Read the UUID of a CommandConfirmation."""
    uuid = wire.first(wire.content(wire.first(data) or b""))
    if not uuid:
        raise wire.Malformed("a confirmation without UUID")
    return wire.text(uuid)
