"""How much SiLA adds to a single command: `python scripts/bench/atomic.py [ROUNDS]`.

Compares with keep-alive HTTP to the same simulated robot, and with a server that is nothing but gRPC
(`bare_server.py`), turn by turn in one run.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hand import PLATE, ByGrpc, ByHttp, in_turn
from surroundings import Table, percentile, publish, served, simulated_robot


def main(rounds: int) -> None:
    """Measure and publish."""
    with simulated_robot() as robot, served(robot) as live:
        sila, http = ByGrpc(live.process.port), ByHttp(robot.url)
        plate = sila.load(PLATE, "2")
        http.adopt_run()
        pipettes = http.client.get(http.run_path).json()["data"]["pipettes"]
        pipette = next(pipette["id"] for pipette in pipettes if pipette["mount"] == "right")
        at = {name: sila.sila.Real(value=0) for name in ("OffsetX", "OffsetY", "OffsetZ", "Speed", "MinimumClearance")}
        at |= {"Mount": sila.text("right"), "Well": sila.text("A1"), "Origin": sila.text("Top")}
        at["LabwareIdentifier"] = plate
        with _bare_server(robot.url, http.run_path, pipette) as port:
            bare = ByGrpc(port, sila.compiled)
            tables = [
                _compare(
                    "Unobservable: SetRailLights",
                    {
                        "HTTP": lambda: http.client.post("/robot/lights", json={"on": True}),
                        "nothing but gRPC": bare.light,
                        "SiLA": sila.light,
                    },
                    rounds,
                ),
                _compare(
                    "Observable: MoveToWell",
                    {
                        "HTTP": lambda: http.do("moveToWell", pipetteId=pipette, labwareId=plate.value, wellName="A1"),
                        "nothing but gRPC": lambda: bare.run("MoveToWell", **at),
                        "SiLA": lambda: sila.run("MoveToWell", **at),
                    },
                    rounds,
                ),
            ]
    publish("atomic", tables, {table.title: table.rows for table in tables})


@contextmanager
def _bare_server(*arguments: str) -> Iterator[int]:
    script = Path(__file__).with_name("bare_server.py")
    command = [sys.executable, str(script), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def _compare(title: str, ways: dict[str, object], rounds: int) -> Table:
    taken = in_turn(ways, rounds)  # type: ignore[arg-type]
    table = Table(title, ("way", "p50 ms", "p95 ms", "adds at p50", "adds at p95"))
    base = [1000 * statistics.median(taken["HTTP"]), 1000 * percentile(taken["HTTP"], 0.95)]
    for name, times in taken.items():
        p50, p95 = 1000 * statistics.median(times), 1000 * percentile(times, 0.95)
        table.add(name, p50, p95, p50 - base[0], p95 - base[1])
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
