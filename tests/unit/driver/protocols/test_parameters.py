"""Run-time parameters are checked before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from sila_ot2.driver.protocols.parameters import check_files, check_values
from sila_ot2.errors import ParameterInvalid, ParameterUnknown
from sila_ot2.robot.wire import RunTimeParameter

DEFINITIONS = tuple(
    RunTimeParameter.model_validate(one)
    for one in (
        {"variableName": "n", "displayName": "Samples", "type": "int", "min": 1.0, "max": 8.0, "default": 2.0},
        {"variableName": "v", "displayName": "Volume", "type": "float", "min": 0.5, "max": 10.0, "suffix": "uL"},
        {"variableName": "b", "displayName": "Dry", "type": "bool"},
        {"variableName": "s", "displayName": "Mount", "type": "str",
         "choices": [{"displayName": "L", "value": "left"}, {"displayName": "R", "value": "right"}]},
        {"variableName": "c", "displayName": "Count", "type": "int",
         "choices": [{"displayName": "1", "value": 1.0}, {"displayName": "3", "value": 3.0}]},
        {"variableName": "f", "displayName": "Table", "type": "csv_file"},
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"n": "4"}, 4), ({"n": " 4.0 "}, 4), ({"v": "0.5"}, 0.5), ({"v": "1e1"}, 10.0), ({"b": "TRUE"}, True),
        ({"b": "0"}, False), ({"s": "left"}, "left"), ({"c": "3"}, 3),
    ],
)  # fmt: skip
def test_values_get_their_declared_type(given: dict[str, str], value: Any) -> None:
    (found,) = check_values(DEFINITIONS, given).values()
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n": "9"}, "n .*at most 8"), ({"n": "0"}, "at least 1"), ({"n": "2.5"}, "whole"),
        ({"n": "two"}, "'two'.*finite number"),
        ({"v": "nan"}, "finite"), ({"v": "-inf"}, "finite"), ({"b": "maybe"}, "true or false"),
        ({"s": "middle"}, "one of: left, right"), ({"c": "2"}, "one of"), ({"f": "x"}, "takes a file"),
    ],
)  # fmt: skip
def test_wrong_value_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(ParameterInvalid, match=says):
        check_values(DEFINITIONS, given)


def test_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(ParameterUnknown, match=r"no parameter x, y; it declares: n, v, b, s, c, f"):
        check_values(DEFINITIONS, {"y": "1", "x": "1"})
    with pytest.raises(ParameterUnknown, match="none at all"):
        check_values((), {"x": "1"})


def test_files_are_needed_only_where_the_protocol_cannot_do_without() -> None:
    for needed in (True, False):
        check_files(DEFINITIONS, ["f"], all_needed=needed)
        with pytest.raises(ParameterInvalid, match="takes a value"):
            check_files(DEFINITIONS, ["f", "n"], all_needed=needed)
        with pytest.raises(ParameterUnknown):
            check_files(DEFINITIONS, ["f", "g"], all_needed=needed)
    check_files(DEFINITIONS, [], all_needed=False)
    with pytest.raises(ParameterInvalid, match="f .* needs a CSV file"):
        check_files(DEFINITIONS, [], all_needed=True)
