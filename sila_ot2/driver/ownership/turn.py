"""The turn: who moves the robot now. Exclusive, never waited for, bound to a command's execution.

A command that moves the robot or changes its current run reserves the turn at initiation; reads, stop, pause, resume
and cancel never do. No command waits for the turn: a second one is refused with the name of the holder. While a
hand-over of labware is pending, it holds the turn. Only its own commands may reserve it then, and ReconcileState, which
moves nothing: a hand-over in a session cannot end while an outcome is unknown.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.handovers import HOW_TO_END, PendingHandover
from sila_ot2.driver.ownership.requester import UNKNOWN, Requester
from sila_ot2.errors import TurnTaken
from sila_ot2.times import utc_now


@dataclass(frozen=True)
class TurnHolder:
    """The command that holds the turn."""

    command: str
    execution_uuid: UUID | None = None
    """None until the command has an execution, and for unobservable commands."""
    requester: Requester = UNKNOWN
    since: datetime.datetime = field(default_factory=utc_now, compare=False)

    def __str__(self) -> str:
        return f"{self.command} (execution {self.execution_uuid})" if self.execution_uuid else self.command


class TurnReservation:
    """The turn, held by one command until `release`; made by `Turn.reserve` only."""

    def __init__(self, turn: Turn, command: str, requester: Requester) -> None:
        self._turn = turn
        self.holder = TurnHolder(command, requester=requester)

    def bind(self, execution_uuid: UUID) -> None:
        """Remember the execution that the turn was reserved for."""
        self.holder = replace(self.holder, execution_uuid=execution_uuid)
        self._turn._publish()  # noqa: SLF001 -- the two classes are one mechanism

    def release(self) -> None:
        """Give the turn back; may be called more than once.

        An execution ends, and so releases, only after the movement it started has ended or been given up as unknown:
        the turn is free when the robot has settled.
        """
        self._turn._give_back(self)  # noqa: SLF001 -- as above


class Turn:
    """One per robot."""

    def __init__(
        self,
        begin: Callable[[], None] = lambda: None,
        end: Callable[[], None] = lambda: None,
        handover: Observable[PendingHandover | None] | None = None,
    ) -> None:
        """No command has it.

        Args:
            begin: called when a command takes it, before the holder is published.
            end: called when it is given back.
            handover: the hand-over of labware that is pending.
        """
        self._begin = begin
        self._end = end
        self._reservation: TurnReservation | None = None
        self._lock = threading.RLock()
        self._handover = handover or Observable(None)
        self.holder: Observable[TurnHolder | None] = Observable(None)
        """The command at work, or the pending hand-over."""
        self._handover.subscribe(lambda _: self._publish())

    @property
    def is_reserved(self) -> bool:
        """Whether a command has it."""
        return self._reservation is not None

    @property
    def command(self) -> TurnHolder | None:
        """The command that has it; a hand-over is none."""
        reservation = self._reservation
        return reservation.holder if reservation is not None else None

    @property
    def requester(self) -> Requester:
        """Who sent the command that has it."""
        holder = self.command
        return holder.requester if holder is not None else UNKNOWN

    def reserve(
        self,
        command: str,
        *,
        during_handover: bool = False,
        requester: Requester = UNKNOWN,
        shown_when_bound: bool = False,
    ) -> TurnReservation:
        """Take the turn for `command`, without waiting.

        Args:
            command: its identifier.
            during_handover: whether it is accepted while a hand-over is pending: it ends it, or moves nothing.
            requester: who sent it.
            shown_when_bound: whether the holder is published only by `bind`, which is then called before anything
                moves: each time, the whole state of the robot is published anew.

        Raises:
            TurnTaken: another command or a hand-over holds it; the message names it. Nothing moved.
        """
        with self._lock:
            pending = self._handover.value
            if pending is not None and not during_handover:
                raise TurnTaken(f"{command} was not accepted, because an arm may be inside: {pending}.", HOW_TO_END)
            if self._reservation is not None:
                raise TurnTaken(
                    f"{command} was not accepted: {self._reservation.holder} is acting on the robot.",
                    "Wait for it to end, or cancel it, then repeat the command.",
                )
            self._reservation = TurnReservation(self, command, requester)
            self._begin()
            if not shown_when_bound:
                self._publish()
            return self._reservation

    def _give_back(self, reservation: TurnReservation) -> None:
        with self._lock:
            if self._reservation is reservation:
                self._reservation = None
                self._end()
                self._publish()

    def _publish(self) -> None:
        with self._lock:
            pending = self._handover.value
            waiting = TurnHolder(str(pending.handover)) if pending is not None else None
            self.holder.set(self._reservation.holder if self._reservation is not None else waiting)
