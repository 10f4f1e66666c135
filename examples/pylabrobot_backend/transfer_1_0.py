"""Three transfers with PyLabRobot 1.0 through the SiLA server of an OT-2 with a 300 µL pipette.

python transfer_1_0.py 127.0.0.1 50064 --insecure
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from pylabrobot.resources import Coordinate, Tip, TipRack, TipSpot, cor_96_wellplate_360uL_Fb, set_tip_tracking

from sila_ot2.pylabrobot import SilaOT2


def tip_rack(name: str) -> TipRack:
    """Return opentrons_96_tiprack_300ul; PyLabRobot's own function of this name downloads the definition."""

    def make_tip(name: str) -> Tip:
        kind = "opentrons_96_tiprack_300ul"
        return Tip(
            name=name, diameter=5, size_z=59.3, has_filter=False, maximal_volume=300, fitting_depth=7.47, model=kind
        )

    spots = {}
    for column in range(12):
        for row in range(8):
            place = f"{'ABCDEFGH'[row]}{column + 1}"
            spot = TipSpot(name=f"{name}_{place}", size_x=3.7, size_y=3.7, make_tip=make_tip)
            spot.location = Coordinate(x=14.38 + 9 * column - 1.85, y=74.24 - 9 * row - 1.85, z=5.39)
            spots[place] = spot
    return TipRack(name=name, size_x=127.76, size_y=85.48, size_z=64.49, ordered_items=spots)


async def transfer(ot2: SilaOT2) -> None:
    """Move liquid from A1, A2, A3 to B1, B2, B3 with the pipette on the right."""
    set_tip_tracking(True)
    tips, plate = tip_rack("tips"), cor_96_wellplate_360uL_Fb(name="plate")
    tips.fill()
    ot2.deck.assign_child_at_slot(tips, 1)
    ot2.deck.assign_child_at_slot(plate, 2)
    await ot2.setup()
    pipette = ot2.right_pipette
    for column, volume in enumerate((40, 60, 80), start=1):
        await pipette.pick_up_tip(tips.get_item(f"A{column}"))
        await pipette.aspirate(plate.get_item(f"A{column}"), volume)
        await pipette.dispense(plate.get_item(f"B{column}"), volume)
        if column == 1:
            await pipette.return_tip()
        else:
            await pipette.discard_tip()
    await ot2.stop()
    print("done")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--ca", type=Path, help="file with the server's certificate")
    parser.add_argument("--insecure", action="store_true")
    given = parser.parse_args()
    ot2 = SilaOT2(f"{given.address}:{given.port}", certificate=given.ca, insecure=given.insecure)
    asyncio.run(transfer(ot2))


if __name__ == "__main__":
    main()
