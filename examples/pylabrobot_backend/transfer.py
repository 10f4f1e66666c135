"""Three transfers with PyLabRobot through the SiLA server of an OT-2 with a 300 µL pipette.

python transfer.py 127.0.0.1 50064 --insecure
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.resources import Coordinate, Tip, TipRack, TipSpot, cor_96_wellplate_360uL_Fb, set_tip_tracking
from pylabrobot.resources.opentrons import OTDeck

from sila_ot2.pylabrobot import SilaOT2Backend


def tip_rack(name: str) -> TipRack:
    """Return opentrons_96_tiprack_300ul; PyLabRobot's own function of this name downloads the definition."""

    def make_tip(name: str) -> Tip:
        return Tip(name=name, total_tip_length=59.3, has_filter=False, maximal_volume=300, fitting_depth=7.47)

    spots = {}
    for column in range(12):
        for row in range(8):
            place = f"{'ABCDEFGH'[row]}{column + 1}"
            spot = TipSpot(name=f"{name}_{place}", size_x=3.7, size_y=3.7, make_tip=make_tip)
            spot.location = Coordinate(x=14.38 + 9 * column - 1.85, y=74.24 - 9 * row - 1.85, z=5.39)
            spots[place] = spot
    rack = TipRack(name=name, size_x=127.76, size_y=85.48, size_z=64.49, ordered_items=spots)
    rack.fill()
    return rack


async def transfer(backend: SilaOT2Backend) -> None:
    """Move liquid from A1, A2, A3 to B1, B2, B3."""
    deck = OTDeck()
    lh = LiquidHandler(backend=backend, deck=deck)
    await lh.setup()
    set_tip_tracking(True)
    tips, plate = tip_rack("tips"), cor_96_wellplate_360uL_Fb(name="plate")
    deck.assign_child_at_slot(tips, 1)
    deck.assign_child_at_slot(plate, 2)
    tip = tips.get_item("A1").get_tip()
    pipette = [next(channel for channel in (0, 1) if backend.can_pick_up_tip(channel, tip))]
    for column, volume in enumerate((40, 60, 80), start=1):
        await lh.pick_up_tips(tips[f"A{column}"], use_channels=pipette)
        await lh.aspirate(plate[f"A{column}"], vols=[volume], use_channels=pipette)
        await lh.dispense(plate[f"B{column}"], vols=[volume], use_channels=pipette)
        if column == 1:
            await lh.return_tips()
        else:
            await lh.discard_tips()
    await lh.stop()
    print("done")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--ca", type=Path, help="file with the server's certificate")
    parser.add_argument("--insecure", action="store_true")
    given = parser.parse_args()
    backend = SilaOT2Backend(f"{given.address}:{given.port}", certificate=given.ca, insecure=given.insecure)
    asyncio.run(transfer(backend))


if __name__ == "__main__":
    main()
