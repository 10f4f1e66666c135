"""The feature OT2DeckPictureProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message

DeckSource = Literal["Session", "Run", "Known", "Nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotContent:
    """What stands in a slot.

    Attributes:
        slot: The slot of the deck.
        labware_name: Labware, adapters and the module, from the topmost down.
        details: What it holds, such as the number of free tips or of wells; empty if there is nothing to say.
    """

    slot: str
    labware_name: str
    details: str


@dataclass(frozen=True, slots=True)
class DrawDeckResponses:
    """What DrawDeck returns.

    Attributes:
        picture: The picture (SVG): slots, labware with wells, tips, modules and pipettes. Its title and description
            say the same in words. What stands in slot 5 is in the group (g) with the id slot-5; its first element
            is the rectangle of the slot.
        deck_source: Session: the deck of the open session. Run: what the current run, which has not ended, has
            loaded. Known: neither is there, and it is what is known from before: declared, handed over, or loaded
            by earlier sessions and runs. Nothing: nothing is known, so the deck is empty.
        contents: What stands on the deck, from slot 1 on; slots that are not listed are empty as far as this server
            knows.
    """

    picture: bytes
    deck_source: DeckSource
    contents: list[SlotContent]


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1")
_SLOT_CONTENT = wire.Structure(SlotContent, slot=wire.STRING, labware_name=wire.STRING, details=wire.STRING)
_DEFINED_SLOT_CONTENT = wire.Defined(_SLOT_CONTENT)
DRAW_DECK: CallDefinition[DrawDeckResponses] = _FEATURE.command(
    "DrawDeck",
    ResponseMessage(Message(wire.BINARY, wire.STRING, wire.Repeated(_DEFINED_SLOT_CONTENT)), DrawDeckResponses),
)


class OT2DeckPictureProvider(Feature[Link]):
    """Shows the deck as this server knows it: as a picture and in words. While a session of the feature Atomic Liquid
    Handling is open, it is the deck of the session. Otherwise it is what the current run has loaded so far. If
    there is no run either, or it has ended, it is what the feature OT2 Deck Service knows to stand there. Which
    tips are used is known of declared tip racks, of those that a session has loaded, and of tips that the run has
    taken.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1"

    def draw_deck(self) -> DrawDeckResponses:
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
        return self._link.command(DRAW_DECK, ())
