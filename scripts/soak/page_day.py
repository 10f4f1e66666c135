"""A day of the operator's page in fast motion: browsers come, watch a robot that runs, and go, some without a word.

    python scripts/soak/page_day.py [--connections 100] [--rounds 10] [--commands 200]

In each round all connections are made anew, half of them to the overview and half to the robot, while a run changes
what they show at each step. A round ends when the page has forgotten who has gone. Afterwards its process must need
what it needed after the first round. The exit status says whether it does.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from browsers import Viewer  # noqa: E402
from day import Footprint, run  # noqa: E402
from operator_page import page_pid  # noqa: E402
from surroundings import Cost, MeasuredServer, Table, mqtt_port, publish, served, simulated_robot  # noqa: E402

from sila_ot2.web.application import RECONNECT_S  # noqa: E402
from tests.end_to_end.page_process import page_process  # noqa: E402

FORGOTTEN_S = RECONNECT_S + 15
"""After this the page keeps nothing for a browser that has gone."""


async def watch_runs(live: MeasuredServer, address: str, path: str, count: int, commands: int) -> int:
    """Let browsers watch one run; returns how many updates came to them."""
    chance = random.Random(13)
    viewers = [Viewer() for _ in range(count)]
    for number, viewer in enumerate(viewers):
        await viewer.open(address, path if number % 2 else "/")
    await asyncio.to_thread(run, live, 1, commands)
    if lost := sum(not viewer.connected for viewer in viewers):
        print(f"{lost} connections were lost; a browser makes them anew", file=sys.stderr)
    for viewer in viewers:
        await viewer.close(politely=chance.random() < 0.5)
    return sum(viewer.updates for viewer in viewers)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=10, help="after the first one")
    parser.add_argument("--commands", type=int, default=200, help="of each run")
    parser.add_argument("--quiet", action="store_true", help="write no results")
    options = parser.parse_args()
    updates, footprints = 0, list[Footprint]()
    with (
        tempfile.TemporaryDirectory() as folder,
        simulated_robot("--mqtt-port", "0") as robot,
        served(robot, notifications={"port": mqtt_port(robot)}, runs={"archive_length": 10}) as live,
    ):
        robot.control("speed", speed="fast")
        place = f"127.0.0.1:{live.process.port}"
        with page_process(Path(folder), "--port", "0", "--server", place, "--insecure") as printed:
            address, cost = printed.rstrip("/"), Cost(page_pid())

            def play() -> int:
                watching = watch_runs(live, address, f"/robot/{place}", options.connections, options.commands)
                came = asyncio.run(watching)
                time.sleep(FORGOTTEN_S)  # else those who have gone and those who come are more than the connections
                return came

            for _ in range(1 + options.rounds):
                updates += play()
                footprints.append(Footprint.of(cost))
                print(f"{footprints[-1].memory_mib:.0f} MiB", flush=True)
    table = Table(
        f"{len(footprints)} rounds, {options.connections} connections each, {updates} updates",
        ("After round", "Memory MiB", "Threads", "Files"),
    )
    for number, each in enumerate(footprints, start=1):
        table.add(number, each.memory_mib, each.threads, each.files)
    if not options.quiet:
        publish("page_day", [table], {"memory_mib": [each.memory_mib for each in footprints]})
    return 0 if footprints[-1].is_like(footprints[0]) and updates else 1


if __name__ == "__main__":
    sys.exit(main())
