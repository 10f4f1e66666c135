"""What clients see of the session: how far it is, and what became of its last command."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from sila_ot2.driver.deck.plans.plan import STILL, PlannedCommand
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.requester import UNKNOWN, Requester
from sila_ot2.errors import CommandCancelled, Movement, OT2Fault, OutcomeUnknown
from sila_ot2.robot import wire
from sila_ot2.times import utc_now


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
    requester: Requester = UNKNOWN
    """Whose command opened it; not known of a session that an earlier process of this server has opened."""

    @property
    def is_at_work(self) -> bool:
        """Whether it is being opened, or a command is at work in it."""
        return self.phase in (Phase.OPENING, Phase.BUSY)


class Opened(NamedTuple):
    """An open session."""

    run_id: str
    homed: bool
    """Whether it was not open before; then the robot has been homed."""


@dataclass(frozen=True)
class LastOutcome:
    """What became of the last command that was sent."""

    name: str
    command_id: str
    result: str
    """AtWork, Succeeded, Failed, Cancelled or Unknown."""
    started_at: datetime.datetime
    completed_at: datetime.datetime | None = None
    fault: OT2Fault | None = None


_RESULTS = ((CommandCancelled, "Cancelled"), (OutcomeUnknown, "Unknown"))


class LastCommand:
    """Notes what the last command is, that it begins, and how it ends."""

    def __init__(self) -> None:
        self.outcome: Observable[LastOutcome | None] = Observable(None)
        self._command_id = ""

    @contextmanager
    def noted(self, name: str) -> Iterator[None]:
        """Note that the command of this name begins, and how it ends."""
        begun = LastOutcome(name, "", "AtWork", utc_now())
        self._command_id = ""
        self.outcome.set(begun)
        try:
            yield
        except OT2Fault as fault:
            result = next((result for kind, result in _RESULTS if isinstance(fault, kind)), "Failed")
            self._end(begun, result, fault)
            raise
        except BaseException:  # such as a database that cannot be read: no command may be shown as at work for ever
            self._end(begun, "Unknown")
            raise
        self._end(begun, "Succeeded")

    def accepted(self, command: wire.Command) -> None:
        """Note the robot's name of the command; at once if it is still at work, else when its end is noted."""
        self._command_id = command.id
        outcome = self.outcome.value
        if outcome is not None and outcome.result == "AtWork" and command.status not in wire.ENDED_COMMAND_STATUSES:
            self.outcome.set(replace(outcome, command_id=command.id))

    def _end(self, begun: LastOutcome, result: str, fault: OT2Fault | None = None) -> None:
        ended = replace(begun, command_id=self._command_id, result=result, completed_at=utc_now(), fault=fault)
        self.outcome.set(ended)


def has_moved(carried_out: Sequence[PlannedCommand]) -> bool:
    """Return whether one of the commands that were carried out moves something, or must not be carried out again."""
    return any(command.command_type not in STILL for command in carried_out)


@contextmanager
def moved_by(carried_out: Sequence[PlannedCommand]) -> Iterator[None]:
    """Mark a fault as moved if a command that was carried out before it must not be carried out again.

    This also holds for what this server itself carries out, such as a profile, which is not in the session's run.
    """
    try:
        yield
    except OT2Fault as fault:
        if has_moved(carried_out):
            fault.moved = Movement.SOME
        raise


@contextmanager
def moved_by_opening(opened: Opened) -> Iterator[None]:
    """Mark a fault as moved if a session had to be opened first."""
    try:
        yield
    except OT2Fault as fault:
        if opened.homed:
            fault.cause = f"A session was opened for this command, and the robot was homed. {fault.cause}"
            fault.moved = Movement.SOME
        raise


def refuse_if(cancelled: threading.Event, reported: str, *, moved: Movement = Movement.NONE) -> None:
    """Refuse to go on with a command that was cancelled.

    Args:
        cancelled: set if it was.
        reported: what is so now.
        moved: whether anything of the command has moved.

    Raises:
        CommandCancelled: it was.
    """
    if cancelled.is_set():
        raise CommandCancelled(f"The command was cancelled: {reported}.", moved=moved)
