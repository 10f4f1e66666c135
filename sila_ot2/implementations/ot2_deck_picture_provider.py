"""The feature OT2DeckPictureProvider."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.deck_picture.deck_picture import DeckPicture
from sila_ot2.driver.deck_picture.drawing import draw
from sila_ot2.generated.ot2_deck_picture_provider import DrawDeckResponses, OT2DeckPictureProviderBase, SlotContent
from sila_ot2.sila import Call


class OT2DeckPictureProvider(OT2DeckPictureProviderBase):
    """The deck as a picture."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"DrawDeck"})

    def __init__(self, picture: DeckPicture) -> None:
        self._picture = picture

    def DrawDeck(self, *, call: Call) -> DrawDeckResponses:
        """Return the deck as a picture and in words."""
        seen = self._picture.look_at_deck()
        return DrawDeckResponses(draw(seen.deck), seen.source, [SlotContent(*line) for line in seen.deck.lines()])
