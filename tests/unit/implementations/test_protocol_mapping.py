"""Odd values in an analysis of the robot are shown as they are, or are the robot's fault."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.errors import RobotFaulty
from sila_ot2.generated.protocol_service import Analysis
from sila_ot2.implementations.protocol_mapping import analysis_of
from sila_ot2.robot import wire


def mapped(**members: Any) -> Analysis:
    document = {"id": "a", "status": "completed", **members}
    return analysis_of(wire.Analysis.model_validate(document), estimated_s=1.0, api_level="2.13")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "3"), (3, "3"), (2.5, "2.5"), (float("inf"), "inf"), (float("nan"), "nan"), (10**400, f"1{'0' * 400}")],
)
def test_values_of_whole_numbers(value: Any, shown: str) -> None:
    (parameter,) = mapped(runTimeParameters=[{"variableName": "n", "type": "int", "default": value}]).Parameters
    assert parameter.DefaultValue == shown


def liquid_ul(volumes: Any) -> float:
    params = {"liquidId": "l", "volumeByWell": volumes}
    loaded = {"id": "c", "commandType": "loadLiquid", "status": "succeeded", "params": params}
    (liquid,) = mapped(liquids=[{"id": "l"}], commands=[loaded]).Liquids
    volume_ul: float = liquid[-1]
    return volume_ul


def test_volumes_that_are_no_numbers_are_not_counted() -> None:
    assert liquid_ul({"A1": 100, "A2": float("nan"), "A3": 10**400, "A4": "empty", "A5": 0.5}) == 100.5
    assert liquid_ul(None) == 0.0


def test_volumes_of_another_form_are_the_fault_of_the_robot() -> None:
    with pytest.raises(RobotFaulty, match="in place of an object"):
        liquid_ul([100])
