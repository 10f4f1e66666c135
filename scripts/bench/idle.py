"""What the server costs while nobody watches: processor time, memory and the robot's requests, idle and in a run.

python scripts/bench/idle.py [--seconds 20]
"""

from __future__ import annotations

import argparse

from latency import play, prepare, stop
from surroundings import (
    Cost,
    Table,
    mqtt_port,
    plain_poller,
    publish,
    requests_per_s,
    served,
    simulated_robot,
)

from tests.processes import SimulatorProcess
from tests.waiting import wait_for


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    table = Table("Cost of watching", ("What", "CPU %", "Memory MiB", "Threads", "Files", "Robot requests/s"))

    def measure(what: str, pid: int, robot: SimulatorProcess) -> None:
        cost = Cost(pid)
        rate = requests_per_s(robot, seconds)
        table.add(what, cost.cpu_percent(), cost.memory_mib, cost.threads, cost.files, rate)

    with simulated_robot("--mqtt-port", "0") as robot:
        for name, notifications in (("notifications", {"port": mqtt_port(robot)}), ("polling", {"enabled": False})):
            with served(robot, notifications=notifications) as live:
                pid = live.process.process.pid
                wait_for(lambda live=live: live.ot2.status_provider.device_status.get() == "Ready", timeout_s=20)  # type: ignore[misc]
                measure(f"server, nothing runs, {name}", pid, robot)
                prepare(live, robot)
                play(robot)
                measure(f"server, a run, {name}", pid, robot)
                stop(robot)
        with plain_poller(robot, "--interval", "2") as lines:
            wait_for(lambda: lines.printed, timeout_s=10)
            measure("plain poller every 2 s, nothing runs", lines.pid, robot)
        robot.control("speed", speed=1)
        play(robot)
        with plain_poller(robot, "--interval", "0.5", "--log") as lines:
            wait_for(lambda: lines.printed, timeout_s=10)
            measure("plain poller every 0.5 s, a run with its log", lines.pid, robot)
    publish("idle", [table], {"rows": table.rows})


if __name__ == "__main__":
    main()
