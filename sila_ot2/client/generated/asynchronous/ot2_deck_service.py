"""The feature OT2DeckService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_deck_service import (
    ABORT_HANDOVER,
    DELIVERED_LABWARE,
    PENDING_HANDOVER,
    Delivery,
    Handover,
)


class AsyncOT2DeckService(Feature[AsyncLink]):
    """Shows what is handed over on the deck of the robot, and ends a hand-over that does not take place. The
    hand-overs themselves are commands of the standard feature LabwareTransferSiteController.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    async def abort_handover(self) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull.
        """
        await self._link.command(ABORT_HANDOVER, ())

    @property
    def pending_handover(self) -> AsyncObservableProperty[list[Handover]]:
        """The hand-over of labware that is pending. While there is one, nothing moves the robot. Empty if there is
        none.
        """
        return AsyncObservableProperty(self._link, PENDING_HANDOVER)

    @property
    def delivered_labware(self) -> AsyncObservableProperty[list[Delivery]]:
        """The labware that arms have put on the deck and that nobody has taken away since. Each new session of single
        commands loads it.
        """
        return AsyncObservableProperty(self._link, DELIVERED_LABWARE)
