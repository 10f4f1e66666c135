"""`sila-ot2 deck`: what stands on the deck."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.protocol_arguments import existing
from sila_ot2.cli.terminal import beside, harmless, local, person, show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.ot2_deck_picture_provider import SlotContent
    from sila_ot2.client.generated.ot2_deck_service import OT2DeckService, SlotState

ROWS = (("10", "11", "12"), ("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))
"""Slots as they are seen from the front of the robot."""
SOURCES = {
    "Session": "The deck of the open session, seen from the front.",
    "Run": "What the current run has loaded, seen from the front.",
    "Known": "What is known of the deck from before, seen from the front.",
    "Nothing": "Nothing is known of the deck.",
}


class DeckAction(str, Enum):
    """What is to be done."""

    SHOW = "show"
    KNOWN = "known"
    DECLARE = "declare"
    CLEAR = "clear"
    FORGET = "forget"
    IMPORT = "import"
    EXPORT = "export"


@on_server
def deck(
    client: OT2,
    action: Annotated[
        DeckAction,
        typer.Argument(
            metavar="[show|known|declare|clear|forget|import|export]",
            help="'known' lists what is known of each slot, and how it is known; 'clear' states that a slot is empty; "
            "'forget' ends the comparison with runs, of one slot or all.",
        ),
    ] = DeckAction.SHOW,
    subject: Annotated[
        str, typer.Argument(metavar="[SLOT | FILE]", help="Slot, 1 to 11; for import, the file (JSON or CSV).")
    ] = "",
    definition: Annotated[
        str,
        typer.Argument(
            metavar="[DEFINITION]",
            help="For declare: the labware, for example opentrons/corning_96_wellplate_360ul_flat/2.",
        ),
    ] = "",
    adapter: Annotated[str, typer.Option(metavar="DEFINITION", help="The adapter that the labware stands on.")] = "",
    module: Annotated[str, typer.Option(metavar="MODEL", help="The module, for example temperatureModuleV2.")] = "",
    label: Annotated[str, typer.Option(metavar="NAME", help="The name of the labware in the laboratory.")] = "",
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Write a picture (SVG) to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what stands on the deck, or state it, so that runs are compared with it. Nothing moves."""
    feature = client.deck_service
    if action in (DeckAction.DECLARE, DeckAction.CLEAR, DeckAction.IMPORT) and not subject:
        what, remedy = ("file", "Name it.") if action is DeckAction.IMPORT else ("slot", "Name it, 1 to 11.")
        raise CommandLineError(f"No {what} was given to {action.value}", remedy=remedy, code=ExitCode.USAGE)
    if action is DeckAction.EXPORT:
        print(feature.export_deck().decode())
    elif action is DeckAction.SHOW:
        _show(client, svg, as_json=as_json)
    else:
        if action is DeckAction.DECLARE:
            feature.declare_labware(
                subject, definition_uri=definition, adapter_uri=adapter, module_model=module, label=label
            )
        elif action is DeckAction.CLEAR:
            feature.clear_slot(subject)
        elif action is DeckAction.FORGET:
            feature.forget_deck(slot=subject)
        elif action is DeckAction.IMPORT:
            feature.import_deck(existing(Path(subject)).read_bytes())
        _show_known(feature, as_json=as_json)


def _show(client: OT2, svg: Path | None, *, as_json: bool) -> None:
    drawn = client.deck_picture_provider.draw_deck()
    if svg is not None:
        try:
            svg.write_bytes(drawn.picture)
        except OSError as error:
            raise CommandLineError(
                f"{svg} cannot be written: {error.strerror or error}",
                remedy="Choose another file.",
                code=ExitCode.UNAVAILABLE,
            ) from error
    if as_json:
        show_json(drawn.contents)
        return
    beside().print(SOURCES[drawn.deck_source], markup=False)
    person().print(map_of({each.slot: each for each in drawn.contents}))


def _show_known(feature: OT2DeckService, *, as_json: bool) -> None:
    slots = feature.slots.get()
    if as_json:
        show_json(slots)
        return
    rows = [
        (
            each.slot,
            _content(each),
            f"{each.source}, {local(each.known_since[0])}" if each.known_since else "",
            "yes" if each.compared else "no",
            each.explanation,
        )
        for each in slots
        if each.state != "Unknown"
    ]
    show_list(("Slot", "Content", "Known from", "Compared", "Mismatch"), rows, empty="Nothing is known of the deck.")


def _content(each: SlotState) -> str:
    stack = [*reversed(each.labware), *([each.module_model] if each.module_model else [])]
    return (" on ".join(stack) or "nothing") + (f" ({each.label})" if each.label else "")


def map_of(contents: dict[str, SlotContent]) -> Table:
    """Return the slots as a table."""
    table = Table(show_header=False, show_lines=True)
    for _ in ROWS[0]:
        table.add_column(ratio=1, overflow="fold")
    for row in ROWS:
        table.add_row(*(harmless(_cell(slot, contents.get(slot))) for slot in row))
    return table


def _cell(slot: str, content: SlotContent | None) -> str:
    if content is None:
        return f"{slot}  trash" if slot == "12" else slot
    return "\n".join(filter(None, (f"{slot}  {content.labware_name}", content.details)))
