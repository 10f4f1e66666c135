"""The standard feature ErrorRecoveryService."""

from __future__ import annotations

from typing import Any, ClassVar

from sila_ot2.driver.recovery.recovery import RecoverableError, Recovery
from sila_ot2.errors import (
    InvalidCommandExecutionUUID,
    Movement,
    OT2Fault,
    RobotUnreachable,
    UnknownContinuationOption,
)
from sila_ot2.generated import error_recovery_service as generated
from sila_ot2.sila import Call, NotAccepted, ObservableProperty


class ErrorRecoveryService(generated.ErrorRecoveryServiceBase):
    """Shows recoverable errors, and does what clients choose."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()
    INTERRUPTS: ClassVar[frozenset[str]] = frozenset(
        {f"{generated.ErrorRecoveryServiceBase.FEATURE}/Command/ExecuteContinuationOption"}
    )
    ANY_AS_SENT: ClassVar[bool] = True

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self.RecoverableErrors: ObservableProperty[list[generated.RecoverableError]] = ObservableProperty([])
        recovery.errors.subscribe(lambda errors: self.RecoverableErrors.set([_error_of(error) for error in errors]))

    def ExecuteContinuationOption(
        self, CommandExecutionUUID: str, ContinuationOption: str, InputData: Any, *, call: Call
    ) -> None:
        """Do what a client has chosen."""
        try:
            self._recovery.choose(CommandExecutionUUID, ContinuationOption)
        except (InvalidCommandExecutionUUID, UnknownContinuationOption):
            raise
        except OT2Fault as fault:
            if fault.moved is not Movement.NONE and not isinstance(fault, RobotUnreachable):
                raise
            raise NotAccepted(f"{fault.identifier}: {fault}") from fault

    def AbortErrorHandling(self, CommandExecutionUUID: str, *, call: Call) -> None:
        """Handle an error no longer."""
        self._recovery.give_up(CommandExecutionUUID)

    def SetErrorHandlingTimeout(self, ErrorHandlingTimeout: int, *, call: Call) -> None:
        """Set how long errors are handled."""
        self._recovery.set_timeout(ErrorHandlingTimeout)


def _error_of(error: RecoverableError) -> generated.RecoverableError:
    condition = error.condition
    return generated.RecoverableError(
        ErrorIdentifier=condition.identifier,
        CommandIdentifier=error.command,
        CommandExecutionUUID=error.execution_uuid,
        ErrorTime=error.since,
        ErrorMessage=condition.message,
        ContinuationOptions=[
            generated.ContinuationOption(option.identifier, option.explanation, "") for option in condition.options
        ],
        DefaultOption=condition.options[0].identifier,
        AutomaticSelectionTimeout=0,
    )
