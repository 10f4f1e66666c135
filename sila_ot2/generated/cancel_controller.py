"""The feature CancelController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class CancelControllerBase(ABC):
    """Ends commands before they have reached their goal. A cancelled command does not continue. Afterwards the server
    is ready for further commands.
    """

    FEATURE = "org.silastandard/core.commands/CancelController/v1"

    @abstractmethod
    def CancelCommand(self, CommandExecutionUUID: str, *, call: Any) -> None:
        """Cancels one observable command. The command is informed at once and ends as soon as it can, with the status
        "finished with error" and an error that says it was cancelled and what had been done until then. It may
        still be ending when this command returns. A command that has ended already cannot be cancelled.

        Errors: InvalidCommandExecutionUUID, OperationNotSupported
        """

    @abstractmethod
    def CancelAll(self, *, call: Any) -> None:
        """Cancels every command that is being executed on this server, whoever called it. Each ends with an error that
        says it was cancelled. Nothing happens when no command is being executed.
        """
