"""The feature PauseController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message

_FEATURE = FeatureDefinition("org.silastandard/core.commands/PauseController/v1")
_DEFINED_UUID = wire.Defined(wire.STRING)
PAUSE: CallDefinition[None] = _FEATURE.command(
    "Pause", ResponseMessage(Message(), nothing), CommandExecutionUUID=_DEFINED_UUID
)
RESUME: CallDefinition[None] = _FEATURE.command(
    "Resume", ResponseMessage(Message(), nothing), CommandExecutionUUID=_DEFINED_UUID
)
PAUSED: CallDefinition[bool] = _FEATURE.property("Paused", wire.BOOLEAN)


class PauseController(Feature[Link]):
    """Interrupts observable commands and lets them go on later. Not every command can be paused; those that cannot end
    with the error "Operation Not Supported".
    """

    IDENTIFIER = "org.silastandard/core.commands/PauseController/v1"

    def pause(self, command_execution_uuid: str) -> None:
        """Pauses an observable command until it is resumed or cancelled. Its command execution status stays as it is.
        A movement under way may be completed first.

        Args:
            command_execution_uuid: The UUID with which the server confirmed the command, in lower case.

        Errors: InvalidCommandExecutionUUID, InvalidCommandState, OperationNotSupported.
        """
        self._link.command(PAUSE, (command_execution_uuid,))

    def resume(self, command_execution_uuid: str) -> None:
        """Lets a paused command go on from where it was interrupted. Its status stays as it is. The robot moves again,
        so this needs the lock identifier while the server is locked; pausing never does.

        Args:
            command_execution_uuid: The UUID with which the server confirmed the command, in lower case.

        Errors: InvalidCommandExecutionUUID, InvalidCommandState, OperationNotSupported.
        """
        self._link.command(RESUME, (command_execution_uuid,))

    @property
    def paused(self) -> Property[bool]:
        """Whether a run that this server has started is paused on the robot: by a client, by its protocol, by an open
        door or by a person at the robot. It is read from the robot: while the robot cannot be reached, this ends
        with an error.
        """
        return Property(self._link, PAUSED)
