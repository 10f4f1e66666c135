"""The feature ErrorRecoveryService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.any_value import ANY, AnyValue
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuationOption:
    """What can be done about an error, if a client chooses it.

    Attributes:
        identifier: The identifier: what is done, a hyphen and a number that no other error has.
        description: What somebody has to do first, and what the server does then.
        required_input_data: Always empty: no option needs data.
    """

    identifier: str
    description: str
    required_input_data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverableError:
    """An error that keeps a command execution waiting, and what can be done about it.

    Attributes:
        error_identifier: The kind of the error.
        command_identifier: The fully qualified identifier of the command that has the error.
        command_execution_uuid: The command execution that has the error.
        error_time: When the server noticed the error.
        error_message: The cause, and what to do.
        continuation_options: The options that a client has; there is at least one.
        default_option: The identifier of the option that fits most often, once somebody has looked.
        automatic_selection_timeout: Always 0: no client is to select an option by itself after a time. In s.
    """

    error_identifier: str
    command_identifier: str
    command_execution_uuid: str
    error_time: datetime.datetime
    error_message: str
    continuation_options: list[ContinuationOption]
    default_option: str
    automatic_selection_timeout: int


_FEATURE = FeatureDefinition("org.silastandard/core/ErrorRecoveryService/v2")
_CONTINUATION_OPTION = wire.Structure(
    ContinuationOption, identifier=wire.STRING, description=wire.STRING, required_input_data=wire.STRING
)
_DEFINED_CONTINUATION_OPTION = wire.Defined(_CONTINUATION_OPTION)
_DEFINED_TIMEOUT = wire.Defined(wire.INTEGER)
_RECOVERABLE_ERROR = wire.Structure(
    RecoverableError,
    error_identifier=wire.STRING,
    command_identifier=wire.STRING,
    command_execution_uuid=wire.STRING,
    error_time=wire.TIMESTAMP,
    error_message=wire.STRING,
    continuation_options=wire.Repeated(_DEFINED_CONTINUATION_OPTION),
    default_option=wire.STRING,
    automatic_selection_timeout=_DEFINED_TIMEOUT,
)
_DEFINED_RECOVERABLE_ERROR = wire.Defined(_RECOVERABLE_ERROR)
RECOVERABLE_ERRORS: CallDefinition[list[RecoverableError]] = _FEATURE.observable_property(
    "RecoverableErrors", wire.Repeated(_DEFINED_RECOVERABLE_ERROR)
)
EXECUTE_CONTINUATION_OPTION: CallDefinition[None] = _FEATURE.command(
    "ExecuteContinuationOption",
    ResponseMessage(Message(), nothing),
    CommandExecutionUUID=wire.STRING,
    ContinuationOption=wire.STRING,
    InputData=ANY,
)
ABORT_ERROR_HANDLING: CallDefinition[None] = _FEATURE.command(
    "AbortErrorHandling", ResponseMessage(Message(), nothing), CommandExecutionUUID=wire.STRING
)
SET_ERROR_HANDLING_TIMEOUT: CallDefinition[None] = _FEATURE.command(
    "SetErrorHandlingTimeout", ResponseMessage(Message(), nothing), ErrorHandlingTimeout=_DEFINED_TIMEOUT
)


class ErrorRecoveryService(Feature[Link]):
    """Lists the errors that keep observable commands waiting and that a client can remedy, with the options for each:
    a run that waits for an open door or for somebody who does what its protocol asks, and a robot that cannot be
    reached. If the server's settings say so (recovery.hold_commands), also commands that were refused for tips, the
    door or an unsettled state, and steps that did not reach the robot, wait for an answer instead of ending with
    the error. The server never selects an option itself, also not after a time. A run that a client has paused is
    no error.
    """

    IDENTIFIER = "org.silastandard/core/ErrorRecoveryService/v2"

    @property
    def recoverable_errors(self) -> ObservableProperty[list[RecoverableError]]:
        """The errors that wait for a client. There is at most one for each command execution. It disappears when its
        cause has gone, when an option was executed, when its handling was aborted, and when the execution ends.
        """
        return ObservableProperty(self._link, RECOVERABLE_ERRORS)

    def execute_continuation_option(
        self, command_execution_uuid: str, continuation_option: str, input_data: AnyValue
    ) -> None:
        """Executes one of the options of an error. If the option resumes a run, the command returns when the run is
        running. Any other option is only started: the execution and the list show how it ends. An option fits one
        error only: a repeated call never answers what the execution waits for next. An option that the robot or its
        state does not allow is refused as not accepted; the message says why, and the error stays in the list.

        Args:
            command_execution_uuid: The command execution that has the error.
            continuation_option: The identifier of one of the options of the error.
            input_data: Not used: no option needs data. Any value is accepted, of any type.

        Errors: InvalidCommandExecutionUUID, UnknownContinuationOption.
        """
        self._link.command(
            EXECUTE_CONTINUATION_OPTION,
            (
                command_execution_uuid,
                continuation_option,
                input_data,
            ),
        )

    def abort_error_handling(self, command_execution_uuid: str) -> None:
        """Takes an error from the list without an option: the execution does what it does without this feature. A run
        that waits on the robot goes on waiting, and a command that was held ends with the error.

        Args:
            command_execution_uuid: The command execution that has the error.

        Errors: InvalidCommandExecutionUUID.
        """
        self._link.command(ABORT_ERROR_HANDLING, (command_execution_uuid,))

    def set_error_handling_timeout(self, error_handling_timeout: int) -> None:
        """Sets how long an error waits for a client before its handling is aborted as with Abort Error Handling. It
        applies to the errors that occur from then on. At the start of the server it is 0.

        Args:
            error_handling_timeout: The time in seconds; 0 for no end. In s, at least 0.
        """
        self._link.command(SET_ERROR_HANDLING_TIMEOUT, (error_handling_timeout,))
