"""The deck as a picture for notebooks, and in words for terminals."""

from __future__ import annotations

from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent


class DeckPicture:
    """The deck as the server knew it when this was made; a notebook shows it as a picture.

    Attributes:
        svg: the picture, an SVG document.
        source: Session, Run, Known or Nothing: from where the server knows it.
        contents: what stands in each slot that is not empty.
    """

    def __init__(self, drawn: DrawDeckResponses) -> None:
        self.svg: str = drawn.picture.decode()
        self.source: str = drawn.deck_source
        self.contents: list[SlotContent] = drawn.contents

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        lines = [
            f"{each.slot}: {each.labware_name}{f' ({each.details})' if each.details else ''}" for each in self.contents
        ]
        return "\n".join(lines or ["Nothing is known to stand on the deck."])
