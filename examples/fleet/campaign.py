"""Runs a campaign of plates on several robots with Dask distributed. No plate is run twice, even if programs die.

Each robot has one worker, which Dask restarts when it dies. A plate is given to a robot once, and that is written down
before anything is sent: its labware stands on the deck of that robot. The run is requested with a request key made of
campaign and plate. If the same plate is requested again, the server follows the run that exists already.

    python examples/fleet/campaign.py fleet.toml

with a file such as

    name = "screening 12"
    protocol = "plate_copy.py"
    plates = ["P001", "P002", "P003"]
    notes = "screening-12.jsonl"

    [[robot]]
    name = "left"
    address = "192.168.1.30:50064"
    certificate = "left.crt"
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask
from distributed import Client, Future, Nanny, Scheduler, SpecCluster, as_completed

from sila_ot2.client import connect, errors

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TRY_AGAIN_S = 5.0
"""How long to wait for a server that does not answer before it is asked again."""


@dataclass(frozen=True)
class Robot:
    """A robot, by its SiLA server.

    Attributes:
        name: also the name of the resource that its worker has in Dask.
        address: host and port of the server.
        certificate: file with the certificate that the server is trusted by; None: it does not encrypt.
    """

    name: str
    address: str
    certificate: str | None = None


@dataclass(frozen=True)
class Campaign:
    """What is to be done.

    Attributes:
        name: of the campaign; another campaign may have plates of the same names.
        protocol: the protocol file, run once for each plate.
        notes: file in which is noted which robot got which plate, and how it ended.
    """

    name: str
    protocol: Path
    notes: Path


def run_plate(robot: Robot, campaign: str, plate: str, file_name: str, protocol: bytes) -> str:
    """Run a plate on a robot; return how the run ended, or the error. May be called again and again.

    The labware of a plate that did not succeed is in a state that nobody knows here: such a plate is never run again.
    """
    while True:
        try:
            with connect(robot.address, certificate=robot.certificate, insecure=robot.certificate is None) as ot2:
                run = ot2.run_controller.run_uploaded_file(
                    file_name, protocol, run_label=plate, request_key=f"{campaign}/{plate}"
                )
                return run.result().result
        except (errors.ServerUnreachable, errors.AnswerLost):  # the same key again: it follows the run if there is one
            time.sleep(TRY_AGAIN_S)
        except errors.SilaError as refused:
            return f"{type(refused).__name__}: {refused}"


class Notes:
    """Which robot got which plate, and how each ended; survives the end of this program at any moment."""

    def __init__(self, file: Path) -> None:
        self.robot_of: dict[str, str] = {}
        self.results: dict[str, str] = {}
        *lines, rest = file.read_text(encoding="utf-8").split("\n") if file.exists() else [""]
        if rest:  # this program was killed while it wrote this note: nothing had been sent, or the run had ended
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for line in lines:
            note = json.loads(line)
            target = self.robot_of if "robot" in note else self.results
            target[note["plate"]] = note.get("robot") or note["result"]
        self._file = file

    def give(self, plate: str, robot: str) -> None:
        """Note that a robot gets a plate, before it is asked to run it."""
        self.robot_of[plate] = robot
        self._append({"plate": plate, "robot": robot})

    def end(self, plate: str, result: str) -> None:
        """Note how a plate ended."""
        self.results[plate] = result
        self._append({"plate": plate, "result": result})

    def _append(self, note: dict[str, str]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def workers(robots: list[Robot]) -> Iterator[Client]:
    """Start one worker for each robot on this computer, restarted whenever it dies.

    Where each robot has a computer, start `dask worker SCHEDULER --nthreads 1 --resources "NAME=1"` there, and connect
    with `Client(SCHEDULER)`.
    """
    specification: dict[str, Any] = {
        robot.name: {"cls": Nanny, "options": {"nthreads": 1, "resources": {robot.name: 1}, "host": "127.0.0.1"}}
        for robot in robots
    }
    scheduler = {"cls": Scheduler, "options": {"host": "127.0.0.1", "dashboard": False, "dashboard_address": None}}
    with (
        dask.config.set(
            {
                # A worker may die any number of times: its plate is requested again, and never run a second time.
                "distributed.scheduler.allowed-failures": 1_000_000,
                "distributed.deploy.lost-worker-timeout": "1 hour",
            }
        ),
        SpecCluster(workers=specification, scheduler=scheduler) as cluster,
        Client(cluster) as client,
    ):
        client.wait_for_workers(len(robots))
        yield client


def run_campaign(
    client: Client,
    campaign: Campaign,
    robots: list[Robot],
    plates: list[str],
    report: Callable[[str, str, str], None] = lambda plate, robot, result: print(f"{plate} on {robot}: {result}"),
) -> dict[str, str]:
    """Run all plates that have not ended, each robot one after the other; return how each of them ended."""
    notes = Notes(campaign.notes)
    protocol = campaign.protocol.read_bytes()
    by_name = {robot.name: robot for robot in robots}
    open_plates = [plate for plate in plates if plate not in notes.results]
    begun = {notes.robot_of[plate]: plate for plate in open_plates if plate in notes.robot_of}
    waiting = iter([plate for plate in open_plates if plate not in notes.robot_of])

    def submit(robot: Robot) -> Future | None:
        plate = begun.pop(robot.name, None) or next(waiting, None)
        if plate is None:
            return None
        if plate not in notes.robot_of:
            notes.give(plate, robot.name)
        return client.submit(
            run_plate,
            robot,
            campaign.name,
            plate,
            campaign.protocol.name,
            protocol,
            key=f"{plate} on {robot.name}",
            resources={robot.name: 1},
            pure=False,
        )

    if unknown := set(begun) - set(by_name):
        raise ValueError(f"{', '.join(sorted(unknown))} had plates that did not end: add these robots to the campaign")
    running = as_completed([future for robot in robots if (future := submit(robot)) is not None])
    for future in running:
        plate, _, name = future.key.partition(" on ")
        notes.end(plate, future.result())
        report(plate, name, notes.results[plate])
        if (following := submit(by_name[name])) is not None:
            running.add(following)
    return {plate: notes.results[plate] for plate in plates}


def main() -> None:
    """Run the campaign of a file."""
    file = Path(sys.argv[1])
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    robots = [Robot(**robot) for robot in read["robot"]]
    campaign = Campaign(read["name"], file.parent / read["protocol"], file.parent / read["notes"])
    with workers(robots) as client:
        results = run_campaign(client, campaign, robots, read["plates"])
    sys.exit(any(result != "Succeeded" for result in results.values()))


if __name__ == "__main__":
    main()
