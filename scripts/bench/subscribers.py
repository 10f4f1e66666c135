"""What watchers cost: the robot's requests, the server's processor time, memory and threads, and how long others wait.

    python scripts/bench/subscribers.py [--watchers 1 10 100 1000]

Each watcher is a client of its own with a subscription to DeviceStatus and one to RunStatus, while a run is paused and
resumed twice a second. Every eighth watcher takes its first value and never reads again. The same work is then done by
plain HTTP pollers.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from latency import play, prepare
from surroundings import (
    Cost,
    MeasuredServer,
    Table,
    percentile,
    plain_poller,
    publish,
    requests_per_s,
    served,
    simulated_robot,
)

from tests.processes import SimulatorProcess
from tests.streams import Streams
from tests.waiting import wait_for

POLL_S = 0.5
MEASURED_S = 8.0
WATCHED = (("OT2StatusProvider", "DeviceStatus"), ("RunController", "RunStatus"))
CPU_PERCENT, EVENTS_PER_S = 2, 7  # columns of the table
MOST_POLLERS = 100
"""More would only measure how slow the simulated robot gets."""


class Changes:
    """Pauses and resumes a run twice a second until it is left."""

    def __init__(self, robot: SimulatorProcess, run_id: str) -> None:
        self._robot, self._run_id = robot, run_id
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._change, daemon=True)

    def __enter__(self) -> Changes:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _change(self) -> None:
        actions = 0
        while not self._ended.wait(0.5):
            action = "play" if actions % 2 else "pause"
            self._robot.request("POST", f"/runs/{self._run_id}/actions", {"data": {"actionType": action}})
            actions += 1
        if actions % 2:
            self._robot.request("POST", f"/runs/{self._run_id}/actions", {"data": {"actionType": "play"}})


def reads(port: int, seconds: float) -> list[float]:
    """Read a property again and again for some time; returns how long each reading took.

    A process of its own reads: in this one the streams of all watchers would hold up the reading client.
    """
    script = Path(__file__).with_name("reader.py")
    printed = subprocess.run([sys.executable, str(script), str(port), str(seconds)], check=True, stdout=subprocess.PIPE)
    taken_s: list[float] = json.loads(printed.stdout)
    return taken_s


def measure(live: MeasuredServer, robot: SimulatorProcess, run_id: str, watchers: int) -> tuple[list[float], int]:
    """Return robot requests/s, processor %, memory MiB, threads, reading p95 ms, events/s; and threads afterwards."""
    cost = Cost(live.process.process.pid)
    before = cost.threads
    streams = Streams(live.process.port)
    opened = [stream for number in range(watchers) for stream in streams.open_together(WATCHED, reads=number % 8 != 7)]
    wait_for(lambda: all(stream.count for stream in opened), timeout_s=60)
    with Changes(robot, run_id):
        time.sleep(1)
        counted: list[float] = []
        counting = threading.Thread(target=lambda: counted.append(requests_per_s(robot, MEASURED_S)))
        events, _ = sum(stream.count for stream in opened), cost.cpu_percent()
        counting.start()
        taken_s = reads(live.process.port, MEASURED_S)
        counting.join()
        figures = [
            counted[0],
            cost.cpu_percent(),
            cost.memory_mib,
            float(cost.threads),
            1000 * statistics.median(taken_s),
            1000 * percentile(taken_s, 0.95),
            (sum(stream.count for stream in opened) - events) / MEASURED_S,
        ]
    assert not any(stream.error for stream in opened), {stream.error for stream in opened}
    streams.close_some(watchers // 2, politely=False)
    streams.close()
    wait_for(lambda: cost.threads <= before + 5, timeout_s=30)
    return figures, cost.threads


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchers", type=int, nargs="+", default=[1, 10, 100, 1000])
    wanted = parser.parse_args().watchers
    table = Table(
        "Watchers of the server, two subscriptions each",
        (
            "Watchers",
            "Robot requests/s",
            "CPU %",
            "Memory MiB",
            "Threads",
            "Read median ms",
            "Read p95 ms",
            "Events/s",
            "Threads after",
        ),
    )
    pollers = Table("The same by plain pollers", ("Pollers", "Robot requests/s", "CPU %", "Memory MiB"))
    with simulated_robot("--speed", "1") as robot:
        limits = {"streams": 2 * max(wanted) + 100, "connections": max(wanted) + 100}
        settings: dict[str, dict[str, Any]] = {
            "runs": {"active_interval_s": POLL_S},
            "notifications": {"enabled": False},
            "limits": limits,
        }
        with served(robot, **settings) as live:
            prepare(live, robot)
            run_id = play(robot)
            for watchers in wanted:
                figures, threads_after = measure(live, robot, run_id, watchers)
                table.add(watchers, *figures, threads_after)
        for count in [number for number in wanted if number <= MOST_POLLERS]:
            with plain_poller(robot, "--interval", str(POLL_S), "--clients", str(count)) as lines:
                cost = Cost(lines.pid)
                time.sleep(2)
                cost.cpu_percent()
                pollers.add(count, requests_per_s(robot, MEASURED_S), cost.cpu_percent(), cost.memory_mib)
    costs = Table("Processor time for one event more, in us", ("Watchers", "us"))
    fewest = [float(cell) for cell in table.rows[0]]
    for row in table.rows[1:]:
        more = [float(cell) - least for cell, least in zip(row, fewest, strict=True)]
        costs.add(row[0], 1e4 * more[CPU_PERCENT] / more[EVENTS_PER_S])
    ratios = Table("Robot requests, plain pollers / server", ("Watchers", "Ratio"))
    for ours, theirs in zip(table.rows, pollers.rows, strict=False):
        ratios.add(ours[0], float(theirs[1]) / float(ours[1]))
    publish("subscribers", [table, costs, pollers, ratios], {"server": table.rows, "pollers": pollers.rows})


if __name__ == "__main__":
    main()
