"""How long a change of the robot takes to reach a client: with notifications, without, and with a plain HTTP poller.

    python scripts/bench/latency.py [--changes 60]

Another client pauses and resumes a run on the simulated robot. The time is taken from before that request is sent until
the event is with the client, so the robot's own work is in it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from typing import Any

from surroundings import (
    MeasuredServer,
    Table,
    mqtt_port,
    percentile,
    plain_poller,
    publish,
    served,
    simulated_robot,
    spread,
)

from tests.end_to_end.live import delays
from tests.processes import SimulatorProcess
from tests.streams import Streams, SubscribedStream
from tests.waiting import wait_for

POLL_S = 0.5


def play(robot: SimulatorProcess) -> str:
    """Let another client run a protocol that only waits; returns the run."""
    runs = robot.request("GET", "/runs")["data"]
    protocol_id = runs[-1]["protocolId"]
    run_id: str = robot.control("foreign", action="create", protocol_id=protocol_id)["data"]["id"]
    robot.control("foreign", action="play")
    wait_for(lambda: robot.request("GET", f"/runs/{run_id}")["data"]["status"] == "running", timeout_s=20)
    return run_id


def stop(robot: SimulatorProcess) -> None:
    """Let another client stop the run, and wait until the robot has settled."""
    robot.control("speed", speed="fast")
    robot.control("foreign", action="stop")
    wait_for(lambda: robot.request("GET", "/runs")["data"][-1]["status"] == "stopped", timeout_s=30)


def change(robot: SimulatorProcess, run_id: str, count: int, *came: Callable[[], float]) -> list[list[float]]:
    """Pause and resume; returns how long each change took to come, by each way.

    Args:
        robot: the robot.
        run_id: its current run, which runs.
        count: how many changes.
        came: each returns when the newest event came by one way, on the monotonic clock.
    """
    chance = random.Random(7)
    delays_s: list[list[float]] = [[] for _ in came]
    for number in range(count):
        time.sleep(chance.uniform(0.6, 1.2))
        begun = time.monotonic()
        action = "play" if number % 2 else "pause"
        robot.request("POST", f"/runs/{run_id}/actions", {"data": {"actionType": action}})
        for way, times in zip(came, delays_s, strict=True):
            wait_for(lambda way=way, begun=begun: way() > begun, timeout_s=10)  # type: ignore[misc]
            times.append(way() - begun)
    return delays_s


def newest(stream: SubscribedStream) -> Callable[[], float]:
    """Return what says when the newest message of a stream came."""
    return lambda: stream.came[-1][0] if stream.came else 0.0


def by_server(robot: SimulatorProcess, count: int, **notifications: Any) -> list[float]:
    """Measure with our server."""
    runs = {"active_interval_s": POLL_S}
    with served(robot, runs=runs, notifications=notifications) as live:
        streams = Streams(live.process.port)
        try:
            prepare(live, robot)
            run_id = play(robot)
            if notifications.get("enabled", True):
                wait_for(lambda: live.ot2.status_provider.update_source.get().method == "Notifications", timeout_s=20)
            stream = streams.open("RunController", "RunStatus")
            wait_for(lambda: live.ot2.run_controller.run_status.get() == "Running", timeout_s=10)
            return change(robot, run_id, count, newest(stream))[0]
        finally:
            stop(robot)
            streams.close()


def prepare(live: MeasuredServer, robot: SimulatorProcess, commands: int = 2000) -> None:
    """Bring a protocol that only waits to the robot, by running it once without taking the time."""
    robot.control("speed", speed="fast")
    live.run(delays(commands, 1)).result(600)
    robot.control("speed", speed=1)


def by_poller(robot: SimulatorProcess, count: int) -> list[float]:
    """Measure with the plain poller."""
    robot.control("speed", speed=1)
    run_id = play(robot)
    with plain_poller(robot, "--interval", str(POLL_S)) as lines:
        wait_for(lambda: lines.printed, timeout_s=10)
        try:
            return change(robot, run_id, count, lambda: float(lines.printed[-1].split()[0]))[0]
        finally:
            stop(robot)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=60)
    count = parser.parse_args().changes
    table = Table(
        "From the robot's change to the client's event",
        ("Way", "Median / p95 / max ms", "p95 ms", "Poller's p95 / this"),
    )
    with simulated_robot("--mqtt-port", "0") as robot:
        port = mqtt_port(robot)
        measured = {
            "notifications": by_server(robot, count, port=port),
            f"polling every {POLL_S} s": by_server(robot, count, enabled=False),
            f"plain poller every {POLL_S} s": by_poller(robot, count),
        }
    reference = percentile(list(measured.values())[-1], 0.95)
    for way, delays_s in measured.items():
        p95 = percentile(delays_s, 0.95)
        table.add(way, spread(delays_s), 1000 * p95, reference / p95)
    publish("latency", [table], {"seconds": measured})


if __name__ == "__main__":
    main()
