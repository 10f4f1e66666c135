"""Timers of worklists: started at one step, waited for at a later one.

In a queued run they are tasks of the robot. Step by step, this server keeps them: a session's run must not wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.driver.deck.plans.plan import AWAIT_TASKS, START_TIMER, CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.errors import ParameterInvalid

PREFIX = "worklist-timer:"
"""Distinguishes the timers of worklists from other tasks of the robot."""


def start_timer(name: str, duration_s: float) -> CommandPlan:
    """Return the plan that starts a timer; the next step follows at once."""

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand(START_TIMER, {"time": duration_s, "task_id": PREFIX + name})]

    return plan


def wait_for_timer(name: str) -> CommandPlan:
    """Return the plan that waits until a timer has ended."""

    def plan(_deck_state: DeckState) -> list[PlannedCommand]:
        return [PlannedCommand(AWAIT_TASKS, {"task_ids": [PREFIX + name]})]

    return plan


class PlannedTimers:
    """The timers of a plan that is made step by step: which are known, and which may still run."""

    def __init__(self) -> None:
        """Begin with the first step."""
        self._running: set[str] = set()
        self._known: set[str] = set()

    def take(self, commands: Sequence[PlannedCommand]) -> None:
        """Note the next commands, if each timer that is waited for is known, and none is started that may still run.

        Raises:
            ParameterInvalid: one is not, or is started twice.
        """
        for command in commands:
            if command.command_type == START_TIMER:
                timer = str(command.params["task_id"])
                if timer in self._running:
                    raise ParameterInvalid(
                        f"The timer {timer.removeprefix(PREFIX)} is started a second time before it was waited for.",
                        "Give each timer a name of its own.",
                    )
                self._running.add(timer)
                self._known.add(timer)
            elif command.command_type == AWAIT_TASKS:
                timers = {str(timer) for timer in command.params["task_ids"]}
                if missing := timers - self._known:
                    raise ParameterInvalid(
                        f"No earlier step starts the timer {', '.join(sorted(missing)).replace(PREFIX, '')}.",
                        "Start it with StartTimer in the same worklist.",
                    )
                self._running -= timers
