"""The same transfers by PyLabRobot: through its own backend (HTTP), and through the SiLA server with ours.

    python scripts/bench/pylabrobot_backends.py [--columns 12]

The two take turns on one simulated robot without motion time. An operation is one call of PyLabRobot: pick up a tip,
aspirate, dispense, discard the tip; it costs the robot several commands.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from surroundings import ROOT, Table, percentile, publish, requests_of, served, simulated_robot

sys.path.insert(0, str(ROOT / "examples" / "pylabrobot_backend"))

from pylabrobot.liquid_handling import LiquidHandler  # noqa: E402
from pylabrobot.liquid_handling.backends import OpentronsOT2Backend  # noqa: E402
from pylabrobot.resources import cor_96_wellplate_360uL_Fb, set_tip_tracking  # noqa: E402
from pylabrobot.resources.opentrons import OTDeck  # noqa: E402
from transfer import tip_rack  # noqa: E402

from sila_ot2.client import connect  # noqa: E402
from sila_ot2.client.generated.atomic_liquid_handling import StatedTipState  # noqa: E402
from sila_ot2.pylabrobot import SilaOT2Backend  # noqa: E402
from tests.processes import SimulatorProcess  # noqa: E402

ROUNDS = 2
WARM_UP = 4
"""Operations at the beginning of each round that are not counted."""


async def operations(backend: Any, columns: int) -> list[float]:
    """Transfer from row A to row B; returns how long each operation took, in seconds."""
    deck = OTDeck()
    robot = LiquidHandler(backend=backend, deck=deck)
    await robot.setup()
    set_tip_tracking(True)
    tips, plate = tip_rack("tips"), cor_96_wellplate_360uL_Fb(name="plate")
    deck.assign_child_at_slot(tips, 1)
    deck.assign_child_at_slot(plate, 2)
    right = [1]
    taken: list[float] = []

    async def timed(operation: Callable[..., Any], *given: Any, **more: Any) -> None:
        begun = time.perf_counter()
        await operation(*given, **more)
        taken.append(time.perf_counter() - begun)

    for column in range(1, columns + 1):
        await timed(robot.pick_up_tips, tips[f"A{column}"], use_channels=right)
        await timed(robot.aspirate, plate[f"A{column}"], vols=[40], use_channels=right)
        await timed(robot.dispense, plate[f"B{column}"], vols=[40], use_channels=right)
        await timed(robot.discard_tips)
    await robot.stop()
    return taken[WARM_UP:]


def measure(robot: SimulatorProcess, make: Callable[[], Any], columns: int) -> tuple[list[float], int]:
    """Run it once; returns seconds for each operation, and how many requests reached the robot."""
    before = sum(requests_of(robot).values())
    taken = asyncio.run(operations(make(), columns))
    return taken, sum(requests_of(robot).values()) - before


def settled(address: str) -> SilaOT2Backend:
    """A backend of a robot whose pipettes are in no doubt: a run that its own backend broke off leaves one."""
    bare = [StatedTipState(mount=mount, tip_state="NoTip") for mount in ("left", "right")]
    with connect(address, insecure=True) as client:
        client.atomic_liquid_handling.reconcile_state(tip_states=bare, confirm=True).result(60)
    return SilaOT2Backend(address, insecure=True)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=12)
    parser.add_argument("--delay-ms", type=float, default=0, help="how long each request takes, as on a real robot")
    options = parser.parse_args()
    columns = options.columns
    with simulated_robot() as robot, served(robot) as live:
        if options.delay_ms:
            robot.control("http_fault", kind="slow", path="**", delay_s=options.delay_ms / 1000, count=None)
        host, _, robot_port = robot.url.removeprefix("http://").partition(":")
        ways = {
            "PyLabRobot's own backend": lambda: OpentronsOT2Backend(host=host, port=int(robot_port)),
            "through the SiLA server": lambda: settled(f"127.0.0.1:{live.process.port}"),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        requests = dict.fromkeys(ways, 0)
        for _ in range(ROUNDS):
            for name, make in ways.items():
                seconds, made = measure(robot, make, columns)
                taken[name] += seconds
                requests[name] += made
    title = f"{columns} transfers with fresh tips"
    table = Table(title, ("way", "operation p50 ms", "p95 ms", "robot requests per operation", "own backend / this"))
    reference = statistics.median(next(iter(taken.values())))
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        per_operation = requests[name] / (ROUNDS * 4 * columns)
        table.add(name, 1000 * median, 1000 * percentile(seconds, 0.95), per_operation, reference / median)
    publish("pylabrobot", [table], taken)


if __name__ == "__main__":
    main()
