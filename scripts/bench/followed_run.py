"""What tips and liquids add to what it costs this server to follow a run.

A process of its own answers as a robot does on which a run of 10,000 commands goes on: each time the run is read, some
more commands have ended. The run fills plates with one and with eight channels, with a declared rack. Each round
follows it with and without its tips and liquids, with one, ten and a hundred commands at a time. Processor time is
measured, of the reading over HTTP, the log of the run, and what is written of tips and liquids.

python scripts/bench/followed_run.py [--commands 10000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tracker import RunTracker
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.database import open_database
from sila_ot2.store.runs import RunArchive, RunStart
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.robot_in_memory import BEGIN, RobotInMemory, command

RACK, PLATE, RESERVOIR = "opentrons_96_tiprack_300ul", "corning_96_wellplate_360ul_flat", "nest_12_reservoir_15ml"
BOTTOM = {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}
RUN_ID = "0f3c6f4e-1f0e-4f0c-8c55-3b1e3f8d6c11"
PIPETTES = {"one": "p300_single_gen2", "eight": "p300_multi_gen2"}


def run_of(commands: int) -> list[dict[str, Any]]:
    """Return the commands of a run: loads, then cycles of a tip, four transfers and the trash."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("loadLabware", {"labwareId": slot, "namespace": "opentrons", "loadName": name, "version": 1,
                         "location": {"slotName": slot}})
        for slot, name in (("1", RACK), ("2", PLATE), ("3", RESERVOIR))
    ]  # fmt: skip
    cycle = 0
    while len(steps) < commands:
        pipette = list(PIPETTES)[cycle % 2]
        place = {"pipetteId": pipette, "wellName": f"A{cycle % 12 + 1}"}
        steps.append(("pickUpTip", {**place, "labwareId": "1"}))
        for column in range(1, 5):
            well = {
                "pipetteId": pipette,
                "wellName": f"A{column}",
                "wellLocation": BOTTOM,
                "volume": 20,
                "flowRate": 90,
            }
            steps += [("aspirate", {**well, "labwareId": "3"}), ("dispense", {**well, "labwareId": "2"})]
        steps += [
            ("moveToAddressableAreaForDropTip", {"pipetteId": pipette, "addressableAreaName": "fixedTrash"}),
            ("dropTipInPlace", {"pipetteId": pipette}),
        ]
        cycle += 1
    return [command(kind, number, **params) for number, (kind, params) in enumerate(steps[:commands])]


class Unfollowed(TipStock):
    """Follows neither tips nor liquids."""

    def take(self, *_: object, **__: object) -> None:
        """Do nothing."""

    def end(self, *_: object) -> None:
        """Do nothing."""


class Answering(BaseHTTPRequestHandler):
    """Answers as a robot of which `at_once` more commands of the log have ended each time its run is read."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    robot: RobotInMemory
    left: list[dict[str, Any]]
    at_once: int

    def do_GET(self) -> None:
        """Answer."""
        if self.path.endswith(RUN_ID):
            self.robot.commands[RUN_ID] += self.left[: self.at_once]
            del self.left[: self.at_once]
            self.robot.runs[RUN_ID]["status"] = "running" if self.left else "succeeded"
        answer = self.robot.answer(httpx.Request("GET", f"http://robot.test{self.path}"))
        self.send_response(answer.status_code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer_requests(ports: Connection, log: list[dict[str, Any]], at_once: int) -> None:
    """Be the robot, in a process of its own."""
    pipettes = [{"id": each, "pipetteName": name, "mount": mount}
                for (each, name), mount in zip(PIPETTES.items(), ("left", "right"), strict=True)]  # fmt: skip
    Answering.robot, Answering.left, Answering.at_once = RobotInMemory(), log, at_once
    Answering.robot.add_run(run_id=RUN_ID, pipettes=pipettes)
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        ports.send(server.server_port)
        server.serve_forever()


@contextmanager
def robot_with(log: list[dict[str, Any]], at_once: int) -> Iterator[RobotClient]:
    """Yield a client of a robot with this run."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=answer_requests, args=(there, log, at_once), daemon=True)
    process.start()
    client = RobotClient(f"http://127.0.0.1:{here.recv()}")
    try:
        yield client
    finally:
        client.close()
        process.terminate()
        process.join()


def followed(log: list[dict[str, Any]], folder: Path, at_once: int, *, with_deck: bool) -> float:
    """Follow a run from its first command to its end; returns the processor seconds."""
    engine = open_database(folder)
    archive = RunArchive(engine, folder, keep=10)
    stock = (TipStock if with_deck else Unfollowed)(TipRackStore(engine))
    stock.reset("1", f"opentrons/{RACK}/1")
    start = RunStart(run_id=RUN_ID, origin="ThisServer", purpose="protocol", created_at=BEGIN)
    with robot_with(log, at_once) as client:
        tracker = RunTracker(client.run(RUN_ID), start, ExpectedSteps(), archive, stock)
        began = time.process_time()
        tracker.begin()
        while not (tracker.caught_up and tracker.run.status == "succeeded"):
            tracker.follow(client, client.run(RUN_ID))
        record = tracker.close()
        taken_s = time.process_time() - began
    assert record.succeeded_commands == len(log), record
    assert (stock.trash.value.count > 0) == with_deck
    engine.dispose()
    return taken_s


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    log = run_of(options.commands)
    for at_once in (1, 10, 100):
        taken_s: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(options.rounds):
            for with_deck, times in taken_s.items():
                with tempfile.TemporaryDirectory() as folder:
                    times.append(followed(log, Path(folder), at_once, with_deck=with_deck))
        without_s, with_s = (statistics.median(times) for times in taken_s.values())
        listed = "; ".join(", ".join(f"{each:.2f}" for each in times) for times in taken_s.values())
        print(
            f"{options.commands} commands, {at_once} at a time: {without_s:.2f} s of processor time, with tips and "
            f"liquids {with_s:.2f} s, {with_s / without_s - 1:.0%} more ({listed})"
        )


if __name__ == "__main__":
    main()
