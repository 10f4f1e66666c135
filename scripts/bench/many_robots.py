"""What each further robot of a server process costs while nothing runs.

python scripts/bench/many_robots.py [--robots 30] [--seconds 60]

The robots are `tests/fakes/replay`, in this process: they answer as a robot of release 7.5.0 was recorded. They are
polled as by default, and send no notifications.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from surroundings import Cost, Table, publish

from sila_ot2.client import connect
from tests.fakes.replay.robot import ReplayRobot
from tests.processes import serve_several
from tests.waiting import wait_for

SETTLING_S = 15.0
"""After the start, until everything was read once and threads that are not needed have ended."""


def measure(count: int, seconds: float) -> tuple[float, float, int, float]:
    """Return processor time (% of a core), memory (MiB), threads, and requests a second to all robots."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        robots = [stack.enter_context(ReplayRobot("7.5.0")) for _ in range(count)]
        server, ports = serve_several(folder, [robot.url for robot in robots], "[notifications]\nenabled = false")
        stack.callback(server.end)
        for port in ports:
            with connect(f"127.0.0.1:{port}", insecure=True) as ot2:
                wait_for(lambda: ot2.status_provider.device_status.get() == "Ready")  # noqa: B023 (called before)
        time.sleep(SETTLING_S)
        cost, asked = Cost(server.process.pid), sum(len(robot.requests) for robot in robots)
        time.sleep(seconds)
        rate = (sum(len(robot.requests) for robot in robots) - asked) / seconds
        return cost.cpu_percent(), cost.memory_mib, cost.threads, rate


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--robots", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    table = Table("Idle robots in one process", ("Robots", "CPU %", "Memory MiB", "Threads", "Requests/s"))
    one = measure(1, given.seconds)
    many = measure(given.robots, given.seconds)
    table.add(1, *one)
    table.add(given.robots, *many)
    further = given.robots - 1
    table.add("each beyond the first", *((after - before) / further for before, after in zip(one, many, strict=True)))
    publish("many_robots", [table], {"rows": table.rows})


if __name__ == "__main__":
    main()
