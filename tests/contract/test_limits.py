"""Limits of parameters stand in the features alone: our code reads them there and does not type them again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sila_ot2.constraints import limits

PACKAGE = Path(__file__).resolve().parents[2] / "sila_ot2"
BOUNDS = frozenset({"ge", "gt", "le", "lt"})
PORTS = "number_within(0, 65535, whole=True)"
"""Not of a feature."""


def typed_limits(source: str) -> list[str]:
    """Return the calls that state limits as numbers: of a field, or both ends of what the command line takes."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    fields = [call for call in calls if any(one.arg in BOUNDS and _is_number(one.value) for one in call.keywords)]
    options = [
        call
        for call in calls
        if ast.unparse(call.func) == "number_within" and len([one for one in call.args if _is_number(one)]) > 1
    ]
    return [ast.unparse(call) for call in fields + options]


def _is_number(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


@pytest.mark.parametrize("folder", ["driver", "implementations", "cli"])
def test_no_limit_of_a_feature_is_typed_again(folder: str) -> None:
    sources = {path: path.read_text("utf-8") for path in (PACKAGE / folder).rglob("*.py")}
    assert len(sources) > 30
    found = {
        path.name: typed for path, source in sources.items() if (typed := typed_limits(source)) not in ([], [PORTS])
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "count"),
    [("Field(ge=-100, le=LARGEST)", 1), ("number_within(1, 300)", 1), ("Field(ge=LEAST)", 0), ("number_within(1)", 0)],
)
def test_typed_limits_are_found(source: str, count: int) -> None:
    assert len(typed_limits(source)) == count


def test_limits_are_those_of_the_definition() -> None:
    assert limits("OT2CameraService", "CaptureMovie", "PictureInterval") == (0.1, 60)
    assert repr(limits("OT2LabwareOffsetService", "SetOffset", "X")) == "(-100, 100)"
    with pytest.raises(KeyError, match="OT2CameraService/TakePicture/LightsOn"):
        limits("OT2CameraService", "TakePicture", "LightsOn")
