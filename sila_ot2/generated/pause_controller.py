"""The feature PauseController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class PauseControllerBase(ABC):
    """Interrupts observable commands and lets them go on later. Not every command can be paused; those that cannot end
    with the error "Operation Not Supported".
    """

    FEATURE = "org.silastandard/core.commands/PauseController/v1"

    @abstractmethod
    def Pause(self, CommandExecutionUUID: str, *, call: Any) -> None:
        """Pauses an observable command until it is resumed or cancelled. Its command execution status stays as it is.
        A movement under way may be completed first.

        Errors: InvalidCommandExecutionUUID, InvalidCommandState, OperationNotSupported
        """

    @abstractmethod
    def Resume(self, CommandExecutionUUID: str, *, call: Any) -> None:
        """Lets a paused command go on from where it was interrupted. Its status stays as it is. The robot moves again,
        so this needs the lock identifier while the server is locked; pausing never does.

        Errors: InvalidCommandExecutionUUID, InvalidCommandState, OperationNotSupported
        """

    @abstractmethod
    def Paused(self, *, call: Any) -> bool:
        """Whether a run that this server has started is paused on the robot: by a client, by its protocol, by an open
        door or by a person at the robot. It is read from the robot: while the robot cannot be reached, this ends
        with an error.
        """
