"""What telemetry adds to a request to the robot, while it is off and while it is on.

A process of its own answers as a robot of release 7.5.0 was recorded. The same request is made with telemetry off and
on in turn; nothing is sent, because the endpoint takes no connections. Processor time of the thread is measured.

python scripts/bench/telemetry.py [--requests 500] [--rounds 5]
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from uuid import UUID

from surroundings import Table, publish

from sila_ot2.config import load
from sila_ot2.robot.transport import Request, Transport, unobserved
from sila_ot2.telemetry.telemetry import Telemetry
from tests.fakes.replay.robot import ReplayRobot

READ = Request("GET", "/robot/lights", "report its rail lights", 5)


def serve(pipe: Connection) -> None:
    """Be the robot until the other side ends."""
    with ReplayRobot("7.5.0") as robot:
        pipe.send(robot.url)
        pipe.recv()


def cost_us(do: Callable[[], object], times: int) -> float:
    """Return the processor time of doing something once."""
    begun = time.thread_time()
    for _ in range(times):
        do()
    return (time.thread_time() - begun) / times * 1e6


def observe_nothing() -> None:
    """Do what a request does for telemetry that is off."""
    with unobserved(READ) as note_status:
        note_status(200)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    robot = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    robot.start()
    url = ours.recv()
    settings = load({"robot": {"url": url}, "telemetry": {"endpoint": "http://127.0.0.1:9"}})
    telemetry = Telemetry(settings, UUID(int=0))
    observers = {"off": unobserved, "on": telemetry.requests.observe}
    found: dict[str, list[float]] = {name: [] for name in observers}
    alone = []
    for _ in range(given.rounds):
        for name, observe in observers.items():
            with closing(Transport(url, observe=observe)) as transport:
                transport.ask(READ)
                found[name].append(cost_us(lambda: transport.ask(READ), given.requests))  # noqa: B023 (called at once)
        alone.append(cost_us(observe_nothing, 100_000))
    table = Table("Processor time of a request to the robot", ("Telemetry", "µs"))
    for name, costs in found.items():
        table.add(name, statistics.median(costs))
    table.add("off: of it for telemetry", statistics.median(alone))
    publish("telemetry", [table], {"rows": table.rows})
    telemetry.stop()
    ours.send(None)
    robot.join()


if __name__ == "__main__":
    main()
