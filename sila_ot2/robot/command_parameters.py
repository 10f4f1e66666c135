"""Parameters of the robot's commands, read with care: a release to come may put something else in their place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sila_ot2.errors import RobotFaulty
from sila_ot2.robot.reachability import Reason

_MOST_QUOTED = 100
"""Characters of a wrong value that an error quotes."""

_ROUNDING_UL = 0.001


def quoted(value: Any) -> str:
    """Return a value for an error, cut if it is long."""
    text = repr(value)
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}..."


def finite_number(value: Any) -> float | None:
    """Return a number; None if the value is something else, or a number that a float does not hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number_in(value: Any) -> float:
    """Return a number; 0 if there is none.

    Raises:
        RobotFaulty: it is something else.
    """
    if value is None:
        return 0.0
    if (number := finite_number(value)) is None:
        raise RobotFaulty(
            f"A command of the robot has {quoted(value)} in place of a number.", Reason.SENSELESS_ANSWER.remedy
        )
    return number


def volume_in(value: Any) -> float:
    """Return a volume; 0 if there is none.

    Raises:
        RobotFaulty: it is something else, or negative.
    """
    if (volume_ul := number_in(value)) < -_ROUNDING_UL:
        raise RobotFaulty(f"A command of the robot has the volume {volume_ul:g} µL.", Reason.SENSELESS_ANSWER.remedy)
    return max(0.0, volume_ul)


def members_in(value: Any) -> Mapping[str, Any]:
    """Return the members of an object; none if there is no object.

    Raises:
        RobotFaulty: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise RobotFaulty(
            f"A command of the robot has {quoted(value)} in place of an object.", Reason.SENSELESS_ANSWER.remedy
        )
    return value
