"""CancelController: ends observable commands early."""

from __future__ import annotations

import logging

from sila2.framework.errors.invalid_command_execution_uuid import InvalidCommandExecutionUUID

from sila_ot2.sila.admission import Call
from sila_ot2.sila.execution.executions import Execution, Executions

_log = logging.getLogger(__name__)


class NotUnderExecution(Exception):
    """There is no execution of that UUID, or it has ended."""


# The standard's identifier for it; the class must not be confused with the framework error of that name.
NotUnderExecution.__name__ = "InvalidCommandExecutionUUID"


class ControlsExecutions:
    """What the controllers of executions have in common: the server gives them its executions when it binds them."""

    _executions: Executions

    def use(self, executions: Executions) -> None:
        """Work on these executions."""
        self._executions = executions

    def _running(self, execution_uuid: str) -> Execution:
        try:
            execution = self._executions.find(execution_uuid)
        except InvalidCommandExecutionUUID as error:
            raise NotUnderExecution(error.message) from error
        if not execution.running:
            raise NotUnderExecution(f"Execution {execution_uuid} has ended already")
        return execution


class CancelController(ControlsExecutions):
    """The feature CancelController: sets the `cancelled` event of executions. Every observable command supports it."""

    def CancelCommand(self, CommandExecutionUUID: str, *, call: Call) -> None:  # noqa: N802, N803
        """Cancel one execution. It has been notified when this returns, and ends as soon as it can."""
        execution = self._running(CommandExecutionUUID)
        _log.info("%s cancels %s %s", call.peer, execution.identifier, execution.execution_uuid)
        execution.cancelled.set()

    def CancelAll(self, *, call: Call) -> None:  # noqa: N802
        """Cancel every running execution. Unobservable commands are too short for it."""
        for execution in self._executions.running():
            _log.info("%s cancels %s %s", call.peer, execution.identifier, execution.execution_uuid)
            execution.cancelled.set()
