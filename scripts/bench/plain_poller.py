"""The plain HTTP poller that the server is measured against: what a laboratory writes in an hour.

Each client asks for the current run and its status at an interval and prints a line (monotonic time, status) for every
change; with --log it reads the list of commands, too, all of it each time.
"""

from __future__ import annotations

import argparse
import threading
import time

import httpx

HEADERS = {"Opentrons-Version": "*"}
ALL_COMMANDS = 100_000


def poll(url: str, interval_s: float, *, reads_log: bool, prints: bool) -> None:
    """Poll for ever."""
    reported: tuple[str, int] | None = None
    with httpx.Client(base_url=url, headers=HEADERS, timeout=30, trust_env=False) as robot:
        while True:
            begun = time.monotonic()
            status, commands = look(robot, reads_log=reads_log)
            if prints and (status, commands) != reported:
                print(f"{time.monotonic():.6f} {status} {commands}", flush=True)
                reported = (status, commands)
            time.sleep(max(0.0, interval_s - (time.monotonic() - begun)))


def look(robot: httpx.Client, *, reads_log: bool) -> tuple[str, int]:
    """Ask once: the status of the current run, and how many of its commands have ended."""
    link = robot.get("/runs", params={"pageLength": 1}).json()["links"].get("current")
    if not link:
        return "none", 0
    status = str(robot.get(link["href"]).json()["data"]["status"])
    if not reads_log:
        return status, 0
    page = robot.get(f"{link['href']}/commands", params={"cursor": 0, "pageLength": ALL_COMMANDS}).json()
    return status, sum(command["status"] in ("succeeded", "failed") for command in page["data"])


def main() -> None:
    """Poll with as many clients as asked for; only the first one prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--interval", type=float, default=0.5)
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--log", action="store_true")
    options = parser.parse_args()
    for _ in range(1, options.clients):
        time.sleep(options.interval / options.clients)
        threading.Thread(
            target=poll,
            args=(options.url, options.interval),
            kwargs={"reads_log": options.log, "prints": False},
            daemon=True,
        ).start()
    poll(options.url, options.interval, reads_log=options.log, prints=True)


if __name__ == "__main__":
    main()
