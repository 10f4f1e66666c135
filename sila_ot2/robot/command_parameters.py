"""Parameters of the robot's commands, read with care: a release to come may put something else in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sila_ot2.errors import RobotFaulty
from sila_ot2.robot.reachability import Reason


def number_in(value: Any) -> float:
    """Return a number; 0 if there is none.

    Raises:
        RobotFaulty: it is something else.
    """
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RobotFaulty(f"A command of the robot has {value!r} in place of a number.", Reason.SENSELESS_ANSWER.remedy)
    return float(value)


def members_in(value: Any) -> Mapping[str, Any]:
    """Return the members of an object; none if there is no object.

    Raises:
        RobotFaulty: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RobotFaulty(
            f"A command of the robot has {value!r} in place of an object.", Reason.SENSELESS_ANSWER.remedy
        )
    return value
