"""Labware as the robot reports it: what is not a size, a number or a Boolean value is not taken for one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sila_ot2.robot.wire.labware import LabwareDefinition

WELL = {"x": 1, "y": 2.5, "z": 3, "depth": 10.5, "shape": "circular", "diameter": 6}


def definition(*, version: Any = 1, **well: Any) -> LabwareDefinition:
    parameters = {"loadName": "plate", "tipLength": None, "isTiprack": False}
    document = {"namespace": "mine", "version": version, "parameters": parameters, "wells": {"A1": {**WELL, **well}}}
    return LabwareDefinition.model_validate(document)


def test_a_definition() -> None:
    found = definition()
    assert found.wells["A1"].outline_mm == (6.0, 6.0)
    assert found.parameters.tip_length == 0.0


@pytest.mark.parametrize("depth", [-1, "5", True, float("nan")])
def test_what_is_no_depth_is_refused(depth: Any) -> None:
    with pytest.raises(ValidationError, match="depth"):
        definition(depth=depth)


@pytest.mark.parametrize("version", ["1", True, 1.5])
def test_what_is_no_version_is_refused(version: Any) -> None:
    with pytest.raises(ValidationError, match="version"):
        definition(version=version)
