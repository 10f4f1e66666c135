"""How long does a scheduler take that reads every property of an idle server, one after the other?

python scripts/bench/every_property.py [--rounds 30]

MADSci's SilaNodeClient does that every two seconds (`get_state`), with the package `sila2`: it subscribes to an
observable property and cancels after the first value. At most 2 ms for each property are wanted, on average; the exit
code is 1 if it takes longer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import Any

from sila2.client import SilaClient
from surroundings import Cost, Table, publish, served, simulated_robot, spread

from tests.waiting import wait_for

TARGET_MS = 2.0


def properties_of(client: SilaClient) -> dict[str, Any]:
    """Return every property, found as SilaNodeClient finds them: what can be got and cannot be called."""
    return {
        f"{feature}.{name}": member
        for feature in client._features  # noqa: SLF001 (that is what it does)
        for name in dir(getattr(client, feature))
        if not name.startswith("_")
        and hasattr(member := getattr(getattr(client, feature), name), "get")
        and not callable(member)
        and not isinstance(member, dict)
    }


def read_all(properties: dict[str, Any]) -> dict[str, float]:
    """Read each once; returns seconds."""
    taken = {}
    for name, each in properties.items():
        begun = time.perf_counter()
        each.get()
        taken[name] = time.perf_counter() - begun
    return taken


def main() -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with simulated_robot() as robot, served(robot) as live:
        wait_for(lambda: live.ot2.status_provider.device_status.get() == "Ready", timeout_s=20)
        with SilaClient("127.0.0.1", live.process.port, insecure=True) as client:
            properties = properties_of(client)
            read_all(properties)  # the first time each is compiled
            cost = Cost(live.process.process.pid)
            every = [read_all(properties) for _ in range(rounds)]
            busy = cost.cpu_percent()
    table = Table("Every property of an idle server", ("What", "Median / 95th percentile / longest ms"))
    each_ms = 1000 * statistics.mean(sum(taken.values()) / len(taken) for taken in every)
    table.add(f"all {len(properties)} properties", spread([sum(taken.values()) for taken in every]))
    longest = sorted(properties, key=lambda name: statistics.median(taken[name] for taken in every))[-5:]
    for name in reversed(longest):
        table.add(name, " / ".join(f"{1000 * value:.1f}" for value in _spread([taken[name] for taken in every])))
    table.add(f"each, on average (target {TARGET_MS:g})", f"{each_ms:.2f}")
    table.add("processor of the server meanwhile, % of one core", f"{busy:.0f}")
    publish("every_property", [table], {"each_ms": each_ms, "properties": len(properties), "rounds": every})
    return int(each_ms > TARGET_MS)


def _spread(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return statistics.median(ordered), ordered[round(0.95 * (len(ordered) - 1))], ordered[-1]


if __name__ == "__main__":
    sys.exit(main())
