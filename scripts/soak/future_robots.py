"""Thousands of conversations with robots of releases to come, each with answers that are changed by its seed.

    .environments/3.11-server/bin/python scripts/soak/future_robots.py [--conversations 10000] [--first 0] [--go-on]

Prints a line for every hundredth conversation, and at the end how the commands ended. Ends with 1 at the first
conversation in which something does not hold; with --go-on, after the last one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.end_to_end.future_robots import RUNS, Conversations, summary  # noqa: E402
from tests.end_to_end.laboratory import laboratory  # noqa: E402
from tests.processes import simulator_python, start_simulator  # noqa: E402
from tests.proxy import proxy_to  # noqa: E402

SPEED = 1000


def main() -> int:
    """Hold them and report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--conversations", type=int, default=10_000)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--go-on", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, start_simulator(simulator_python(), Path(folder)) as robot:
        robot.control("speed", speed=SPEED)
        with (
            proxy_to(robot.url) as proxy,
            laboratory(proxy.url, Path(folder) / "state", runs=RUNS) as lab,
            closing(Conversations(lab, proxy, robot)) as conversations,
        ):
            return _hold(conversations, range(given.first, given.first + given.conversations), go_on=given.go_on)


def _hold(conversations: Conversations, seeds: range, *, go_on: bool) -> int:
    begun, wrong = time.monotonic(), 0
    for seed in seeds:
        try:
            conversations.hold(seed)
        except AssertionError as error:
            print(error, flush=True)
            wrong += 1
            if not go_on:
                break
        if seed % 100 == 99:  # noqa: PLR2004
            print(f"{seed + 1:6}, {time.monotonic() - begun:6.0f} s, {summary(conversations.outcomes)}", flush=True)
    print(f"{wrong} conversations in which something did not hold. {summary(conversations.outcomes)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
