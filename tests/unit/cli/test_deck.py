"""The map of the deck in a terminal."""

from __future__ import annotations

from rich.console import Console

from sila_ot2.cli.deck import map_of
from sila_ot2.client.deck_picture import DeckPicture
from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent

CONTENTS = [
    SlotContent(slot="1", labware_name="tips", details="95 of 96 tips free"),
    SlotContent(slot="11", labware_name="plate \x1b[31m", details=""),
]


def test_slots_stand_as_seen_from_the_front() -> None:
    console = Console(width=90)
    with console.capture() as capture:
        console.print(map_of({each.slot: each for each in CONTENTS}))
    lines = capture.get().splitlines()
    rows = [line for line in lines if any(character.isdigit() for character in line)]
    assert [cell.strip() for cell in rows[0].split("│")[1:4]] == ["10", "11  plate [31m", "12  trash"]
    assert rows[-2].split("│")[1].strip() == "1  tips"
    assert rows[-1].split("│")[1].strip() == "95 of 96 tips free"
    assert "\x1b" not in capture.get()


def test_the_client_shows_a_picture_in_a_notebook_and_lines_elsewhere() -> None:
    deck = DeckPicture(DrawDeckResponses(picture=b"<svg/>", deck_source="Session", contents=CONTENTS[:1]))
    assert deck._repr_svg_() == "<svg/>"
    assert repr(deck) == "1: tips (95 of 96 tips free)"
    assert (
        repr(DeckPicture(DrawDeckResponses(picture=b"<svg/>", deck_source="Nothing", contents=[])))
        == "Nothing is known to stand on the deck."
    )
