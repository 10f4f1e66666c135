"""The feature OT2DeckPictureProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_deck_picture_provider import DRAW_DECK, DrawDeckResponses


class AsyncOT2DeckPictureProvider(Feature[AsyncLink]):
    """Shows the deck as this server knows it: as a picture and in words. While a session of the feature Atomic Liquid
    Handling is open, it is the deck of the session. Otherwise it is what the current run has loaded so far. If
    there is no run either, or it has ended, it is what the feature OT2 Deck Service knows to stand there. Which
    tips are used is known of declared tip racks, of those that a session has loaded, and of tips that the run has
    taken.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1"

    async def draw_deck(self) -> DrawDeckResponses:
        """Returns the deck as a picture and in words. Nothing moves.

        Returns:
            picture: The picture (SVG): slots, labware with wells, tips, modules and pipettes. Its title and
                description say the same in words. What stands in slot 5 is in the group (g) with the id slot-5; its
                first element is the rectangle of the slot.
            deck_source: Session: the deck of the open session. Run: what the current run, which has not ended, has
                loaded. Known: neither is there, and it is what is known from before: declared, handed over, or
                loaded by earlier sessions and runs. Nothing: nothing is known, so the deck is empty.
            contents: What stands on the deck, from slot 1 on; slots that are not listed are empty as far as this
                server knows.

        Errors: RunNotFound, RobotUnreachable, RobotRejected, RobotFaulty.
        """
        return await self._link.command(DRAW_DECK, ())
