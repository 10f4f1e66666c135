"""A campaign of plates on stand-in robots while workers are killed: is each plate run once?

    python scripts/soak/fleet.py [--plates 100] [--robots 4] [--kills 20] [--seed 1]

The robots are `tests/fakes/replay`: they answer as a robot of release 7.5.0 was recorded, and execute nothing. One
process serves them all. The exit status says whether each robot was given each of its plates once.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "examples" / "fleet")]

from campaign import Campaign, Robot, run_campaign, workers  # noqa: E402
from distributed import Client  # noqa: E402

from sila_ot2.client import connect  # noqa: E402
from tests.fakes.replay.robot import ReplayRobot  # noqa: E402
from tests.processes import serve_several  # noqa: E402

BRISK = "[runs]\nactive_interval_s = 0.1\nidle_interval_s = 0.5"
PROTOCOL = """
metadata = {{"apiLevel": "2.12"}}

def run(protocol):
    protocol.delay(seconds={seconds})
"""


@dataclass
class FleetKills:
    """Kills workers while their robots run."""

    client: Client
    robots: dict[str, ReplayRobot]
    most: int
    choose: random.Random
    done: int = 0
    ended: bool = False

    def go_on(self) -> None:
        """Kill one worker after the other, until enough were killed or the campaign has ended."""
        while self.done < self.most and not self.ended:
            name = self.choose.choice(sorted(self.robots))
            if not is_running(self.robots[name]):
                time.sleep(0.01)
                continue
            worker = {info["name"]: address for address, info in self.client.scheduler_info(-1)["workers"].items()}
            try:
                pids = self.client.run(os.getpid, workers=[worker[name]])
                os.kill(pids[worker[name]], signal.SIGKILL)
            except (KeyError, OSError, ValueError):  # it has not come back from the kill before
                continue
            self.done += 1


def is_running(robot: ReplayRobot) -> bool:
    """Whether a robot runs a protocol now."""
    with robot.lock:
        robot.look()
        return robot.current is not None and robot.current.status == "running"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plates", type=int, default=100)
    parser.add_argument("--robots", type=int, default=4)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each run takes")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    plates = [f"P{number:03}" for number in range(1, given.plates + 1)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stands = {f"robot-{n}": stack.enter_context(ReplayRobot("7.5.0")) for n in range(1, given.robots + 1)}
        server, ports = serve_several(folder, [stand.url for stand in stands.values()], BRISK)
        stack.callback(server.end)
        robots = [Robot(name, f"127.0.0.1:{port}") for name, port in zip(stands, ports, strict=True)]
        protocol = folder / "plate.py"
        protocol.write_text(PROTOCOL.format(seconds=given.seconds))
        campaign = Campaign("soak", protocol, folder / "notes.jsonl")
        client = stack.enter_context(workers(robots))
        kills = FleetKills(client, stands, given.kills, random.Random(given.seed))
        killing = threading.Thread(target=kills.go_on, daemon=True)
        killing.start()
        begun = time.monotonic()
        results = run_campaign(client, campaign, robots, plates, report=lambda *_: None)
        took_s = time.monotonic() - begun
        kills.ended = True
        killing.join()
        labels: Counter[str] = Counter()
        for robot in robots:
            with connect(robot.address, insecure=True) as ot2:
                labels.update(run.label for run in ot2.run_controller.run_history.get())
        created = {name: sum(asked == ("POST", "/runs") for asked in stand.requests) for name, stand in stands.items()}
    outcomes = Counter(results.values())
    print(f"{len(plates)} plates on {len(robots)} robots in {took_s:.0f} s: {dict(outcomes)}")
    print(f"workers killed: {kills.done}")
    print(f"runs that the robots were asked to create: {created}")
    once = sum(created.values()) == len(plates) and all(count == 1 for count in labels.values())
    print("each plate was run once" if once else f"NOT ONCE: {labels.most_common(5)}")
    sys.exit(not (once and set(outcomes) == {"Succeeded"} and kills.done == given.kills))


if __name__ == "__main__":
    main()
