"""Pausing and resuming runs by PauseController, which declares few errors."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sila_ot2 import errors
from sila_ot2.errors import Movement, OT2Fault
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.sila import InvalidCommandState

FAULTS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, OT2Fault)]


def resume(fault: OT2Fault) -> None:
    """Resume a run by PauseController, while its resuming is refused or fails."""

    def refuse(run_id: str) -> None:
        raise fault

    allowed: list[Any] = []
    execution = SimpleNamespace(allow_pause=lambda *functions: allowed.extend(functions))
    let_pause(cast(Any, execution), cast(Any, SimpleNamespace(pause=refuse, resume=refuse)), "run")
    allowed[1]()


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_a_refusal_of_any_kind_is_an_error_that_the_feature_declares(kind: type[OT2Fault]) -> None:
    with pytest.raises(InvalidCommandState, match=r"Somebody calibrates\. Nothing moved\. Wait\."):
        resume(kind("Somebody calibrates.", "Wait.", moved=Movement.NONE))


def test_a_request_that_may_have_moved_the_robot_is_not_a_refusal() -> None:
    with pytest.raises(errors.OutcomeUnknown):
        resume(errors.OutcomeUnknown("The answer was lost.", "Look at the robot."))
