"""Requests that may be sent again when their answer was lost: sent twice, they leave what they leave sent once.

They change nothing in the laboratory; on the robot the same file, definition or analysis has the same identifier.
A request that moves the robot or changes a run is looked up instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from sila_ot2.errors import Movement, RobotFaulty
from sila_ot2.robot.reachability import AnswerLost

log = logging.getLogger(__name__)

T = TypeVar("T")


def again_if_lost(send: Callable[[], T]) -> T:
    """Send a request, once more if its answer is lost or the robot fails at it.

    Raises:
        AnswerLost, RobotFaulty: the second time as well. Nothing has moved.
    """
    try:
        return send()
    except (AnswerLost, RobotFaulty) as lost:
        log.info("Sent again: %s", lost)
    try:
        return send()
    except (AnswerLost, RobotFaulty) as lost:
        lost.moved = Movement.NONE
        raise
