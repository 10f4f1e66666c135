"""The feature CancelController for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.cancel_controller import CANCEL_ALL, CANCEL_COMMAND


class AsyncCancelController(Feature[AsyncLink]):
    """Ends commands before they have reached their goal. A cancelled command does not continue. Afterwards the server
    is ready for further commands.
    """

    IDENTIFIER = "org.silastandard/core.commands/CancelController/v1"

    async def cancel_command(self, command_execution_uuid: str) -> None:
        """Cancels one observable command. The command is informed at once and ends as soon as it can, with the status
        "finished with error" and an error that says it was cancelled and what had been done until then. It may
        still be ending when this command returns. A command that has ended already cannot be cancelled.

        Args:
            command_execution_uuid: The UUID with which the server confirmed the command, in lower case.

        Errors: InvalidCommandExecutionUUID, OperationNotSupported.
        """
        await self._link.command(CANCEL_COMMAND, (command_execution_uuid,))

    async def cancel_all(self) -> None:
        """Cancels every command that is being executed on this server, whoever called it. Each ends with an error that
        says it was cancelled. Nothing happens when no command is being executed.
        """
        await self._link.command(CANCEL_ALL, ())
