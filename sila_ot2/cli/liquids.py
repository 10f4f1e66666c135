"""`sila-ot2 liquids`: what the wells on the deck hold."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson, number
from sila_ot2.cli.terminal import show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.ot2_deck_service import WellLiquid


class LiquidAction(str, Enum):
    """What is to be done."""

    SHOW = "show"
    DECLARE = "declare"
    FORGET = "forget"


@on_server
def liquids(
    client: OT2,
    action: Annotated[
        LiquidAction,
        typer.Argument(
            metavar="[show|declare|forget]",
            help="'forget' ends the comparison with draws, for one slot or all.",
        ),
    ] = LiquidAction.SHOW,
    slot: Annotated[str, typer.Argument(metavar="[SLOT]", help="Slot of the labware, 1 to 11.")] = "",
    volume: Annotated[
        float | None,
        typer.Argument(parser=number, metavar="[VOLUME]", help="For declare: what each well holds, in µL."),
    ] = None,
    wells: Annotated[
        list[str] | None, typer.Argument(metavar="[WELL]...", help="For declare: the wells; without them, all wells.")
    ] = None,
    liquid: Annotated[str, typer.Option(metavar="NAME", help="The name of the liquid.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what the wells hold, or state it, so that draws are compared with it. Nothing moves."""
    feature = client.deck_service
    if action is LiquidAction.DECLARE:
        if not slot or volume is None:
            raise CommandLineError(
                "No slot or no volume was given to declare",
                remedy="Name the slot, 1 to 11, then the volume in µL.",
                code=ExitCode.USAGE,
            )
        feature.declare_liquid(slot, [volume], wells=[well.upper() for well in wells or ()], liquid_name=liquid)
    elif action is LiquidAction.FORGET:
        feature.forget_liquids(slot=slot)
    found = feature.liquids.get()
    if as_json:
        show_json(found)
        return
    rows = [
        (labware.slot, well.well, _volume(well), ", ".join(well.liquids), "yes" if well.compared else "no")
        for labware in found
        for well in labware.wells
    ]
    show_list(("Slot", "Well", "µL", "Liquids", "Compared"), rows, empty="Nothing is known of what the wells hold.")


def _volume(well: WellLiquid) -> str:
    return f"{well.volume[0]:g}" if well.volume else "not known"
