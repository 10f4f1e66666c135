"""What a session does not send: waits. This server waits itself: the robot stays free, and a cancel acts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import WAIT, PlannedCommand
from sila_ot2.driver.waiting import wait

Waiter: TypeAlias = Callable[[PlannedCommand, DeckState, Cancellation, Callable[[], None]], None]
"""Waits as a command of the robot would; told what the session knows, what ends it, and what to call meanwhile."""


class DriverWaits:
    """By the type of the command, who waits."""

    def __init__(self) -> None:
        """Know how to wait for a time."""
        self._waiters: dict[str, Waiter] = {WAIT: _for_duration}

    def add(self, command_type: str, waiter: Waiter) -> None:
        """Let somebody wait in place of a command of the robot."""
        self._waiters[command_type] = waiter

    def perform(
        self, command: PlannedCommand, deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
    ) -> bool:
        """Wait, and return True; return False at once if a command is none of these.

        Raises:
            CommandCancelled: at once.
            OT2Fault: what the waiter raises.
        """
        waiter = self._waiters.get(command.command_type)
        if waiter is not None:
            waiter(command, deck_state, cancelled, at_work)
        return waiter is not None


def _for_duration(
    command: PlannedCommand, _deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
) -> None:
    wait(command.params["seconds"], cancelled=cancelled, report=lambda **_: at_work())
