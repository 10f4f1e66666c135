"""As 7.5, the simulator's answers have the members that were recorded of a real robot-server 7.5.0."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.simulator import scenarios_rest, scenarios_runs
from tests.simulator.fidelity import RECORDED_ROBOT
from tests.simulator.recorded_files import files
from tests.simulator.replaying import Outcomes, Replay, recordings
from tests.simulator.simulated_robot import SimulatorUnderTest

RELEASE = "7.5.0"
OTHER_COURSE = frozenset(
    {
        scenarios_runs.running_and_paused,
        scenarios_runs.commands_among_a_protocol,
        scenarios_runs.custom_labware,
        scenarios_rest.long_atomic_run,
        scenarios_rest.parameters,
        scenarios_rest.offsets,
    }
)
"""Scenarios that go on with answers or with files that 7.5.0 did not have, or that were not kept whole."""
LEAST_COMPARED = 235
"""Cases: all that the other scenarios have."""
JUSTIFIED = {
    r".*definition\.\w+ extra": "The recording kept a few members of each labware definition.",
    r"body\.data\.result\.definition missing": "Engine 9.0.0: loadModule's result no longer has the definition.",
    r".*\.params\.(legacyCommandType|legacyCommandText) missing": "Engine 9.0.0: comments of old levels are comments.",
    r".*\.params\.message extra": "Engine 9.0.0: comments of old levels are comments.",
    r"body\.meta extra": "The recording of a pre-serialized list kept its data only.",
}
"""Differences by path and kind, with the reason of each."""


@pytest.fixture(scope="module")
def outcomes(start_robots: Callable[..., SimulatorUnderTest]) -> Outcomes:
    outcomes = Outcomes()
    robot = start_robots(*RECORDED_ROBOT, "--release", "7.5")
    for scenario in (*scenarios_runs.SCENARIOS, *scenarios_rest.SCENARIOS):
        if scenario not in OTHER_COURSE:
            robot.control("POST", "/reset")
            scenario(Replay(robot, outcomes, files(), RELEASE))
    return outcomes


@pytest.mark.timeout(900)
def test_answers_have_the_members_that_were_recorded(outcomes: Outcomes) -> None:
    members = {
        case: found
        for case, differences in outcomes.differences.items()
        if not any(one.path == "status" for one in differences)  # another answer, as a file was there already
        if (found := [str(one) for one in differences if one.kind in ("missing", "extra", "type")])
    }
    unexplained = {
        case: left
        for case, found in members.items()
        if (left := [one for one in found if not any(re.match(pattern, one) for pattern in JUSTIFIED)])
    }
    assert unexplained == {}
    every = [one for found in members.values() for one in found]
    assert [pattern for pattern in JUSTIFIED if not any(re.match(pattern, one) for one in every)] == []


def test_most_recorded_cases_are_compared(outcomes: Outcomes) -> None:
    assert outcomes.differences.keys() <= recordings(RELEASE).keys()
    assert len(outcomes.differences) >= LEAST_COMPARED
