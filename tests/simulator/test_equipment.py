"""Modules, labware, tips and nozzles: command by command against the recordings of robot-servers 8.1.0 and 7.5.0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulator.comparison import Difference
from tests.simulator.equipment import LOADED, NOT_REPLAYED, RELEASES, cases, ids_of, replay, replayed
from tests.simulator.simulated_robot import SimulatorUnderTest

ALLOWED_SHARE_WITHOUT_FULL_MATCH = 0.05
_BETWEEN = "The recorder did something in between that is not recorded."
_LAYOUTS = "Engine 9.0.0 instead of 7.5.0: a partial column is named by two nozzles, and checked."
_CHANGED_IN_BOTH = {
    "hs5_shake_pipette_at_1": _BETWEEN,
    "hs5_shake_pipette_homed": _BETWEEN,
    "loadModule_slot_with_labware_hs": _BETWEEN,
}
CHANGED = {
    "8.1.0": _CHANGED_IN_BOTH,
    "7.5.0": _CHANGED_IN_BOTH
    | {
        f"nozzle_{pipette}_multi_QUADRANT_{layout}": _LAYOUTS
        for pipette in ("p300", "p20")
        for layout in ("H1_to_E1_both", "H1_frontRight_only", "A1_D1_both", "A1_frontRight_D1", "use")
    },
}
"""Cases that are no full match, each with its reason, by release."""


@dataclass(frozen=True)
class Replayed:
    """What came of the cases of a release."""

    release: str
    differences: dict[str, list[Difference]]


@pytest.fixture(scope="module", params=RELEASES)
def outcome(request: pytest.FixtureRequest, start_robots: Callable[..., SimulatorUnderTest]) -> Replayed:
    robot = start_robots("--release", request.param)
    return Replayed(request.param, {case.name: found for case, found in replay(robot, request.param)})


@pytest.mark.timeout(600)
def test_every_recorded_command_is_replayed_or_has_a_reason(outcome: Replayed) -> None:
    replayed_runs = {case.run for its_cases in replayed(outcome.release).values() for case in its_cases}
    recorded = ids_of(outcome.release)
    left_out = {recorded[case.run][:8] for case in cases(outcome.release) if case.run not in replayed_runs}
    assert left_out == set(NOT_REPLAYED)
    assert set(outcome.differences) == {case.name for case in cases(outcome.release) if case.run in replayed_runs}
    assert len(outcome.differences) > 400
    assert set(LOADED) <= {recorded.get(run, "")[:8] for run in replayed_runs}


def test_every_command_matches_in_full_or_has_a_reason(outcome: Replayed) -> None:
    unexplained = {
        name: [str(difference) for difference in found]
        for name, found in outcome.differences.items()
        if found and name not in CHANGED[outcome.release]
    }
    assert unexplained == {}


def test_no_reason_is_out_of_date(outcome: Replayed) -> None:
    assert [name for name in CHANGED[outcome.release] if not outcome.differences[name]] == []


def test_few_commands_are_without_a_full_match(outcome: Replayed) -> None:
    without = sum(bool(found) for found in outcome.differences.values())
    assert without / len(outcome.differences) <= ALLOWED_SHARE_WITHOUT_FULL_MATCH
