"""Drive the simulated OT-2 with PyLabRobot, a stranger's client, and say how it went. Run by hand.

Makes a throw-away virtual environment with PyLabRobot and its HTTP client, starts a simulator with the interpreter
given (the one of `.environments` by default), runs a small transfer through PyLabRobot's Opentrons backend, and checks
on the robot that what was asked for was done.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pylabrobot==0.2.2", "opentrons_http_api_client==0.2.1")

CLIENT = """
import asyncio, sys
from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.liquid_handling.backends import OpentronsOT2Backend
from pylabrobot.resources import cor_96_wellplate_360uL_Fb, Tip, TipRack, TipSpot, create_ordered_items_2d
from pylabrobot.resources import set_volume_tracking
from pylabrobot.resources.opentrons import OTDeck


def tip(name):
    return Tip(has_filter=False, total_tip_length=39.2, maximal_volume=20, fitting_depth=8.25, name=name)


def tip_rack():
    # PyLabRobot's own Opentrons racks fetch their definition from the internet.
    spots = create_ordered_items_2d(
        TipSpot, num_items_x=12, num_items_y=8, dx=11.8, dy=8.7, dz=5.4, item_dx=9, item_dy=9, size_x=5, size_y=5,
        make_tip=tip,
    )
    return TipRack("tips", 127.76, 85.48, 64.49, ordered_items=spots, with_tips=True)


async def main(host, port):
    robot = LiquidHandler(backend=OpentronsOT2Backend(host=host, port=int(port)), deck=OTDeck())
    await robot.setup()
    tips, plate = tip_rack(), cor_96_wellplate_360uL_Fb(name="plate")
    robot.deck.assign_child_at_slot(tips, slot=1)
    robot.deck.assign_child_at_slot(plate, slot=2)
    set_volume_tracking(enabled=False)
    for column in range(3):
        await robot.pick_up_tips(tips[column])
        await robot.aspirate(plate[0], vols=[10.0])
        await robot.dispense(plate[column + 8], vols=[10.0])
        await (robot.discard_tips() if column == 2 else robot.return_tips())
    await robot.stop()


asyncio.run(main(*sys.argv[1:]))
"""


def main() -> None:
    """Make the environment, run the transfer, print what the robot did; exit status 1 if it is not what was asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    environment = ROOT / ".environments" / "{}.{}-simulator".format(*sys.version_info) / "bin" / "python"
    parser.add_argument("--simulator-python", type=Path, default=environment)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = _environment(Path(folder))
        command = [str(options.simulator_python), "-m", "sila_ot2.simulator", "--port", "0", "--die-with-parent"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as simulator:
            if simulator.stdout is None:
                raise RuntimeError("the simulator says nothing")
            url = simulator.stdout.readline().strip()
            try:
                _drive(python, url)
            finally:
                simulator.terminate()


def _environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def _drive(python: Path, url: str) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    subprocess.run([str(python), "-c", CLIENT, host, port], check=True)
    # PyLabRobot deletes its run at the end; the simulator has counted what it was asked to do.
    executed = _get(url, "/simulator/executed")["data"]
    counted = {one["kind"]: one["count"] for one in executed if one["route"] == "POST /runs/{run_id}/commands"}
    print(f"PyLabRobot got through: {counted}")
    if [counted.get(kind) for kind in ("pickUpTip", "aspirateInPlace", "dispenseInPlace")] != [3, 3, 3]:
        raise SystemExit(1)


def _get(url: str, path: str) -> Any:
    request = urllib.request.Request(url + path, headers={"Opentrons-Version": "4"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
