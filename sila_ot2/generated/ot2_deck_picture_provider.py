"""The feature OT2DeckPictureProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class SlotContent(NamedTuple):
    """What stands in a slot."""

    Slot: str
    """The slot of the deck."""
    LabwareName: str
    """Labware, adapters and the module, from the topmost down."""
    Details: str
    """What it holds, such as the number of free tips or of wells; empty if there is nothing to say."""


class DrawDeckResponses(NamedTuple):
    """Responses of DrawDeck."""

    Picture: bytes
    """The picture (SVG): slots, labware with wells, tips, modules and pipettes. Its title and description say the same
    in words. What stands in slot 5 is in the group (g) with the id slot-5; its first element is the rectangle of
    the slot.
    """
    DeckSource: str
    """Session: the deck of the open session. Run: what the current run, which has not ended, has loaded. Known:
    neither is there, and it is what is known from before: declared, handed over, or loaded by earlier sessions and
    runs. Nothing: nothing is known, so the deck is empty.
    """
    Contents: list[SlotContent]
    """What stands on the deck, from slot 1 on; slots that are not listed are empty as far as this server knows."""


class OT2DeckPictureProviderBase(ABC):
    """Shows the deck as this server knows it: as a picture and in words. While a session of the feature Atomic Liquid
    Handling is open, it is the deck of the session. Otherwise it is what the current run has loaded so far. If
    there is no run either, or it has ended, it is what the feature OT2 Deck Service knows to stand there. Which
    tips are used is known of declared tip racks, of those that a session has loaded, and of tips that the run has
    taken.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2DeckPictureProvider/v1"

    @abstractmethod
    def DrawDeck(self, *, call: Any) -> DrawDeckResponses:
        """Returns the deck as a picture and in words. Nothing moves.

        Errors: RunNotFound, RobotUnreachable, RobotRejected, RobotFaulty
        """
