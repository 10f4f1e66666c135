"""The feature OT2LabwareOffsetService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_labware_offset_service import (
    EXPORT_OFFSETS,
    EXPORT_OFFSETS_TO_ROBOT,
    IMPORT_OFFSETS,
    IMPORT_OFFSETS_FROM_ROBOT,
    REMOVE_OFFSET,
    SET_OFFSET,
    STORED_OFFSETS,
    ExportOffsetsToRobotResponses,
    ImportOffsetsFromRobotResponses,
    ImportOffsetsResponses,
    KeptLabwareOffset,
)


class AsyncOT2LabwareOffsetService(Feature[AsyncLink]):
    """Keeps labware offsets, which correct where a piece of labware stands, by definition and location. This server
    remembers the offsets of every run of the robot, whoever created it, and those that clients set. A run gets them
    if it is created with Use Stored Offsets (feature Run Controller); its record says which were applied, and which
    were not and why. An offset that was measured on another robot or for another version of the labware is never
    applied. Offsets of labware on an adapter are not kept.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1"

    @property
    def stored_offsets(self) -> AsyncObservableProperty[list[KeptLabwareOffset]]:
        """The offsets that are kept, by labware and location."""
        return AsyncObservableProperty(self._link, STORED_OFFSETS)

    async def set_offset(
        self, definition_uri: str, slot: str, x: float, y: float, z: float, *, module_model: str | None = None
    ) -> None:
        """Keeps an offset in place of what is kept for the same labware and location. It does not change runs that
        have been created.

        Args:
            definition_uri: The definition of the labware: namespace, load name and version, separated by slashes.
                An offset is for this version only.
            slot: The slot of the deck.
            module_model: The model of the module under the labware. None means none.
            x: The offset to the right. In mm, at least -100, at most 100.
            y: The offset to the back. In mm, at least -100, at most 100.
            z: The offset upward. In mm, at least -100, at most 100.

        Errors: StorageFull.
        """
        await self._link.command(
            SET_OFFSET,
            (
                definition_uri,
                slot,
                "" if module_model is None else module_model,
                x,
                y,
                z,
            ),
        )

    async def remove_offset(self, definition_uri: str, slot: str, *, module_model: str | None = None) -> None:
        """Removes an offset. The runs that had it do not bring it back; a later run may.

        Args:
            definition_uri: The definition of the labware: namespace, load name and version, separated by slashes.
                An offset is for this version only.
            slot: The slot of the deck.
            module_model: The model of the module under the labware. None means none.

        Errors: LabwareOffsetNotFound, StorageFull.
        """
        await self._link.command(
            REMOVE_OFFSET,
            (
                definition_uri,
                slot,
                "" if module_model is None else module_model,
            ),
        )

    async def import_offsets_from_robot(self) -> ImportOffsetsFromRobotResponses:
        """Takes over the newest offset for each labware and location from the store that robots have from release 8.4
        on. Newer ones that are kept here stay. Nothing is changed on the robot.

        Returns:
            kept_count: How many offsets are kept from now on.
            passed_over_count: How many were passed over, because newer ones are kept, or because they are for
                labware on an adapter.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, StorageFull.
        """
        return await self._link.command(IMPORT_OFFSETS_FROM_ROBOT, ())

    async def export_offsets_to_robot(self) -> ExportOffsetsToRobotResponses:
        """Writes the offsets that apply on this robot to the store that robots have from release 8.4 on, and reads
        them back. Newer offsets of the robot stay, and nothing is removed there. The robot applies none of its
        store by itself: runs are not changed, and nothing moves. This server never writes to the store without this
        command.

        Returns:
            written_count: How many offsets were written.
            passed_over_count: How many were not written, because the robot has the same one or a newer one, or
                because they were measured on another robot.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, RobotChanged, OutcomeUnknown.
        """
        return await self._link.command(EXPORT_OFFSETS_TO_ROBOT, ())

    async def import_offsets(self, content: bytes) -> ImportOffsetsResponses:
        """Takes over the offsets of a file that Export Offsets has made, here or at another server. Newer ones that
        are kept here stay. If anything in the file is wrong, nothing is kept.

        Args:
            content: The file (JSON).

        Returns:
            kept_count: How many offsets are kept from now on.
            passed_over_count: How many were passed over, because newer ones are kept, or because they are for
                labware on an adapter.

        Errors: LabwareOffsetInvalid, StorageFull.
        """
        return await self._link.command(IMPORT_OFFSETS, (content,))

    async def export_offsets(self) -> bytes:
        """Returns all offsets as a file. Import Offsets takes it, also at another server.

        Returns:
            content: The file (JSON).

        Errors: StorageFull.
        """
        return await self._link.command(EXPORT_OFFSETS, ())
