"""The feature OT2LabwareOffsetService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class KeptLabwareOffset(NamedTuple):
    """A labware offset that is kept."""

    DefinitionUri: str
    """The definition of the labware."""
    Slot: str
    """The slot of the deck."""
    ModuleModel: str
    """The model of the module under the labware; empty if there is none."""
    X: float
    """The offset to the right."""
    Y: float
    """The offset to the back."""
    Z: float
    """The offset upward."""
    MeasuredAt: datetime.datetime
    """When it was set, or when this server first saw the run that it comes from."""
    Source: str
    """Run: a run of the robot had it. Client: a client set it, here or with a run. Robot: the robot's own store had
    it.
    """
    RobotSerialNumber: str
    """The robot that it was measured on; empty if that is not known."""
    ReasonNotApplied: str
    """Why it is not applied to any run of this robot; empty if it is applied wherever it fits."""


class ImportOffsetsFromRobotResponses(NamedTuple):
    """Responses of ImportOffsetsFromRobot."""

    KeptCount: int
    """How many offsets are kept from now on."""
    PassedOverCount: int
    """How many were passed over, because newer ones are kept, or because they are for labware on an adapter."""


class ExportOffsetsToRobotResponses(NamedTuple):
    """Responses of ExportOffsetsToRobot."""

    WrittenCount: int
    """How many offsets were written."""
    PassedOverCount: int
    """How many were not written, because the robot has the same one or a newer one, or because they were measured on
    another robot.
    """


class ImportOffsetsResponses(NamedTuple):
    """Responses of ImportOffsets."""

    KeptCount: int
    """How many offsets are kept from now on."""
    PassedOverCount: int
    """How many were passed over, because newer ones are kept, or because they are for labware on an adapter."""


class OT2LabwareOffsetServiceBase(ABC):
    """Keeps labware offsets, which correct where a piece of labware stands, by definition and location. This server
    remembers the offsets of every run of the robot, whoever created it, and those that clients set. A run gets them
    if it is created with Use Stored Offsets (feature Run Controller); its record says which were applied, and which
    were not and why. An offset that was measured on another robot or for another version of the labware is never
    applied. Offsets of labware on an adapter are not kept.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2LabwareOffsetService/v1"

    StoredOffsets: ObservableProperty[list[KeptLabwareOffset]]
    """The offsets that are kept, by labware and location."""

    @abstractmethod
    def SetOffset(
        self, DefinitionUri: str, Slot: str, ModuleModel: str, X: float, Y: float, Z: float, *, call: Any
    ) -> None:
        """Keeps an offset in place of what is kept for the same labware and location. It does not change runs that
        have been created.

        Errors: StorageFull
        """

    @abstractmethod
    def RemoveOffset(self, DefinitionUri: str, Slot: str, ModuleModel: str, *, call: Any) -> None:
        """Removes an offset. The runs that had it do not bring it back; a later run may.

        Errors: LabwareOffsetNotFound, StorageFull
        """

    @abstractmethod
    def ImportOffsetsFromRobot(self, *, call: Any) -> ImportOffsetsFromRobotResponses:
        """Takes over the newest offset for each labware and location from the store that robots have from release 8.4
        on. Newer ones that are kept here stay. Nothing is changed on the robot.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ExportOffsetsToRobot(self, *, call: Any) -> ExportOffsetsToRobotResponses:
        """Writes the offsets that apply on this robot to the store that robots have from release 8.4 on, and reads
        them back. Newer offsets of the robot stay, and nothing is removed there. The robot applies none of its
        store by itself: runs are not changed, and nothing moves. This server never writes to the store without this
        command.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, RobotChanged, OutcomeUnknown
        """

    @abstractmethod
    def ImportOffsets(self, Content: bytes, *, call: Any) -> ImportOffsetsResponses:
        """Takes over the offsets of a file that Export Offsets has made, here or at another server. Newer ones that
        are kept here stay. If anything in the file is wrong, nothing is kept.

        Errors: LabwareOffsetInvalid, StorageFull
        """

    @abstractmethod
    def ExportOffsets(self, *, call: Any) -> bytes:
        """Returns all offsets as a file. Import Offsets takes it, also at another server.

        Errors: StorageFull
        """
