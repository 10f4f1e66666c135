"""How long the server takes from its start to the first answer, and to the first status of the robot.

    python scripts/bench/startup.py [--times 5]

The plain HTTP poller's first answer is measured beside it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import grpc
import psutil
from surroundings import Table, plain_poller, publish, simulated_robot

from tests.ports import free_port
from tests.processes import SimulatorProcess, serve
from tests.streams import method
from tests.waiting import wait_for

SERVER_NAME = "/sila2.org.silastandard.core.silaservice.v1.SiLAService/Get_ServerName"


def start(robot: SimulatorProcess, state: Path) -> tuple[float, float, float]:
    """Start a server; returns seconds to the first answer, to the status of the robot, and of processor time."""
    port = free_port()
    begun = time.monotonic()
    process = serve(
        *("--robot", robot.url, "--port", str(port), "--state-dir", str(state), "--insecure", "--no-discovery")
    )
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_reconnect_backoff_ms", 50)]) as channel:
            channel.unary_unary(SERVER_NAME, None, None)(b"", wait_for_ready=True, timeout=30)
            first_s = time.monotonic() - begun
            used = psutil.Process(process.pid).cpu_times()
            status = channel.unary_stream(method("OT2StatusProvider", "Subscribe_DeviceStatus"), None, None)(b"")
            for message in status:
                if b"Unreachable" not in message:
                    break
            return first_s, time.monotonic() - begun, used.user + used.system
    finally:
        process.terminate()
        process.communicate()


def start_poller(robot: SimulatorProcess) -> float:
    """Start the plain poller; returns seconds to its first line."""
    begun = time.monotonic()
    with plain_poller(robot) as lines:
        wait_for(lambda: lines.printed, timeout_s=30)
        return time.monotonic() - begun


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with simulated_robot() as robot, tempfile.TemporaryDirectory() as folder:
        start(robot, Path(folder))  # makes identity, database and compiled features, which are kept
        started = [start(robot, Path(folder)) for _ in range(times)]
        polled_s = [start_poller(robot) for _ in range(times)]
    poller_s = statistics.median(polled_s)
    table = Table("From the start of the process", ("Until", "Median s", "Slowest s", "Times the poller's"))
    for what, seconds in (
        ("server: first answer", [first for first, _, _ in started]),
        ("server: of that, processor time", [cpu for _, _, cpu in started]),
        ("server: status of the robot", [status for _, status, _ in started]),
        ("plain poller: first status", polled_s),
    ):
        table.add(what, statistics.median(seconds), max(seconds), statistics.median(seconds) / poller_s)
    publish("startup", [table], {"server": started, "poller": polled_s})


if __name__ == "__main__":
    main()
