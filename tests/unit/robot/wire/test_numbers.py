"""What counts as a number that the robot has reported."""

from __future__ import annotations

import math

import pytest

from sila_ot2.robot import wire


@pytest.mark.parametrize("value", [37, 37.0])
def test_a_number_is_what_was_reported(value: object) -> None:
    number = wire.number(value, None)
    assert (type(number), number) == (float, 37.0)


@pytest.mark.parametrize("value", [None, True, "37", [], math.nan, -math.inf, 10**309, -(10**309)])
def test_anything_else_is_the_default(value: object) -> None:
    assert wire.number(value, "none") == "none"
