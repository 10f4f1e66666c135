"""Modules, labware, tips and nozzles: command by command against the recordings of a real robot-server 8.1.0."""

from __future__ import annotations

import re

import pytest

from tests.simulator import justified
from tests.simulator.comparison import Difference
from tests.simulator.equipment import LOADED, NOT_REPLAYED, cases, replay, replayed
from tests.simulator.simulated_robot import SimulatedRobot

ALLOWED_SHARE_WITHOUT_FULL_MATCH = 0.05
ADDED = (re.compile(r"\.result\.\w*LocationSequence$"),)
"""Members that the newer engine added to results, besides those in `justified`."""
_COLDER = "Engine 9.0.0 instead of 8.1.0: a heater-shaker takes targets from 0 degrees Celsius on."
_BETWEEN = "The recorder did something in between that is not recorded."
CHANGED = {
    "hs_temp_0": _COLDER,
    "hs_temp_25": _COLDER,
    "hs_temp_36.9": _COLDER,
    "hs5_shake_pipette_at_1": _BETWEEN,
    "hs5_shake_pipette_homed": _BETWEEN,
    "loadModule_slot_with_labware_hs": _BETWEEN,
}
"""Cases that are no full match, each with its reason."""


@pytest.fixture(scope="module")
def differences(start_robots: object) -> dict[str, list[Difference]]:
    assert callable(start_robots)
    robot: SimulatedRobot = start_robots()
    return {
        case.name: [difference for difference in found if not _is_added(difference)] for case, found in replay(robot)
    }


def _is_added(difference: Difference) -> bool:
    if justified.added(difference) is not None:
        return True
    return difference.kind == "extra" and any(pattern.search(difference.path) for pattern in ADDED)


@pytest.mark.timeout(600)
def test_every_recorded_command_is_replayed_or_has_a_reason(differences: dict[str, list[Difference]]) -> None:
    replayed_runs = {case.run for its_cases in replayed().values() for case in its_cases}
    left_out = {case.run[:8] for case in cases() if case.run not in replayed_runs}
    assert left_out == set(NOT_REPLAYED)
    assert set(differences) == {case.name for case in cases() if case.run in replayed_runs}
    assert len(differences) > 400
    assert set(LOADED) <= {run[:8] for run in replayed_runs}


def test_every_command_matches_in_full_or_has_a_reason(differences: dict[str, list[Difference]]) -> None:
    unexplained = {
        name: [str(difference) for difference in found]
        for name, found in differences.items()
        if found and name not in CHANGED
    }
    assert unexplained == {}


def test_no_reason_is_out_of_date(differences: dict[str, list[Difference]]) -> None:
    assert [name for name in CHANGED if not differences[name]] == []


def test_few_commands_are_without_a_full_match(differences: dict[str, list[Difference]]) -> None:
    without = sum(bool(found) for found in differences.values())
    assert without / len(differences) <= ALLOWED_SHARE_WITHOUT_FULL_MATCH
