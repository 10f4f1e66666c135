"""Runs as PauseController pauses and resumes them."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.errors import DoorOpen, RobotChanged, RunActionNotAllowed, RunNotFound, SafetyStopActive
from sila_ot2.sila import Execution, InvalidCommandState


def let_pause(execution: Execution, actions: RunActions, run_id: str) -> None:
    """Let PauseController pause and resume a run, as the command that is following it."""
    execution.allow_pause(_in_this_state(actions.pause, run_id), _in_this_state(actions.resume, run_id))


def _in_this_state(request: Callable[[str], None], run_id: str) -> Callable[[], None]:
    """Name a refusal as PauseController does."""

    def act_or_refuse() -> None:
        try:
            request(run_id)
        except (RunActionNotAllowed, RunNotFound, DoorOpen, RobotChanged, SafetyStopActive) as refusal:
            raise InvalidCommandState(str(refusal)) from refusal

    return act_or_refuse
