"""Measure the simulated OT-2: start, reset, commands a second on one core, analysis. Run by hand.

Prints a table; its figures are kept in docs/reference/simulator.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HEADERS = {"Opentrons-Version": "4", "Content-Type": "application/json"}
COMMANDS = 600
RESETS = 50

PROTOCOL = """
metadata = {"apiLevel": "2.20"}

def run(ctx):
    tips = [ctx.load_labware("opentrons_96_tiprack_20ul", slot) for slot in (1, 4)]
    plate = ctx.load_labware("corning_96_wellplate_360ul_flat", 2)
    pipette = ctx.load_instrument("p20_single_gen2", "left", tip_racks=tips)
    for well in plate.wells()[:95]:
        pipette.transfer(5, well, plate["H12"])
"""


class MeasuredSimulator:
    """A simulator as a process on one core, and one connection to it."""

    def __init__(self, python: Path) -> None:
        started = time.perf_counter()
        command = [str(python), "-m", "sila_ot2.simulator", "--port", "0", "--die-with-parent"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {0})
        if self.process.stdout is None:
            raise RuntimeError("the simulator says nothing")
        host, _, port = self.process.stdout.readline().strip().removeprefix("http://").partition(":")
        self._connection = http.client.HTTPConnection(host, int(port), timeout=120)
        self.ask("GET", "/health")
        self.start_s = time.perf_counter() - started

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """A request and its answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        self._connection.request(method, path, data, headers or HEADERS)
        return json.loads(self._connection.getresponse().read())

    def command(self, run_id: str, kind: str, **params: Any) -> Any:
        """A setup command that is waited for."""
        body = {"data": {"commandType": kind, "params": params}}
        return self.ask("POST", f"/runs/{run_id}/commands?waitUntilComplete=true", body)["data"]["result"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    environment = ROOT / ".environments" / "{}.{}-simulator".format(*sys.version_info) / "bin" / "python"
    parser.add_argument("--simulator-python", type=Path, default=environment)
    options = parser.parse_args()
    starts, cpu = [], []
    for _ in range(3):
        before = _cpu_of_children_s()
        robot = MeasuredSimulator(options.simulator_python)
        starts.append(robot.start_s)
        robot.process.terminate()
        robot.process.wait()
        cpu.append(_cpu_of_children_s() - before)
    robot = MeasuredSimulator(options.simulator_python)
    try:
        rows = [
            ("start to first answer", f"{statistics.median(starts):.2f} s", "< 3 s"),
            ("processor time of it", f"{statistics.median(cpu):.2f} s", ""),
            *_measure(robot),
        ]
    finally:
        robot.process.terminate()
    print("| what | measured | aim |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _cpu_of_children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _measure(robot: MeasuredSimulator) -> list[tuple[str, str, str]]:
    run_id = robot.ask("POST", "/runs", {"data": {}})["data"]["id"]
    place = {"slotName": "2"}
    name = "corning_96_wellplate_360ul_flat"
    plate = robot.command(run_id, "loadLabware", location=place, loadName=name, namespace="opentrons", version=1)
    pipette = robot.command(run_id, "loadPipette", pipetteName="p20_single_gen2", mount="left")["pipetteId"]
    robot.command(run_id, "home")
    wells = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]

    def move(number: int) -> None:
        well = wells[number % len(wells)]
        robot.command(run_id, "moveToWell", pipetteId=pipette, labwareId=plate["labwareId"], wellName=well)

    def light(number: int) -> None:
        robot.command(run_id, "setRailLights", on=bool(number % 2))

    moves, lights = _per_second(move), _per_second(light)
    analysis_s, commands = _analysis(robot)
    resets = []
    for _ in range(RESETS):
        robot.ask("POST", "/runs", {"data": {}})
        started = time.perf_counter()
        robot.ask("POST", "/simulator/reset")
        resets.append(time.perf_counter() - started)
    return [
        ("atomic moveToWell, waited for", f"{moves:.0f} a second", ">= 200"),
        ("atomic setRailLights, waited for", f"{lights:.0f} a second", ">= 200"),
        (f"analysis of {commands} commands", f"{analysis_s:.1f} s", ""),
        ("reset, median", f"{statistics.median(resets) * 1000:.1f} ms", "< 20 ms"),
        ("reset, slowest of 50", f"{max(resets) * 1000:.1f} ms", "< 20 ms"),
    ]


def _per_second(act: Callable[[int], None]) -> float:
    started = time.perf_counter()
    for number in range(COMMANDS):
        act(number)
    return COMMANDS / (time.perf_counter() - started)


def _analysis(robot: MeasuredSimulator) -> tuple[float, int]:
    boundary = "boundary"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="protocol.py"\r\n\r\n'
    body = f"{part}{PROTOCOL}\r\n--{boundary}--\r\n".encode()
    headers = {**HEADERS, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    started = time.perf_counter()
    protocol_id = robot.ask("POST", "/protocols", body, headers)["data"]["id"]
    while True:
        analysis = robot.ask("GET", f"/protocols/{protocol_id}/analyses")["data"][-1]
        if analysis["status"] == "completed":
            return time.perf_counter() - started, len(analysis["commands"])
        time.sleep(0.05)


if __name__ == "__main__":
    main()
