"""Requests that are sent again, because twice is the same as once."""

from __future__ import annotations

import pytest

from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.errors import Movement, OT2Fault, RobotFaulty
from sila_ot2.robot.reachability import AnswerLost, Reason


@pytest.mark.parametrize("fault", [AnswerLost("Asked to analyze: timed out.", Reason.TIMED_OUT), RobotFaulty("500.")])
def test_sent_twice_in_vain_says_that_nothing_moved(fault: OT2Fault) -> None:
    sent: list[int] = []

    def send() -> None:
        sent.append(1)
        raise fault

    with pytest.raises(type(fault)) as failed:
        again_if_lost(send)
    assert failed.value.moved is Movement.NONE
    assert len(sent) == 2
