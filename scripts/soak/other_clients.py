"""Twenty thousand steps of other clients at one simulated robot, while a driver works: the two never differ.

    .environments/3.11-server/bin/python scripts/soak/other_clients.py [--steps 20000] [--seed 1]

Prints a line for every thousand steps, and at the end, also at SIGTERM, how often each request of the driver was
carried out or refused; ends with an error that names the steps that led to a difference.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.end_to_end.other_clients import OtherClients  # noqa: E402
from tests.processes import simulator_python, start_simulator  # noqa: E402

STEPS_OF_AN_EXAMPLE = 100
EXAMPLES_AT_ONCE = 10
"""The first of them is always the simplest one, which repeats a single step."""
TIMEOUT_FACTOR = 20.0
"""How much longer is waited than in the tests: the trial runs beside other work for hours."""


def main() -> int:
    """Run them and report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--steps", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    options = settings(
        max_examples=EXAMPLES_AT_ONCE,
        stateful_step_count=STEPS_OF_AN_EXAMPLE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    begun, steps, number = time.monotonic(), 0, given.seed
    outcomes: Counter[str] = Counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder, start_simulator(simulator_python(), Path(folder)) as robot:
        try:
            while steps < given.steps:
                machine = seed(number)(OtherClients.at(robot, TIMEOUT_FACTOR))
                try:
                    run_state_machine_as_test(machine, settings=options)  # type: ignore[no-untyped-call]
                finally:
                    steps, number = steps + machine.steps, number + 1
                    outcomes += machine.outcomes
                    print(f"{steps:6} steps, {time.monotonic() - begun:7.0f} s, next seed {number}", flush=True)
                    if machine.failures:  # the first is the true one: what is repeated can differ
                        print(machine.failures[0], flush=True)
        finally:
            print("\n".join(f"{count:6} {what}" for what, count in sorted(outcomes.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
