"""The feature OT2LabwareOffsetService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.deck.offsets.offset_export import OffsetExport
from sila_ot2.driver.deck.offsets.offsets import OffsetEntry, Offsets
from sila_ot2.generated.ot2_labware_offset_service import (
    ExportOffsetsToRobotResponses,
    ImportOffsetsFromRobotResponses,
    ImportOffsetsResponses,
    KeptLabwareOffset,
    OT2LabwareOffsetServiceBase,
)
from sila_ot2.sila import Call, ObservableProperty
from sila_ot2.store.runs import KeptOffset


class OT2LabwareOffsetService(OT2LabwareOffsetServiceBase):
    """Stored labware offsets."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"ExportOffsets"})

    def __init__(self, offsets: Offsets, export: OffsetExport) -> None:
        self._offsets = offsets
        self._export = export
        self.StoredOffsets: ObservableProperty[list[KeptLabwareOffset]] = ObservableProperty([])
        offsets.entries.subscribe(lambda entries: self.StoredOffsets.set([_kept(entry) for entry in entries]))

    def SetOffset(
        self, DefinitionUri: str, Slot: str, ModuleModel: str, X: float, Y: float, Z: float, *, call: Call
    ) -> None:
        """Keep an offset."""
        self._offsets.set_offset(
            KeptOffset(definition_uri=DefinitionUri, slot=Slot, module_model=ModuleModel, x_mm=X, y_mm=Y, z_mm=Z)
        )

    def RemoveOffset(self, DefinitionUri: str, Slot: str, ModuleModel: str, *, call: Call) -> None:
        """Remove an offset."""
        self._offsets.remove_offset(DefinitionUri, Slot, ModuleModel)

    def ImportOffsetsFromRobot(self, *, call: Call) -> ImportOffsetsFromRobotResponses:
        """Take over what the robot's own store has."""
        return ImportOffsetsFromRobotResponses(*self._offsets.import_from_robot())

    def ExportOffsetsToRobot(self, *, call: Call) -> ExportOffsetsToRobotResponses:
        """Write to the robot's own store what it does not have."""
        return ExportOffsetsToRobotResponses(*self._export.write())

    def ImportOffsets(self, Content: bytes, *, call: Call) -> ImportOffsetsResponses:
        """Take over the offsets of a file."""
        return ImportOffsetsResponses(*self._offsets.import_file(Content))

    def ExportOffsets(self, *, call: Call) -> bytes:
        """Return all offsets as a file."""
        return self._offsets.export_file()


def _kept(entry: OffsetEntry) -> KeptLabwareOffset:
    stored = entry.stored
    return KeptLabwareOffset(
        DefinitionUri=stored.definition_uri,
        Slot=stored.slot,
        ModuleModel=stored.module_model,
        X=stored.x_mm,
        Y=stored.y_mm,
        Z=stored.z_mm,
        MeasuredAt=stored.measured_at,
        Source=stored.source,
        RobotSerialNumber=stored.robot_serial,
        ReasonNotApplied=entry.reason,
    )
