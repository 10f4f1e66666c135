"""Two hundred runs at random on a simulated robot: none sticks, no thread stays, memory does not grow.

    .environments/3.11-server/bin/python scripts/soak/runs.py [--runs 200] [--seed 1]

Prints a line for every tenth run, and at the end how the runs ended; ends with 1 if anything was left behind.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.end_to_end.laboratory import laboratory  # noqa: E402
from tests.end_to_end.random_runs import RandomRuns  # noqa: E402
from tests.processes import simulator_python, start_simulator  # noqa: E402

SPEED = 200
WARM_UP_RUNS = 20
"""Until here pools and caches fill; what grows after it is counted."""
MOST_GROWTH_MB = 30.0


def main() -> int:
    """Run them and report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, start_simulator(simulator_python(), Path(folder)) as robot:
        robot.control("speed", speed=SPEED)
        with laboratory(robot.url, Path(folder) / "state") as lab:
            return _soak(RandomRuns(lab, robot, given.seed), given.runs)


def _soak(happenings: RandomRuns, runs: int) -> int:
    process = psutil.Process()
    begun = time.monotonic()
    memory_mb = threads = 0.0
    for number in range(1, runs + 1):
        happenings.one_run()
        if number <= WARM_UP_RUNS:
            memory_mb, threads = process.memory_info().rss / 1e6, threading.active_count()
        if number % 10 == 0:
            print(
                f"{number:4} runs, {time.monotonic() - begun:6.0f} s, {process.memory_info().rss / 1e6:6.1f} MB, "
                f"{threading.active_count():3} threads, {process.num_fds()} files",
                flush=True,
            )
    growth_mb = process.memory_info().rss / 1e6 - memory_mb
    print(f"Outcomes: {dict(happenings.outcomes)}")
    print(
        f"After the first {WARM_UP_RUNS} runs: {growth_mb:+.1f} MB, {threading.active_count() - threads:+.0f} threads"
    )
    return 0 if growth_mb < MOST_GROWTH_MB and threading.active_count() <= threads + 4 else 1


if __name__ == "__main__":
    sys.exit(main())
