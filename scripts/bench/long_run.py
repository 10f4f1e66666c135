"""A run of 10,000 commands watched from its start to its end: requests and bytes, against the plain poller.

python scripts/bench/long_run.py [--commands 10000] [--seconds 120]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from surroundings import Cost, Table, plain_poller, process_of_robot, publish, requests_of, served, simulated_robot

from tests.end_to_end.live import delays
from tests.processes import SimulatorProcess
from tests.waiting import wait_for

TIMEOUT_S = 900


def watched(robot: SimulatorProcess, pid: int, ended: Callable[[], bool]) -> list[float]:
    """Wait for the end; returns seconds, requests, those for commands, processor seconds (also the robot's), MiB."""
    robots_cost = Cost(process_of_robot())
    cost, before, begun = Cost(pid), requests_of(robot), time.monotonic()
    wait_for(ended, timeout_s=TIMEOUT_S)
    seconds, after = time.monotonic() - begun, requests_of(robot)
    made = {route: count - before.get(route, 0) for route, count in after.items() if "simulator" not in route}
    pages = sum(count for route, count in made.items() if route.startswith("GET") and route.endswith("/commands"))
    used_s = [each.cpu_percent() / 100 * seconds for each in (cost, robots_cost)]
    return [seconds, float(sum(made.values())), float(pages), *used_s, cost.memory_mib]


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=120, help="how long the run lasts (on a robot: hours)")
    options = parser.parse_args()
    commands = options.commands
    speed = f"{commands / options.seconds:g}"  # each command waits for a second of the robot
    table = Table(
        f"A run of {commands} commands, from start to end",
        ("Watched by", "Run s", "Requests", "of them pages of commands", "CPU s", "Robot's CPU s", "Memory MiB"),
    )
    with simulated_robot("--speed", speed) as robot:
        with served(robot, notifications={"enabled": False}) as live:
            execution = live.run(delays(commands, 1))
            table.add("server", *watched(robot, live.process.process.pid, lambda: execution.done))
            record = execution.result()
            assert record.completed_commands >= commands, record
        protocol_id = robot.request("GET", "/runs")["data"][-1]["protocolId"]
        with plain_poller(robot, "--interval", "0.5", "--log") as lines:
            robot.control("foreign", action="create", protocol_id=protocol_id)
            robot.control("foreign", action="play")
            ended = lambda: bool(lines.printed and " succeeded " in lines.printed[-1])  # noqa: E731
            table.add("plain poller every 0.5 s", *watched(robot, lines.pid, ended))
    ratio = Table("Plain poller / server", ("Requests", "CPU s", "Robot's CPU s"))
    ours, theirs = table.rows
    ratio.add(*(float(theirs[column]) / float(ours[column]) for column in (2, 4, 5)))
    publish("long_run", [table, ratio], {"rows": table.rows})


if __name__ == "__main__":
    main()
