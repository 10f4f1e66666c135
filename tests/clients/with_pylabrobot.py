"""PyLabRobot 1.0 with 8 channels on the left and one on the right of the robot; writes what happens."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from pylabrobot.opentrons import OT2, OpentronsError
from pylabrobot.resources import Coordinate, Trough, cor_96_wellplate_360uL_Fb, set_tip_tracking, set_volume_tracking
from pylabrobot.resources.errors import HasTipError, NoTipError
from transfer_1_0 import tip_rack

from sila_ot2.client import errors
from sila_ot2.pylabrobot import SilaOT2


async def work(ot2: Any) -> None:
    set_tip_tracking(True)
    set_volume_tracking(True)
    tips, plate = tip_rack("tips"), cor_96_wellplate_360uL_Fb(name="plate")
    trough = Trough(name="trough", size_x=127, size_y=85, size_z=40, max_volume=200_000, material_z_thickness=2)
    tips.fill()
    for slot, resource in enumerate((tips, plate, trough), start=1):
        ot2.deck.assign_child_at_slot(resource, slot)
    for well in plate.get_all_items():
        well.tracker.set_volume(200)
    trough.tracker.set_volume(100_000)
    await ot2.connect()
    print("is an OT2", isinstance(ot2, OT2), (await ot2.get_health()).model)
    print("attached", [(each.mount, each.name) for each in await ot2.get_mounted_pipettes()])
    print("modules", await ot2.list_connected_modules(), "pipettes", ot2.pipettes)
    await ot2.setup()
    print("runs", [run.status for run in await ot2.get_runs()])
    eight, one = ot2.left_pipette, ot2.right_pipette
    try:
        await eight.pick_up_tips(tips["F12:H12"])
    except NotImplementedError as error:
        print("refused", error)
    try:
        await one.pick_up_tip(tips.get_item("A12"), offset=Coordinate(x=1))
    except NotImplementedError as error:
        print("refused", error)
    print("tips left", sum(spot.has_tip() for spot in tips.get_all_items()))

    await eight.pick_up_tips(tips["A1:H1"])
    await eight.aspirate(plate["A2:H2"], 50)
    await eight.dispense(plate["A3:H3"], 50)
    await eight.mix(plate["A3:H3"], 40, repetitions=2)
    await eight.return_tips()
    print("volumes", *(plate.get_item(well).tracker.get_used_volume() for well in ("A2", "H3")))
    await one.pick_up_tip(tips.get_item("C5"))
    await one.aspirate(trough, 30, liquid_height=5)
    await one.dispense(plate.get_item("B4"), 30, liquid_height=2)
    at = await ot2._session.do(ot2._session.feature.save_position("right"))
    bottom = plate.get_item("B4").get_location_wrt(ot2.deck, "c", "c", "cavity_bottom") - ot2.deck.slot_locations[0]
    print(
        "off by", max(round(abs(is_at - want), 1) for is_at, want in zip((at.x, at.y, at.z - 2), bottom, strict=True))
    )
    await one.move_to(Coordinate(100, 100, 60))
    await plate_moves(ot2, plate)
    await one.aspirate(plate.get_item("B4"), 20)
    await one.dispense(plate.get_item("B4"), 20)
    try:
        await ot2.stop()
    except HasTipError as error:
        print("stop refused", type(error.__cause__).__name__, "still set up", one is ot2.right_pipette)
    await one.discard_tip()
    print("tips left", sum(spot.has_tip() for spot in tips.get_all_items()), "has tip", one.has_tip)

    await one.pick_up_tip(tips.get_item("A6"))
    await ot2._session.do(ot2._session.feature.drop_tip("right"))  # by somebody else
    try:
        await one.aspirate(plate.get_item("A1"), 30)
    except NoTipError as error:
        print("lost tip", isinstance(error.__cause__, errors.TipNotAttached))
    print("volume unchanged", plate.get_item("A1").tracker.get_used_volume())
    one._tips = ()
    await ot2.stop()
    print("stopped", ot2.pipettes)
    try:
        await SilaOT2("127.0.0.1:9", insecure=True).connect()
    except OpentronsError as error:
        print("not reached", isinstance(error.__cause__, errors.ServerUnreachable))


async def plate_moves(ot2: Any, plate: Any) -> None:
    plate.unassign()
    ot2.deck.assign_child_at_slot(plate, 6)


async def cancel(ot2: Any) -> None:
    """Cancel while the robot picks up a tip: its movement ends, and both sides know it."""
    set_tip_tracking(True)
    tips = tip_rack("tips")
    tips.fill()
    ot2.deck.assign_child_at_slot(tips, 1)
    await ot2.setup()
    one, feature, spot = ot2.right_pipette, ot2._session.feature, tips.get_item("B2")

    async def pick_up() -> None:
        await one.pick_up_tip(spot)

    for operation in (pick_up, one.return_tip):
        task = asyncio.create_task(operation())
        async with feature.last_command.subscribe() as outcomes:
            async for outcome in outcomes:
                if outcome and outcome[0].command_name in ("PickUpTip", "DropTip") and outcome[0].outcome == "AtWork":
                    break
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            state = {each.mount: each.tip_state for each in await feature.pipette_states.get()}["right"]
            print(
                operation.__name__, "cancelled", one.has_tip == (state == "Tip"), spot.has_tip() == (state == "NoTip")
            )
        if operation == pick_up and not one.has_tip:
            await pick_up()
    if one.has_tip:
        await one.return_tip()
    await ot2.stop()


if __name__ == "__main__":
    address, ca, program = sys.argv[1], Path(sys.argv[2]), {"work": work, "cancel": cancel}[sys.argv[3]]
    asyncio.run(program(SilaOT2(address, certificate=ca)))
