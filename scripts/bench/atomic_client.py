"""The client of `atomic.py`: a process with nothing but gRPC and HTTP, as a scheduler's may be.

    python scripts/bench/atomic_client.py ROBOT_URL SILA_PORT ROUNDS

Prints a JSON document: for each title, for each way, how many seconds each round took.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from single_commands import PLATE, ByGrpc, ByHttp, in_turn

READ_BEFORE = ("/maintenance_runs/current_run", "/sessions", "/robot/door/status", "/modules")
"""What this server reads before a movement."""


def main(url: str, sila_port: int, rounds: int) -> None:
    """Measure and print."""
    sila, http = ByGrpc(sila_port), ByHttp(url)
    plate = sila.load(PLATE, "2")
    http.adopt_run()
    pipettes = http.client.get(http.run_path).json()["data"]["pipettes"]
    pipette = next(pipette["id"] for pipette in pipettes if pipette["mount"] == "right")
    at = {name: sila.sila.Real(value=0) for name in ("OffsetX", "OffsetY", "OffsetZ", "Speed", "MinimumClearance")}
    at |= {"Mount": sila.text("right"), "Well": sila.text("A1"), "Origin": sila.text("Top")}
    at["LabwareIdentifier"] = plate
    given = (url, http.run_path, pipette)
    with _bare_server(*given) as port, _bare_server(*given, *READ_BEFORE) as reading_port:
        bare, reading = ByGrpc(port, sila.compiled), ByGrpc(reading_port, sila.compiled)
        lights = {
            "HTTP": lambda: http.client.post("/robot/lights", json={"on": True}),
            "nothing but gRPC": bare.light,
            "SiLA": sila.light,
        }
        moves = {
            "HTTP": lambda: http.do("moveToWell", pipetteId=pipette, labwareId=plate.value, wellName="A1"),
            "nothing but gRPC": lambda: bare.run("MoveToWell", **at),
            "nothing but gRPC, and the same readings": lambda: reading.run("MoveToWell", **at),
            "SiLA": lambda: sila.run("MoveToWell", **at),
        }
        taken = {
            "Unobservable: SetRailLights": in_turn(lights, rounds),
            "Observable: MoveToWell": in_turn(moves, rounds),
        }
    print(json.dumps(taken))


@contextmanager
def _bare_server(*arguments: str) -> Iterator[int]:
    script = Path(__file__).with_name("bare_server.py")
    command = [sys.executable, str(script), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield int(process.stdout.readline())
        process.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
