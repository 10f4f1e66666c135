"""What a session does not send: waits and timers. This server waits itself, so that a cancel acts at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from heapq import heappop, heappush
from typing import TypeAlias

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import AWAIT_TASKS, START_TIMER, WAIT, PlannedCommand
from sila_ot2.driver.deck.plans.timers import PREFIX
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.waiting import wait

Waiter: TypeAlias = Callable[[PlannedCommand, DeckState, Cancellation, Callable[[], None]], None]
"""Waits as a command of the robot would; gets the session's deck, what cancels it, and what to call meanwhile."""


class DriverWaits:
    """The function that waits, for each type of command."""

    def __init__(self) -> None:
        """Know how to wait for a time, and for timers."""
        self._waiters: dict[str, Waiter] = {
            WAIT: _for_duration, START_TIMER: self._start_timer, AWAIT_TASKS: self._await_timers,
        }  # fmt: skip
        self.runs_profile: Callable[[str], bool] = lambda _serial_number: False
        """Whether a profile of this server runs on a thermocycler."""
        self.keep_profiles_out: Callable[[str], AbstractContextManager[None]] = lambda _serial_number: nullcontext()
        """Keeps profiles of this server from beginning on a thermocycler."""
        self._timers: dict[str, float] = {}
        """When each ends that has not been waited for, on the monotonic clock."""
        self._ends: list[tuple[float, str]] = []
        """The same, with the next to end first; also of timers that have been waited for."""

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
        if command.command_type == START_TIMER and not str(command.params.get("task_id")).startswith(PREFIX):
            return False  # a raw command: the robot's own
        if waiter is not None:
            waiter(command, deck_state, cancelled, at_work)
        return waiter is not None

    def _start_timer(
        self, command: PlannedCommand, _deck_state: DeckState, _cancelled: Cancellation, _at_work: Callable[[], None]
    ) -> None:
        now = time.monotonic()
        while self._ends and self._ends[0][0] <= now:
            end, timer = heappop(self._ends)
            if self._timers.get(timer) == end:
                del self._timers[timer]
        timer, end = command.params["task_id"], now + command.params["time"]
        self._timers[timer] = end
        heappush(self._ends, (end, timer))

    def _await_timers(
        self, command: PlannedCommand, _deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
    ) -> None:
        """Wait; a timer that is not kept any more has ended."""
        for timer in command.params["task_ids"]:
            left_s = self._timers.pop(timer, 0.0) - time.monotonic()
            wait(left_s, cancelled=cancelled, report=lambda **_: at_work())


def _for_duration(
    command: PlannedCommand, _deck_state: DeckState, cancelled: Cancellation, at_work: Callable[[], None]
) -> None:
    wait(command.params["seconds"], cancelled=cancelled, report=lambda **_: at_work())
