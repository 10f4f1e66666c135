"""The feature ErrorRecoveryService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class ContinuationOption(NamedTuple):
    """What can be done about an error, if a client chooses it."""

    Identifier: str
    """The identifier: what is done, a hyphen and a number that no other error has."""
    Description: str
    """What somebody has to do first, and what the server does then."""
    RequiredInputData: str
    """Always empty: no option needs data."""


class RecoverableError(NamedTuple):
    """An error that keeps a command execution waiting, and what can be done about it."""

    ErrorIdentifier: str
    """The kind of the error."""
    CommandIdentifier: str
    """The fully qualified identifier of the command that has the error."""
    CommandExecutionUUID: str
    """The command execution that has the error."""
    ErrorTime: datetime.datetime
    """When the server noticed the error."""
    ErrorMessage: str
    """The cause, and what to do."""
    ContinuationOptions: list[ContinuationOption]
    """The options that a client has; there is at least one."""
    DefaultOption: str
    """The identifier of the option that fits most often, once somebody has looked."""
    AutomaticSelectionTimeout: int
    """Always 0: no client is to select an option by itself after a time."""


class ErrorRecoveryServiceBase(ABC):
    """Lists the errors that keep observable commands waiting and that a client can remedy, with the options for each:
    a run that waits for an open door or for somebody who does what its protocol asks, and a robot that cannot be
    reached. If the server's settings say so (recovery.hold_commands), also commands that were refused for tips, the
    door or an unsettled state, and steps that did not reach the robot, wait for an answer instead of ending with
    the error. The server never selects an option itself, also not after a time. A run that a client has paused is
    no error.
    """

    FEATURE = "org.silastandard/core/ErrorRecoveryService/v2"

    RecoverableErrors: ObservableProperty[list[RecoverableError]]
    """The errors that wait for a client. There is at most one for each command execution. It disappears when its cause
    has gone, when an option was executed, when its handling was aborted, and when the execution ends.
    """

    @abstractmethod
    def ExecuteContinuationOption(
        self, CommandExecutionUUID: str, ContinuationOption: str, InputData: Any, *, call: Any
    ) -> None:
        """Executes one of the options of an error. If the option resumes a run, the command returns when the run is
        running. Any other option is only started: the execution and the list show how it ends. An option fits one
        error only: a repeated call never answers what the execution waits for next. An option that the robot or its
        state does not allow is refused as not accepted; the message says why, and the error stays in the list.

        Errors: InvalidCommandExecutionUUID, UnknownContinuationOption
        """

    @abstractmethod
    def AbortErrorHandling(self, CommandExecutionUUID: str, *, call: Any) -> None:
        """Takes an error from the list without an option: the execution does what it does without this feature. A run
        that waits on the robot goes on waiting, and a command that was held ends with the error.

        Errors: InvalidCommandExecutionUUID
        """

    @abstractmethod
    def SetErrorHandlingTimeout(self, ErrorHandlingTimeout: int, *, call: Any) -> None:
        """Sets how long an error waits for a client before its handling is aborted as with Abort Error Handling. It
        applies to the errors that occur from then on. At the start of the server it is 0.
        """
