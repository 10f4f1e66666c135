"""The turn: who moves the robot now. Exclusive, never waited for, bound to a command's execution.

Whatever moves the robot or changes its current run reserves the turn at initiation; reads, stop, pause, resume and
cancel never do. Nothing queues behind a moving robot: who comes second is refused with the name of the holder.
"""

from __future__ import annotations

import threading
from uuid import UUID

from sila_ot2.errors import TurnTaken


class TurnReservation:
    """The turn, held by one command until `release`; made by `Turn.reserve` only."""

    def __init__(self, turn: Turn, holder: str) -> None:
        self._turn = turn
        self.holder = holder
        self.execution_uuid: UUID | None = None

    def bind(self, execution_uuid: UUID) -> None:
        """Remember the execution that the turn was reserved for."""
        self.execution_uuid = execution_uuid

    def release(self) -> None:
        """Give the turn back; may be called more than once.

        An execution ends, and so releases, only after the movement it started has ended or been given up as unknown:
        the turn is free when the robot has settled.
        """
        self._turn._give_back(self)  # noqa: SLF001 -- the two classes are one mechanism


class Turn:
    """One per robot."""

    def __init__(self) -> None:
        self._held_by: TurnReservation | None = None
        self._lock = threading.Lock()

    @property
    def holder(self) -> TurnReservation | None:
        """Who holds the turn, if anybody."""
        return self._held_by

    def reserve(self, holder: str) -> TurnReservation:
        """Take the turn for `holder` (the command's name), without waiting.

        Raises:
            TurnTaken: another command holds it; the message names it. Nothing moved.
        """
        with self._lock:
            if self._held_by is not None:
                execution = self._held_by.execution_uuid
                running = f"{self._held_by.holder} (execution {execution})" if execution else self._held_by.holder
                raise TurnTaken(
                    f"{holder} was not accepted: {running} is acting on the robot. Nothing was done. "
                    f"Wait for it to end, or cancel it, then ask again."
                )
            self._held_by = TurnReservation(self, holder)
            return self._held_by

    def _give_back(self, reservation: TurnReservation) -> None:
        with self._lock:
            if self._held_by is reservation:
                self._held_by = None
