"""The feature ErrorRecoveryService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.any_value import AnyValue
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.error_recovery_service import (
    ABORT_ERROR_HANDLING,
    EXECUTE_CONTINUATION_OPTION,
    RECOVERABLE_ERRORS,
    SET_ERROR_HANDLING_TIMEOUT,
    RecoverableError,
)


class AsyncErrorRecoveryService(Feature[AsyncLink]):
    """Lists the errors that keep observable commands waiting and that a client can remedy, with the options for each:
    a run that waits for an open door or for somebody who does what its protocol asks, and a robot that cannot be
    reached. If the server's settings say so (recovery.hold_commands), also commands that were refused for tips, the
    door or an unsettled state, and steps that did not reach the robot, wait for an answer instead of ending with
    the error. The server never selects an option itself, also not after a time. A run that a client has paused is
    no error.
    """

    IDENTIFIER = "org.silastandard/core/ErrorRecoveryService/v2"

    @property
    def recoverable_errors(self) -> AsyncObservableProperty[list[RecoverableError]]:
        """The errors that wait for a client. There is at most one for each command execution. It disappears when its
        cause has gone, when an option was executed, when its handling was aborted, and when the execution ends.
        """
        return AsyncObservableProperty(self._link, RECOVERABLE_ERRORS)

    async def execute_continuation_option(
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
        await self._link.command(
            EXECUTE_CONTINUATION_OPTION,
            (
                command_execution_uuid,
                continuation_option,
                input_data,
            ),
        )

    async def abort_error_handling(self, command_execution_uuid: str) -> None:
        """Takes an error from the list without an option: the execution does what it does without this feature. A run
        that waits on the robot goes on waiting, and a command that was held ends with the error.

        Args:
            command_execution_uuid: The command execution that has the error.

        Errors: InvalidCommandExecutionUUID.
        """
        await self._link.command(ABORT_ERROR_HANDLING, (command_execution_uuid,))

    async def set_error_handling_timeout(self, error_handling_timeout: int) -> None:
        """Sets how long an error waits for a client before its handling is aborted as with Abort Error Handling. It
        applies to the errors that occur from then on. At the start of the server it is 0.

        Args:
            error_handling_timeout: The time in seconds; 0 for no end. In s, at least 0.
        """
        await self._link.command(SET_ERROR_HANDLING_TIMEOUT, (error_handling_timeout,))
