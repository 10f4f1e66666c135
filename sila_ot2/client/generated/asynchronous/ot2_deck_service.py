"""The feature OT2DeckService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_deck_service import (
    ABORT_HANDOVER,
    CLEAR_SLOT,
    DECLARE_LABWARE,
    DECLARE_LIQUID,
    DELIVERED_LABWARE,
    EXPORT_DECK,
    FORGET_DECK,
    FORGET_LIQUIDS,
    IMPORT_DECK,
    LIQUIDS,
    PENDING_HANDOVER,
    SLOTS,
    Delivery,
    Handover,
    LabwareLiquids,
    SlotState,
)


class AsyncOT2DeckService(Feature[AsyncLink]):
    """Keeps what stands where on the deck, how this is known, and since when. The robot forgets its deck after each
    run. This server does not: it remembers what somebody has declared, what arms have brought and taken, and what
    sessions and runs have loaded and moved, across restarts of this server. Runs are compared with what was
    declared or handed over before they start. If nothing was declared, nothing is refused. What the wells hold is
    followed likewise. This feature also shows the hand-over of labware that is pending, and ends one that does not
    take place. The hand-overs themselves are commands of the standard feature Labware Transfer Site Controller.
    Nothing here moves the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    async def declare_labware(
        self,
        slot: str,
        *,
        definition_uri: str | None = None,
        adapter_uri: str | None = None,
        module_model: str | None = None,
        label: str | None = None,
    ) -> None:
        """States what stands in a slot. What was known of the slot is replaced. A run that needs something else there
        is refused before it starts, or starts with a warning, as configured. To have the tips of a rack followed,
        call Reset Tips as well. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11.
            definition_uri: The definition of the labware: namespace, load name and version, for example
                opentrons/corning_96_wellplate_360ul_flat/2. None means no labware.
            adapter_uri: The definition of the adapter that the labware stands on, likewise. None means no adapter.
            module_model: The model of the module in the slot, for example temperatureModuleV2. None means no
                module.
            label: The name of the labware in the laboratory. None means no name.

        Errors: StorageFull.
        """
        await self._link.command(
            DECLARE_LABWARE,
            (
                slot,
                "" if definition_uri is None else definition_uri,
                "" if adapter_uri is None else adapter_uri,
                "" if module_model is None else module_model,
                "" if label is None else label,
            ),
        )

    async def clear_slot(self, slot: str) -> None:
        """States that nothing stands in a slot: no labware and no module. The command answers at once, and nothing
        moves.

        Args:
            slot: The slot, 1 to 11.

        Errors: StorageFull.
        """
        await self._link.command(CLEAR_SLOT, (slot,))

    async def forget_deck(self, *, slot: str | None = None) -> None:
        """Forgets what is known of a slot or of the whole deck, so that runs are no longer compared with it. Tip racks
        that are declared and labware that arms have brought stay known. The command answers at once, and nothing
        moves.

        Args:
            slot: The slot, 1 to 11. None means all slots.

        Errors: StorageFull.
        """
        await self._link.command(FORGET_DECK, ("" if slot is None else slot,))

    async def import_deck(self, deck: bytes) -> None:
        """States what stands on the whole deck, from a file. What was known of the deck is replaced, and slots that
        the file does not name are declared empty. A file that has any fault is refused as a whole. The command
        answers at once, and nothing moves.

        Args:
            deck: A file of Export Deck (JSON), or a table (CSV in UTF-8) with the columns slot, labware, adapter,
                module and label, whose names are in the first line; all but slot may be missing. At most 100
                kilobytes.

        Errors: DeckFileInvalid, StorageFull.
        """
        await self._link.command(IMPORT_DECK, (deck,))

    async def export_deck(self) -> bytes:
        """Returns what is known to stand on the deck as a file for Import Deck. It leaves out slots that are empty or
        not known. It also leaves out labware that an arm has brought under a name that is not a definition. The
        command answers at once, and nothing moves.

        Returns:
            deck: The file.

        Errors: StorageFull.
        """
        return await self._link.command(EXPORT_DECK, ())

    async def declare_liquid(
        self, slot: str, volumes: Sequence[float], *, wells: Sequence[str] = (), liquid_name: str | None = None
    ) -> None:
        """States what wells of the labware in a slot hold. It must be known which labware stands there. From then on
        each command of each session and run changes the volumes. A command or run that draws more than a well holds
        is refused, or it is carried out with a warning, as configured. Declaring the labware anew forgets what its
        wells hold. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11.
            wells: The wells. Empty means all wells of the labware.
            volumes: The volumes, one for each well, or a single one for all of them. The list must not be empty. A
                volume of 0 states that a well is empty. Each in µL, at least 0, at most 1000000.
            liquid_name: The name of the liquid. Wells whose liquids have the same name may be entered by the same
                tip. None means that each well holds another liquid.

        Errors: LabwareNotLoaded, WellUnknown, VolumeOutOfRange, TransferInvalid, StorageFull.
        """
        await self._link.command(
            DECLARE_LIQUID,
            (
                slot,
                wells,
                volumes,
                "" if liquid_name is None else liquid_name,
            ),
        )

    async def forget_liquids(self, *, slot: str | None = None) -> None:
        """Forgets what the wells of the labware in a slot hold, or of all labware, so that no draw from them is
        refused any more. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11. None means all slots.

        Errors: StorageFull.
        """
        await self._link.command(FORGET_LIQUIDS, ("" if slot is None else slot,))

    async def abort_handover(self) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull.
        """
        await self._link.command(ABORT_HANDOVER, ())

    @property
    def slots(self) -> AsyncObservableProperty[list[SlotState]]:
        """What is known to stand in each of the slots 1 to 11. It may differ from what really stands there: the robot
        does not see its deck.
        """
        return AsyncObservableProperty(self._link, SLOTS)

    @property
    def liquids(self) -> AsyncObservableProperty[list[LabwareLiquids]]:
        """What the wells on the deck hold, as far as it is known: as it was declared or loaded in a protocol, and as
        commands have changed it since. The robot has no sensor for liquid.
        """
        return AsyncObservableProperty(self._link, LIQUIDS)

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
