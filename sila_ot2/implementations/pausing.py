"""Runs as PauseController pauses and resumes them."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.errors import Movement, OT2Fault
from sila_ot2.sila import Execution, InvalidCommandState


def let_pause(execution: Execution, actions: RunActions, run_id: str) -> None:
    """Let PauseController pause and resume a run, as the command that is following it."""
    execution.allow_pause(_in_this_state(actions.pause, run_id), _in_this_state(actions.resume, run_id))


def _in_this_state(request: Callable[[str], None], run_id: str) -> Callable[[], None]:
    """Name a refusal as PauseController does: it declares no other error of a command that can be paused."""

    def act_or_refuse() -> None:
        try:
            request(run_id)
        except OT2Fault as fault:
            if fault.moved is Movement.NONE:
                raise InvalidCommandState(str(fault)) from fault
            raise

    return act_or_refuse
