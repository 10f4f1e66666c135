"""Timers of worklists: started at one step, waited for at a later one.

In a queued run they are tasks of the robot. Step by step, this server keeps them: a session's run must not wait.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import AWAIT_TASKS, START_TIMER, CommandPlan, PlannedCommand
from sila_ot2.errors import ParameterInvalid

PREFIX = "worklist-timer:"
"""Tells the timers of worklists from tasks that raw commands name."""


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


def require_timers(before: Sequence[PlannedCommand], commands: Sequence[PlannedCommand]) -> None:
    """Return if each timer that is waited for is started before, and none is started while it may still run.

    Args:
        before: what is done first.
        commands: among which there may be timers.

    Raises:
        ParameterInvalid: one is not, or is started twice.
    """
    if not any(command.command_type in (START_TIMER, AWAIT_TASKS) for command in commands):
        return
    running: set[str] = set()
    known: set[str] = set()
    for number, command in enumerate((*before, *commands)):
        is_new = number >= len(before)
        if command.command_type == START_TIMER:
            timer = str(command.params["task_id"])
            if is_new and timer in running:
                raise ParameterInvalid(
                    f"The timer {timer.removeprefix(PREFIX)} is started a second time before it was waited for.",
                    "Give each timer a name of its own.",
                )
            running.add(timer)
            known.add(timer)
        elif command.command_type == AWAIT_TASKS:
            timers = {str(timer) for timer in command.params["task_ids"]}
            if is_new and (missing := timers - known):
                raise ParameterInvalid(
                    f"No earlier step starts the timer {', '.join(sorted(missing)).replace(PREFIX, '')}.",
                    "Start it with StartTimer in the same worklist.",
                )
            running -= timers
