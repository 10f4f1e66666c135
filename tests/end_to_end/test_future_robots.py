"""Fifty robots of releases to come; scripts/soak/future_robots.py talks with thousands."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.end_to_end.future_robots import RUNS, Conversations
from tests.end_to_end.laboratory import laboratory
from tests.processes import SimulatorProcess
from tests.proxy import proxy_to

pytestmark = pytest.mark.simulator_only("changes the robot's answers")


@pytest.mark.timeout(600)
def test_no_robot_of_a_release_to_come_is_misunderstood(
    simulator: SimulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    simulator.control("speed", speed=1000)
    with (
        proxy_to(simulator.url) as proxy,
        laboratory(proxy.url, tmp_path_factory.mktemp("state"), runs=RUNS) as lab,
    ):
        with closing(Conversations(lab, proxy, simulator)) as conversations:
            for seed in range(50):
                conversations.hold(seed)
        assert conversations.outcomes["succeeded"] > 100, conversations.outcomes
