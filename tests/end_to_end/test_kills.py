"""A server that is killed at random moments loses nothing that it confirmed; 200 times in scripts/soak/kills.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kills import Kills
from tests.processes import SimulatorProcess


@pytest.mark.simulator_only("needs the simulator's speed: hundreds of runs")
@pytest.mark.timeout(900)
def test_ten_kills_lose_nothing_that_was_confirmed(simulator: SimulatorProcess, tmp_path: Path) -> None:
    simulator.control("speed", speed=1000)
    kills = Kills(simulator, tmp_path, seed=1)
    for _ in range(10):
        kills.one_life()
    kills.check_at_last()
    assert kills.committed.protocols
    assert kills.committed.data_files
    assert kills.committed.runs
