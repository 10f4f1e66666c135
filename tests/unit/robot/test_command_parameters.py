"""Numbers of the robot's commands: what cannot be calculated with is not taken for one."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sila_ot2.errors import RobotFaulty
from sila_ot2.robot.command_parameters import finite_number, number_in

NO_NUMBERS = [math.nan, math.inf, 10**400, True, "5", [5], {}]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_number_is_a_faulty_robot(value: Any) -> None:
    assert finite_number(value) is None
    with pytest.raises(RobotFaulty, match="in place of a number"):
        number_in(value)


@pytest.mark.parametrize(("value", "read"), [(None, 0.0), (0, 0.0), (-2.5, -2.5), (10**20, 1e20)])
def test_numbers(value: Any, read: float) -> None:
    assert number_in(value) == read
