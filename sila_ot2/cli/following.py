"""Following a command that moves the robot: Ctrl-C asks what is meant, and without an answer the robot goes on."""

from __future__ import annotations

import sys
from typing import Any

from rich.prompt import Prompt

from sila_ot2.cli.progress import NOT_PAUSED, ProgressView
from sila_ot2.cli.terminal import beside, somebody_is_there
from sila_ot2.client import Execution, errors

WATCH, DETACH, PAUSE, RESUME, STOP = "watch", "detach", "pause", "resume", "stop"


class Detached(Exception):
    """The command goes on, and nobody waits for it any more."""


def follow(execution: Execution[Any, Any], label: str, *, can_pause: bool) -> Any:
    """Wait for a command with its progress and return its result.

    Ctrl-C asks whether to detach, to pause or to stop. Where nobody can be asked, it detaches. A refusal of the server
    is reported, and the waiting goes on, as the robot does.

    Args:
        execution: the command.
        label: what it is the progress of.
        can_pause: whether the command can be paused.

    Raises:
        Detached: the command goes on.
        SilaError: the command ended with an error.
    """
    paused, answer = False, WATCH
    while True:
        try:
            if _obeyed(answer, execution):
                paused = {PAUSE: True, RESUME: False}.get(answer, paused)
            with ProgressView(label) as view:
                for state in execution:
                    if state.details is not None:  # the first state may come without them
                        paused = getattr(state.details, "pause_reason", NOT_PAUSED) != NOT_PAUSED
                    view.show(state)
            return execution.result()
        except KeyboardInterrupt:  # also while an answer is carried out
            answer = _asked([RESUME if paused else PAUSE] if can_pause else [])


def _asked(more: list[str]) -> str:
    """Ask what is meant by Ctrl-C; another Ctrl-C detaches."""
    if not somebody_is_there():
        return DETACH
    choices = [WATCH, DETACH, *more, STOP]
    try:
        return Prompt.ask(
            "It continues on the robot. What now?",
            console=beside(),
            choices=choices,
            default=WATCH,
            case_sensitive=False,
        )
    except (KeyboardInterrupt, EOFError):
        return DETACH


def _obeyed(answer: str, execution: Execution[Any, Any]) -> bool:
    """Carry out an answer; return whether the server has confirmed it."""
    try:
        _obey(answer, execution)
    except errors.AnswerLost as error:
        print(f"sila-ot2: It is not known whether this was done ({answer}): {error}", file=sys.stderr)
    except errors.ClientError as error:
        print(f"sila-ot2: This was not done ({answer}): {error}", file=sys.stderr)
    else:
        return True
    return False


def _obey(answer: str, execution: Execution[Any, Any]) -> None:
    if answer == DETACH:
        raise Detached
    if answer == PAUSE:
        execution.pause()
    elif answer == RESUME:
        execution.resume()
    elif answer == STOP:
        execution.cancel()
