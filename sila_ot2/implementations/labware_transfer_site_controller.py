"""The standard feature LabwareTransferSiteController."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.labware_transfer.labware_transfer import LabwareTransfer
from sila_ot2.errors import InvalidCommandSequence, OT2Fault
from sila_ot2.generated.labware_transfer_site_controller import HandoverPosition, LabwareTransferSiteControllerBase
from sila_ot2.sila import Call, Execution
from sila_ot2.store.handovers import Direction

_COMMANDS = frozenset({"PrepareForInput", "PrepareForOutput", "LabwareDelivered", "LabwareRemoved"})


class LabwareTransferSiteController(LabwareTransferSiteControllerBase):
    """Hands labware over between the deck and an arm."""

    NEEDS_TURN: ClassVar[frozenset[str]] = _COMMANDS
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()
    DURING_HANDOVER: ClassVar[frozenset[str]] = _COMMANDS

    def __init__(self, transfer: LabwareTransfer) -> None:
        self._transfer = transfer

    def PrepareForInput(
        self,
        HandoverPosition: HandoverPosition,
        InternalPosition: int,
        LabwareType: str,
        LabwareUniqueID: str,
        *,
        execution: Execution,
    ) -> None:
        """Make room for an arm that brings labware."""
        try:
            self._transfer.prepare(
                Direction.INPUT,
                HandoverPosition,
                InternalPosition,
                LabwareType,
                LabwareUniqueID,
                cancelled=execution.cancelled,
            )
        except OT2Fault as fault:
            raise _as_declared(fault) from fault

    def PrepareForOutput(
        self, HandoverPosition: HandoverPosition, InternalPosition: int, *, execution: Execution
    ) -> None:
        """Make room for an arm that takes labware away."""
        try:
            self._transfer.prepare(Direction.OUTPUT, HandoverPosition, InternalPosition, cancelled=execution.cancelled)
        except OT2Fault as fault:
            raise _as_declared(fault) from fault

    def LabwareDelivered(self, HandoverPosition: HandoverPosition, *, execution: Execution) -> None:
        """The labware is there."""
        try:
            self._transfer.complete(Direction.INPUT, HandoverPosition, cancelled=execution.cancelled)
        except OT2Fault as fault:
            raise _as_declared(fault) from fault

    def LabwareRemoved(self, HandoverPosition: HandoverPosition, *, execution: Execution) -> None:
        """The labware is gone."""
        try:
            self._transfer.complete(Direction.OUTPUT, HandoverPosition, cancelled=execution.cancelled)
        except OT2Fault as fault:
            raise _as_declared(fault) from fault

    def AvailableHandoverPositions(self, *, call: Call) -> list[HandoverPosition]:
        """Return the slots, by each name of the deck."""
        return [HandoverPosition(name, slot) for name, slot in self._transfer.positions]

    def NumberOfInternalPositions(self, *, call: Call) -> int:
        """Return how many slots there are."""
        return len(SLOTS)


def _as_declared(fault: OT2Fault) -> InvalidCommandSequence:
    """Return the only error that the standard declares, with the name of the fault that it stands for."""
    if isinstance(fault, InvalidCommandSequence):
        return fault
    return InvalidCommandSequence.of(fault, before=f"{fault.identifier}:")
