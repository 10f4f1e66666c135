"""The feature CancelController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core.commands/CancelController/v1")
_DEFINED_UUID = wire.Defined(wire.STRING)
CANCEL_COMMAND: CallDefinition[None] = _FEATURE.command(
    "CancelCommand", ResponseMessage(Message(), nothing), CommandExecutionUUID=_DEFINED_UUID
)
CANCEL_ALL: CallDefinition[None] = _FEATURE.command("CancelAll", ResponseMessage(Message(), nothing))


class CancelController(Feature[Link]):
    """Ends commands before they have reached their goal. A cancelled command does not continue. Afterwards the server
    is ready for further commands.
    """

    IDENTIFIER = "org.silastandard/core.commands/CancelController/v1"

    def cancel_command(self, command_execution_uuid: str) -> None:
        """Cancels one observable command. The command is informed at once and ends as soon as it can, with the status
        "finished with error" and an error that says it was cancelled and what had been done until then. It may
        still be ending when this command returns. A command that has ended already cannot be cancelled.

        Args:
            command_execution_uuid: The UUID with which the server confirmed the command, in lower case.

        Errors: InvalidCommandExecutionUUID, OperationNotSupported.
        """
        self._link.command(CANCEL_COMMAND, (command_execution_uuid,))

    def cancel_all(self) -> None:
        """Cancels every command that is being executed on this server, whoever called it. Each ends with an error that
        says it was cancelled. Nothing happens when no command is being executed.
        """
        self._link.command(CANCEL_ALL, ())
