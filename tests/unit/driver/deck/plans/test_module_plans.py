"""Profiles that no thermocycler carries out are refused before anything is sent."""

from __future__ import annotations

import math

import pytest

from sila_ot2.driver.deck.plans.module_plans import MOST_PROFILE_STEPS, run_profile
from sila_ot2.errors import OT2Fault, ParameterInvalid, TargetOutOfRange


@pytest.mark.parametrize(
    ("parts", "fault", "reported"),
    [
        ([], ParameterInvalid, "no steps"),
        ([([(95, 10)], 1), ([], 3)], ParameterInvalid, "no steps"),
        ([([(95, 10)], 0)], ParameterInvalid, "not carried out even once"),
        ([([(95, 10)], MOST_PROFILE_STEPS + 1)], ParameterInvalid, f"{MOST_PROFILE_STEPS + 1} steps"),
        ([([(99.1, 10)], 1)], TargetOutOfRange, "99.1 °C"),
        ([([(95, -1)], 1)], ParameterInvalid, "held for -1 s"),
        ([([(95, math.nan)], 1)], ParameterInvalid, "held for nan s"),
    ],
)
def test_a_profile_is_refused_with_what_is_wrong(
    parts: list[tuple[list[tuple[float, float]], int]], fault: type[OT2Fault], reported: str
) -> None:
    with pytest.raises(fault, match=reported):
        run_profile("", parts, 0)
