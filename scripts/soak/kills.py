"""Kill the server of a simulated robot 200 times while clients work: nothing that it confirmed is lost.

    .environments/3.11-server/bin/python scripts/soak/kills.py [--kills 200] [--seed 1]

Prints a line for every tenth kill; ends with an error that says what was lost. Waits long, to run beside other work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from surroundings import simulated_robot  # noqa: E402

from tests.end_to_end.kills import Kills  # noqa: E402
from tests.robot_under_test import stretch_timeouts  # noqa: E402

SPEED = 1000
TIMEOUT_FACTOR = 20.0
"""How much longer is waited than in the tests."""


def main() -> None:
    """Kill, restart and compare."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, simulated_robot() as robot:
        robot.control("speed", speed=SPEED)
        stretch_timeouts(TIMEOUT_FACTOR)
        kills = Kills(robot, Path(folder), given.seed, is_starved=True)
        for number in range(1, given.kills + 1):
            kills.one_life()
            if number % 10 == 0:
                kept = kills.committed
                print(
                    f"{number:4} kills: {len(kept.protocols)} protocols, {len(kept.data_files)} data files and "
                    f"{len(kept.runs)} runs confirmed, {len(kept.deleted)} protocols deleted, {kills.unanswered} "
                    f"requests that the robot did not answer in time",
                    flush=True,
                )
        kills.check_at_last()


if __name__ == "__main__":
    main()
