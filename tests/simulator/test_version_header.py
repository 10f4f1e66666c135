"""The header Opentrons-Version as no client should write it: refused as the robot refuses it, not a 500."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from sila_ot2.simulator.errors import Problem
from sila_ot2.simulator.http.version import HEADER, negotiate


@pytest.mark.parametrize("text", ["", "x", "\u00b2", "--4", "-", "4" * 5000])
def test_a_value_that_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        negotiate(Headers({HEADER: text}), legacy=False, path="/runs")
    assert refused.value.status == 422


@pytest.mark.parametrize(("text", "version"), [("2", 2), ("4", 4), ("999", 4), ("*", 4)])
def test_a_newer_version_is_served_with_the_newest(text: str, version: int) -> None:
    assert negotiate(Headers({HEADER: text}), legacy=False, path="/runs") == version
