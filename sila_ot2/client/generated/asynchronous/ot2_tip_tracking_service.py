"""The feature OT2TipTrackingService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_tip_tracking_service import (
    FIND_NEXT_TIP,
    MARK_TIPS,
    REMOVE_TIP_RACK,
    RESERVE_TIPS,
    RESET_TIPS,
    RESET_TRASH_COUNT,
    TIP_RACKS,
    TRASHED_TIPS,
    FindNextTipResponses,
    TipPlace,
    TipRack,
    TipState,
    Trash,
)


class AsyncOT2TipTrackingService(Feature[AsyncLink]):
    """Keeps track of the tips on the deck. The robot forgets after each run which tips were used. This server does
    not: it follows declared tip racks through sessions, worklists, runs of any client and restarts. Where nobody
    can know, for example because the robot restarted during a run, a tip is Unknown. Only declared racks are
    followed; if none is declared, nothing is refused. Nothing here moves the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1"

    async def reset_tips(self, slot: str, *, definition_uri: str | None = None) -> None:
        """Declares that a full rack of unused tips stands in a slot. What was known of a rack there is replaced. The
        command answers at once, and nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.
            definition_uri: The definition of the rack: namespace, load name and version, for example
                opentrons/opentrons_96_tiprack_300ul/1. None means the definition of the rack that was declared
                there.

        Errors: TipRackNotDeclared, StorageFull.
        """
        await self._link.command(
            RESET_TIPS,
            (
                slot,
                "" if definition_uri is None else definition_uri,
            ),
        )

    async def mark_tips(self, slot: str, *, wells: Sequence[str] = (), tip_state: TipState = "Free") -> None:
        """States what is at places of a declared rack, after somebody has looked. The command answers at once, and
        nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.
            wells: The places, A1 to H12. Empty means all of them.
            tip_state: What is there: Free is an unused tip, Reserved an unused tip that is not given out
                automatically, Used a used tip, Empty no tip, Unknown not known.

        Errors: TipRackNotDeclared, WellUnknown, StorageFull.
        """
        await self._link.command(
            MARK_TIPS,
            (
                slot,
                wells,
                tip_state,
            ),
        )

    async def remove_tip_rack(self, slot: str) -> None:
        """Ends the tracking of the rack in a slot: it was taken off the deck. It does nothing if no rack is declared
        there. The command answers at once, and nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.

        Errors: StorageFull.
        """
        await self._link.command(REMOVE_TIP_RACK, (slot,))

    async def find_next_tip(
        self, *, definition_uri: str | None = None, whole_column: bool = False
    ) -> FindNextTipResponses:
        """Returns the next unused tip, or the next full column. It is neither reserved nor picked up. The command
        answers at once, and nothing moves.

        Args:
            definition_uri: Only racks of this definition: namespace, load name and version. The version is not
                compared. None means any rack.
            whole_column: True for a pipette of eight channels, which takes a whole column at a time.

        Returns:
            slot: The slot of the rack.
            well: The place of the tip; of a column, the rearmost one.

        Errors: NoTipAvailable.
        """
        return await self._link.command(
            FIND_NEXT_TIP,
            (
                "" if definition_uri is None else definition_uri,
                whole_column,
            ),
        )

    async def reserve_tips(
        self, *, definition_uri: str | None = None, whole_column: bool = False, count: int = 1
    ) -> list[TipPlace]:
        """Reserves unused tips. Commands that choose a tip automatically, and runs, do not get them until Mark Tips
        makes them Free; Pick Up Tip takes them if it names the place. If there are too few, none is reserved. The
        command answers at once, and nothing moves.

        Args:
            definition_uri: Only racks of this definition: namespace, load name and version. The version is not
                compared. None means any rack.
            whole_column: True for a pipette of eight channels, which takes a whole column at a time.
            count: How many times the pipette will pick up. At least 1, at most 96.

        Returns:
            tips: One place for each pick-up, in their order.

        Errors: NoTipAvailable, StorageFull.
        """
        return await self._link.command(
            RESERVE_TIPS,
            (
                "" if definition_uri is None else definition_uri,
                whole_column,
                count,
            ),
        )

    async def reset_trash_count(self) -> None:
        """States that the trash was emptied: the count of tips in it begins at zero. The command answers at once, and
        nothing moves.

        Errors: StorageFull.
        """
        await self._link.command(RESET_TRASH_COUNT, ())

    @property
    def tip_racks(self) -> AsyncObservableProperty[list[TipRack]]:
        """The declared tip racks and the state of each tip, by slot."""
        return AsyncObservableProperty(self._link, TIP_RACKS)

    @property
    def trashed_tips(self) -> AsyncObservableProperty[Trash]:
        """The tips in the trash, as far as commands tell."""
        return AsyncObservableProperty(self._link, TRASHED_TIPS)
