"""What a client of ErrorRecoveryService gets when the option that it has chosen is refused."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sila_ot2.driver.observable import Observable
from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.errors import (
    DoorOpen,
    InvalidCommandExecutionUUID,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    RobotUnreachable,
    UnknownContinuationOption,
)
from sila_ot2.implementations.error_recovery_service import ErrorRecoveryService
from sila_ot2.sila import Call, NotAccepted

UUID = "0d2c9d0c-9f64-4b7e-9d0f-5e4f3a2b1c0d"


class RefusingRecovery:
    """A recovery that refuses every choice."""

    def __init__(self, fault: OT2Fault) -> None:
        self._fault = fault
        self.errors: Observable[tuple[Any, ...]] = Observable(())

    def choose(self, execution_uuid: str, choice: str) -> None:
        raise self._fault


def answer_to(fault: OT2Fault) -> Exception:
    service = ErrorRecoveryService(cast(Recovery, RefusingRecovery(fault)))
    with pytest.raises((NotAccepted, OT2Fault)) as raised:
        service.ExecuteContinuationOption(UUID, "Resume", None, call=cast(Call, None))
    return raised.value


@pytest.mark.parametrize(
    "fault",
    [
        DoorOpen("The door is open.", "Close it.", moved=Movement.NONE),
        RobotUnreachable("The robot does not answer.", "Look at the network.", moved=Movement.UNKNOWN),
    ],
)
def test_a_choice_that_is_not_carried_out_is_not_accepted_and_says_why(fault: OT2Fault) -> None:
    answer = answer_to(fault)
    assert isinstance(answer, NotAccepted)
    assert fault.identifier in str(answer)
    assert fault.cause in str(answer)


@pytest.mark.parametrize("moved", [Movement.SOME, Movement.UNKNOWN])
def test_a_request_that_may_have_moved_something_is_not_a_refusal(moved: Movement) -> None:
    fault = OutcomeUnknown("The answer was lost.", "Look at the robot.", moved=moved)
    assert answer_to(fault) is fault


@pytest.mark.parametrize("kind", [InvalidCommandExecutionUUID, UnknownContinuationOption])
def test_what_the_standard_declares_is_raised_as_it_is(kind: type[OT2Fault]) -> None:
    fault = kind("There is none.", "Read RecoverableErrors.")
    assert answer_to(fault) is fault
