"""How much SiLA adds to a single command: `python scripts/bench/atomic.py [ROUNDS]`.

Compares with keep-alive HTTP to the same simulated robot, and with a server that is nothing but gRPC
(`bare_server.py`), turn by turn in one run.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

from surroundings import Table, percentile, publish, served, simulated_robot


def main(rounds: str) -> None:
    """Measure and publish."""
    client = Path(__file__).with_name("atomic_client.py")
    with simulated_robot() as robot, served(robot) as live:
        command = [sys.executable, str(client), robot.url, str(live.process.port), rounds]
        measured = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    tables = [_table(title, taken) for title, taken in measured.items()]
    publish("atomic", tables, {table.title: table.rows for table in tables})


def _table(title: str, taken: dict[str, list[float]]) -> Table:
    table = Table(title, ("way", "p50 ms", "p95 ms", "adds at p50", "adds at p95"))
    base = [1000 * statistics.median(taken["HTTP"]), 1000 * percentile(taken["HTTP"], 0.95)]
    for name, times in taken.items():
        p50, p95 = 1000 * statistics.median(times), 1000 * percentile(times, 0.95)
        table.add(name, p50, p95, p50 - base[0], p95 - base[1])
    return table


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "300")
