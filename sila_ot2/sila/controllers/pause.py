"""PauseController: pauses and resumes those observable commands that allow it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sila_ot2.sila.admission import Call
from sila_ot2.sila.controllers.cancel import ControlsExecutions

_log = logging.getLogger(__name__)

RESUME = "org.silastandard/core.commands/PauseController/v1/Command/Resume"
"""The command of the standard's controllers that makes something move: it needs the lock."""


class OperationNotSupported(Exception):
    """The command cannot be paused."""


class InvalidCommandState(Exception):
    """The command cannot be paused or resumed in its present state."""


class PauseController(ControlsExecutions):
    """The feature PauseController: calls the functions an execution gave to `Execution.allow_pause`.

    They check whether the state allows it. What they raise, usually `InvalidCommandState`, reaches the client.

    Args:
        paused: whether what this server executes is paused now; asked each time the property Paused is read.
    """

    def __init__(self, paused: Callable[[], bool]) -> None:
        self._paused = paused

    def Pause(self, CommandExecutionUUID: str, *, call: Call) -> None:  # noqa: N802, N803
        """Pause an execution."""
        pause, _ = self._pausing(CommandExecutionUUID, call, "pauses")
        pause()

    def Resume(self, CommandExecutionUUID: str, *, call: Call) -> None:  # noqa: N802, N803
        """Resume an execution."""
        _, resume = self._pausing(CommandExecutionUUID, call, "resumes")
        resume()

    def Paused(self, *, call: Call) -> bool:  # noqa: N802
        """Whether the server is paused."""
        return self._paused()

    def _pausing(self, execution_uuid: str, call: Call, does: str) -> tuple[Callable[[], None], Callable[[], None]]:
        execution = self._running(execution_uuid)
        if execution.pausing is None:
            raise OperationNotSupported(f"{execution.identifier} cannot be paused")
        _log.info("%s %s %s %s", call.peer, does, execution.identifier, execution.execution_uuid)
        return execution.pausing
