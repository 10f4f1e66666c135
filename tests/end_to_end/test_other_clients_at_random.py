"""Two hundred steps of everybody at one robot; 20,000 are done by scripts/soak/other_clients.py."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.end_to_end.other_clients import OtherClients
from tests.processes import SimulatorProcess


@pytest.mark.simulator_only("needs the simulator's faults")
@pytest.mark.timeout(600)
def test_driver_says_what_the_robot_says_whatever_other_clients_do(simulator: SimulatorProcess) -> None:
    machine = OtherClients.at(simulator)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.steps >= 200
