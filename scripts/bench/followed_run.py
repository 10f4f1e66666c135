"""What following a run costs this server: each command is read, logged, and applied to tips and liquids of the deck.

The robot is a list in memory, so that nothing is measured but the server's own work. Each round follows a run of 10,000
commands that fills plates with one and with eight channels, with a declared rack; then it follows the same run once
more without its tips and liquids.

python scripts/bench/followed_run.py [--commands 10000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sila_ot2.driver.tracking.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.tip_stock import TipStock
from sila_ot2.driver.tracking.tracker import RunTracker
from sila_ot2.store.database import open_database
from sila_ot2.store.runs import RunArchive, RunStart
from sila_ot2.store.tip_racks import TipRackStore
from tests.fakes.paper_robot import BEGIN, PaperRobot, command

RACK, PLATE, RESERVOIR = "opentrons_96_tiprack_300ul", "corning_96_wellplate_360ul_flat", "nest_12_reservoir_15ml"
BOTTOM = {"origin": "bottom", "offset": {"x": 0, "y": 0, "z": 1}}
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


def followed(log: list[dict[str, Any]], folder: Path, *, with_deck: bool) -> float:
    """Follow a run from its first command to its end; returns the processor seconds."""
    robot = PaperRobot()
    pipettes = [{"id": each, "pipetteName": name, "mount": mount}
                for (each, name), mount in zip(PIPETTES.items(), ("left", "right"), strict=True)]  # fmt: skip
    run_id = robot.add_run("succeeded", pipettes=pipettes)
    robot.commands[run_id] = log
    engine = open_database(folder)
    archive, client = RunArchive(engine, folder, keep=10), robot.client()
    stock = (TipStock if with_deck else Unfollowed)(TipRackStore(engine))
    stock.reset("1", f"opentrons/{RACK}/1")
    start = RunStart(run_id=run_id, origin="ThisServer", purpose="protocol", created_at=BEGIN)
    tracker = RunTracker(client.run(run_id), start, ExpectedSteps(), archive, stock)
    began = time.process_time()
    tracker.begin()
    while not tracker.caught_up:
        tracker.follow(client, client.run(run_id))
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
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    log = run_of(options.commands)
    taken_s: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(options.rounds):
        for with_deck, times in taken_s.items():
            with tempfile.TemporaryDirectory() as folder:
                times.append(followed(log, Path(folder), with_deck=with_deck))
    for with_deck, times in taken_s.items():
        what = "with tips and liquids" if with_deck else "without them"
        listed = ", ".join(f"{each:.2f}" for each in times)
        print(f"{options.commands} commands {what}: {statistics.median(times):.2f} s of processor time ({listed})")


if __name__ == "__main__":
    main()
