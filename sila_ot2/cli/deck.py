"""`sila-ot2 deck`: what stands on the deck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import beside, harmless, person, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.ot2_deck_picture_provider import SlotContent

ROWS = (("10", "11", "12"), ("7", "8", "9"), ("4", "5", "6"), ("1", "2", "3"))
"""Slots as they are seen from the front of the robot."""
SOURCES = {
    "Session": "The deck of the open session, seen from the front.",
    "Run": "What the current run has loaded, seen from the front.",
    "Nothing": "No session is open and no run is current: nothing is known of the deck.",
}


@on_server
def deck(
    client: OT2,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Write a picture (SVG) to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what stands on the deck: as a map of the slots, or as a picture."""
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
