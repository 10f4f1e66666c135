"""The feature OT2LabwareOffsetService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Source = Literal["Run", "Client", "Robot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLabwareOffset:
    """A labware offset that is kept.

    Attributes:
        definition_uri: The definition of the labware.
        slot: The slot of the deck.
        module_model: The model of the module under the labware; empty if there is none.
        x: The offset to the right. In mm.
        y: The offset to the back. In mm.
        z: The offset upward. In mm.
        measured_at: When it was set, or when this server first saw the run that it comes from.
        source: Run: a run of the robot had it. Client: a client set it, here or with a run. Robot: the robot's own
            store had it.
        robot_serial_number: The robot that it was measured on; empty if that is not known.
        reason_not_applied: Why it is not applied to any run of this robot; empty if it is applied wherever it fits.
    """

    definition_uri: str
    slot: str
    module_model: str
    x: float
    y: float
    z: float
    measured_at: datetime.datetime
    source: Source
    robot_serial_number: str
    reason_not_applied: str


@dataclass(frozen=True, slots=True)
class ImportOffsetsFromRobotResponses:
    """What ImportOffsetsFromRobot returns.

    Attributes:
        kept_count: How many offsets are kept from now on.
        passed_over_count: How many were passed over, because newer ones are kept, or because they are for labware
            on an adapter.
    """

    kept_count: int
    passed_over_count: int


@dataclass(frozen=True, slots=True)
class ExportOffsetsToRobotResponses:
    """What ExportOffsetsToRobot returns.

    Attributes:
        written_count: How many offsets were written.
        passed_over_count: How many were not written, because the robot has the same one or a newer one, or because
            they were measured on another robot.
    """

    written_count: int
    passed_over_count: int


@dataclass(frozen=True, slots=True)
class ImportOffsetsResponses:
    """What ImportOffsets returns.

    Attributes:
        kept_count: How many offsets are kept from now on.
        passed_over_count: How many were passed over, because newer ones are kept, or because they are for labware
            on an adapter.
    """

    kept_count: int
    passed_over_count: int


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1")
_KEPT_LABWARE_OFFSET = wire.Structure(
    KeptLabwareOffset,
    definition_uri=wire.STRING,
    slot=wire.STRING,
    module_model=wire.STRING,
    x=wire.REAL,
    y=wire.REAL,
    z=wire.REAL,
    measured_at=wire.TIMESTAMP,
    source=wire.STRING,
    robot_serial_number=wire.STRING,
    reason_not_applied=wire.STRING,
)
_DEFINED_KEPT_LABWARE_OFFSET = wire.Defined(_KEPT_LABWARE_OFFSET)
STORED_OFFSETS: CallDefinition[list[KeptLabwareOffset]] = _FEATURE.observable_property(
    "StoredOffsets", wire.Repeated(_DEFINED_KEPT_LABWARE_OFFSET)
)
SET_OFFSET: CallDefinition[None] = _FEATURE.command(
    "SetOffset",
    ResponseMessage(Message(), nothing),
    DefinitionUri=wire.STRING,
    Slot=wire.STRING,
    ModuleModel=wire.STRING,
    X=wire.REAL,
    Y=wire.REAL,
    Z=wire.REAL,
)
REMOVE_OFFSET: CallDefinition[None] = _FEATURE.command(
    "RemoveOffset",
    ResponseMessage(Message(), nothing),
    DefinitionUri=wire.STRING,
    Slot=wire.STRING,
    ModuleModel=wire.STRING,
)
IMPORT_OFFSETS_FROM_ROBOT: CallDefinition[ImportOffsetsFromRobotResponses] = _FEATURE.command(
    "ImportOffsetsFromRobot", ResponseMessage(Message(wire.INTEGER, wire.INTEGER), ImportOffsetsFromRobotResponses)
)
EXPORT_OFFSETS_TO_ROBOT: CallDefinition[ExportOffsetsToRobotResponses] = _FEATURE.command(
    "ExportOffsetsToRobot", ResponseMessage(Message(wire.INTEGER, wire.INTEGER), ExportOffsetsToRobotResponses)
)
IMPORT_OFFSETS: CallDefinition[ImportOffsetsResponses] = _FEATURE.command(
    "ImportOffsets", ResponseMessage(Message(wire.INTEGER, wire.INTEGER), ImportOffsetsResponses), Content=wire.BINARY
)
EXPORT_OFFSETS: CallDefinition[bytes] = _FEATURE.command("ExportOffsets", ResponseMessage(Message(wire.BINARY), same))


class OT2LabwareOffsetService(Feature[Link]):
    """Keeps labware offsets, which correct where a piece of labware stands, by definition and location. This server
    remembers the offsets of every run of the robot, whoever created it, and those that clients set. A run gets them
    if it is created with Use Stored Offsets (feature Run Controller); its record says which were applied, and which
    were not and why. An offset that was measured on another robot or for another version of the labware is never
    applied. Offsets of labware on an adapter are not kept.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1"

    @property
    def stored_offsets(self) -> ObservableProperty[list[KeptLabwareOffset]]:
        """The offsets that are kept, by labware and location."""
        return ObservableProperty(self._link, STORED_OFFSETS)

    def set_offset(
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
        self._link.command(
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

    def remove_offset(self, definition_uri: str, slot: str, *, module_model: str | None = None) -> None:
        """Removes an offset. The runs that had it do not bring it back; a later run may.

        Args:
            definition_uri: The definition of the labware: namespace, load name and version, separated by slashes.
                An offset is for this version only.
            slot: The slot of the deck.
            module_model: The model of the module under the labware. None means none.

        Errors: LabwareOffsetNotFound, StorageFull.
        """
        self._link.command(
            REMOVE_OFFSET,
            (
                definition_uri,
                slot,
                "" if module_model is None else module_model,
            ),
        )

    def import_offsets_from_robot(self) -> ImportOffsetsFromRobotResponses:
        """Takes over the newest offset for each labware and location from the store that robots have from release 8.4
        on. Newer ones that are kept here stay. Nothing is changed on the robot.

        Returns:
            kept_count: How many offsets are kept from now on.
            passed_over_count: How many were passed over, because newer ones are kept, or because they are for
                labware on an adapter.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, StorageFull.
        """
        return self._link.command(IMPORT_OFFSETS_FROM_ROBOT, ())

    def export_offsets_to_robot(self) -> ExportOffsetsToRobotResponses:
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
        return self._link.command(EXPORT_OFFSETS_TO_ROBOT, ())

    def import_offsets(self, content: bytes) -> ImportOffsetsResponses:
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
        return self._link.command(IMPORT_OFFSETS, (content,))

    def export_offsets(self) -> bytes:
        """Returns all offsets as a file. Import Offsets takes it, also at another server.

        Returns:
            content: The file (JSON).

        Errors: StorageFull.
        """
        return self._link.command(EXPORT_OFFSETS, ())
