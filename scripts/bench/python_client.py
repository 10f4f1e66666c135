"""What our Python client adds to a call, compared with bare gRPC: `python scripts/bench/python_client.py [ROUNDS]`.

The measuring process is this script, started again with the server's port: it must not import `sila2`, which slows down
the protobuf of bare gRPC.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

PORT = "OT2_BENCH_PORT"


def main(rounds: str) -> None:
    """Measure and publish."""
    from surroundings import Table, percentile, publish, served, simulated_robot

    with simulated_robot() as robot, served(robot) as live:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PROTOCOL_BUFFERS")}
        environment[PORT] = str(live.process.port)
        command = [sys.executable, __file__, rounds]
        measured = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout)
    table = Table("What the Python client adds", ("call", "way", "p50 ms", "p95 ms", "adds at p50 ms"))
    for title, ways in measured.items():
        base = statistics.median(ways["bare gRPC"])
        for way, taken in ways.items():
            p50 = statistics.median(taken)
            table.add(title, way, 1000 * p50, 1000 * percentile(taken, 0.95), 1000 * (p50 - base))
    publish("python_client", [table], {"seconds": measured})


def measure(port: int, rounds: int) -> None:
    """Call in turn by bare gRPC and by our client, and print how long each call took."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from single_commands import PLATE, ByGrpc, in_turn

    from sila_ot2.client import connect

    bare = ByGrpc(port)
    with connect(f"127.0.0.1:{port}", insecure=True) as ot2:
        plate = bare.load(PLATE, "2")
        at = {name: bare.sila.Real(value=0) for name in ("OffsetX", "OffsetY", "OffsetZ", "Speed", "MinimumClearance")}
        at |= {"Mount": bare.text("right"), "Well": bare.text("A1"), "Origin": bare.text("Top")}
        at["LabwareIdentifier"] = plate
        move = ot2.atomic_liquid_handling.move_to_well
        taken = {
            "not observable (SetRailLights)": in_turn(
                {"bare gRPC": bare.light, "our client": lambda: ot2.device_lighting.set_rail_lights(True)}, rounds
            ),
            "observable (MoveToWell)": in_turn(
                {
                    "bare gRPC": lambda: bare.run("MoveToWell", **at),
                    "our client": lambda: move("right", plate.value, "A1", offset_z=0).result(),
                },
                rounds,
            ),
        }
    print(json.dumps(taken))


if __name__ == "__main__":
    if PORT in os.environ:
        measure(int(os.environ[PORT]), int(sys.argv[1]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "300")
