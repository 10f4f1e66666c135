"""What clients see of the session: how far it is, and what became of its last command."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from enum import Enum

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import CommandCancelled, OutcomeUnknown


class Phase(Enum):
    """How far a session is."""

    OPENING = "Opening"
    READY = "Ready"
    BUSY = "Busy"
    LOST = "Lost"


@dataclass(frozen=True)
class SessionState:
    """The session as clients see it."""

    phase: Phase
    run_id: str
    opened_at: datetime.datetime
    displaced_by: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of the last command that was sent."""

    name: str
    command_id: str
    word: str
    """AtWork, Succeeded, Failed, Cancelled or Unknown."""
    started_at: datetime.datetime
    completed_at: datetime.datetime | None = None
    error: str = ""
    detail: str = ""


_WORDS = ((CommandCancelled, "Cancelled"), (OutcomeUnknown, "Unknown"))


class Noted:
    """Notes in LastCommand that a command begins, and how it ends."""

    def __init__(self, last: Observable[Outcome | None], name: str) -> None:
        self._last = last
        self._name = name

    def __enter__(self) -> None:
        self._last.set(Outcome(self._name, "", "AtWork", now()))

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        begun = self._last.value
        if begun is None:
            return
        word = "Succeeded"
        if error is not None:
            word = next((word for kind, word in _WORDS if isinstance(error, kind)), "Failed")
        self._last.set(
            replace(
                begun,
                word=word,
                completed_at=now(),
                error=type(error).__name__ if error else "",
                detail=str(error) if error else "",
            )
        )


def now() -> datetime.datetime:
    """Return the time by the clock of this computer."""
    return datetime.datetime.now(datetime.timezone.utc)
