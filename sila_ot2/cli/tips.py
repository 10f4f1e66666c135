"""`sila-ot2 tips`: the tips on the deck."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import counted, harmless, local, person, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.ot2_tip_tracking_service import OT2TipTrackingService, TipRack, TipState

ROWS = "ABCDEFGH"
SIGNS = {"free_tips": "o", "reserved_tips": "r", "used_tips": "u", "empty_places": ".", "unknown_places": "?"}
LEGEND = "o unused   r reserved   u used   . no tip   ? not known"
STATES = ("Free", "Reserved", "Used", "Empty", "Unknown")


class TipAction(str, Enum):
    """What is to be done."""

    SHOW = "show"
    RESET = "reset"
    MARK = "mark"
    REMOVE = "remove"
    EMPTIED = "emptied"


@on_server
def tips(
    client: OT2,
    action: Annotated[
        TipAction,
        typer.Argument(metavar="[show|reset|mark|remove|emptied]", help="'emptied' states that the trash was emptied."),
    ] = TipAction.SHOW,
    slot: Annotated[str, typer.Argument(metavar="[SLOT]", help="Slot of the rack, 1 to 11.")] = "",
    details: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DEFINITION | STATE [WELL]...]",
            help="For reset, the definition, for example opentrons/opentrons_96_tiprack_300ul/1; for mark, "
            "free, reserved, used, empty or unknown, and the places; without places, all of them.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the tip racks, or state what is there: a new rack, other tips, no rack, an empty trash. Nothing moves."""
    feature = client.tip_tracking_service
    if action is TipAction.EMPTIED:
        feature.reset_trash_count()
    elif action is not TipAction.SHOW:
        _state(feature, action, slot, list(details or ()))
    racks, trash = feature.tip_racks.get(), feature.trashed_tips.get()
    if as_json:
        show_json({"TipRacks": racks, "TrashedTips": trash})
        return
    for rack in racks:
        person().print(harmless(_map_of(rack)))
    if racks:
        person().print(LEGEND, markup=False)
    else:
        person().print("No tip rack is declared. Declare one with: sila-ot2 tips reset SLOT DEFINITION", markup=False)
    since = f" since {local(trash.emptied_at[0])}" if trash.emptied_at else ""
    full = f", more than the limit of {trash.limit}: empty it" if trash.limit_reached else ""
    person().print(f"Trash: {counted(trash.count, 'tip')}{since}{full}", markup=False)


def _state(feature: OT2TipTrackingService, action: TipAction, slot: str, details: list[str]) -> None:
    if not slot:
        raise CommandLineError(f"No slot was given to {action.value}", remedy="Name it, 1 to 11.", code=ExitCode.USAGE)
    if action is TipAction.RESET:
        feature.reset_tips(slot, definition_uri=details[0] if details else "")
    elif action is TipAction.REMOVE:
        feature.remove_tip_rack(slot)
    else:
        state = details[0].title() if details else ""
        if state not in STATES:
            raise CommandLineError(
                f"{state or 'Nothing'!r} is not a state of a tip",
                remedy=f"Give one of {', '.join(STATES).lower()} after the slot.",
                code=ExitCode.USAGE,
            )
        feature.mark_tips(slot, wells=[well.upper() for well in details[1:]], tip_state=cast("TipState", state))


def _map_of(rack: TipRack) -> str:
    signs = {place: sign for name, sign in SIGNS.items() for place in getattr(rack, name)}
    head = f"Slot {rack.slot}: {rack.definition_uri}, {len(rack.free_tips)} unused{' (low)' if rack.low else ''}\n"
    rows = (f"  {row} " + " ".join(signs.get(f"{row}{column}", " ") for column in range(1, 13)) for row in ROWS)
    return head + "\n".join(rows)
