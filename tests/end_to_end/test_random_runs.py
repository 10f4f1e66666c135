"""Twenty runs at random leave nothing behind; two hundred do in scripts/soak/runs.py."""

from __future__ import annotations

import threading

import pytest

from tests.end_to_end.laboratory import Laboratory, protocol
from tests.end_to_end.random_runs import RandomRuns
from tests.processes import SimulatorProcess

NOTHING = protocol()
"""A motion fault may still wait for a motion."""
KNOWN_OUTCOMES = {"Succeeded", "RunFailed", "RunStopped", "OutcomeUnknown", "NotStarted"}


@pytest.mark.simulator_only("needs the simulator's faults")
@pytest.mark.parametrize("seed", [1, 2])
def test_random_runs_leave_nothing_behind(lab: Laboratory, robot: SimulatorProcess, seed: int) -> None:
    robot.control("speed", speed=200)
    happenings = RandomRuns(lab, robot, seed)
    happenings.one_run()
    threads = threading.active_count()
    for _ in range(9):
        happenings.one_run()
    assert set(happenings.outcomes) <= KNOWN_OUTCOMES, happenings.outcomes
    assert threading.active_count() <= threads + 4  # workers that wait for the next call
    assert lab.run(lab.upload(NOTHING)).result == "Succeeded"
    assert {record.result for record in lab.runs.run_history.get()} <= {"Succeeded", "Failed", "Stopped"}
    assert lab.server.driver.monitor._registry._trackers == {}
