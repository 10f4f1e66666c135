"""The feature LabwareTransferSiteController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class HandoverPosition(NamedTuple):
    """A place where labware is handed over."""

    Position: str
    """A name of the deck, as in the property Available Handover Positions."""
    SubPosition: int
    """The slot."""


class LabwareTransferSiteControllerBase(ABC):
    """Hands labware over between the slots of the deck and a robot arm. The arm executes the hand-over; the robot
    holds still for it. First a slot is prepared, then the arm puts or gets the labware, then the client reports
    that the labware was delivered or removed. From the end of the preparation until then nothing moves the robot,
    also after a restart of this server and also if the hand-over is overdue. Abort Handover of the feature OT2 Deck
    Service ends a hand-over that will not take place. This is an interlock of software: the Opentrons App and the
    button of the robot are not kept from moving it.
    """

    FEATURE = "org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1"

    @abstractmethod
    def PrepareForInput(
        self,
        HandoverPosition: HandoverPosition,
        InternalPosition: int,
        LabwareType: str,
        LabwareUniqueID: str,
        *,
        execution: Any,
    ) -> None:
        """Homes the gantry, both pipettes first, so that an arm can put labware on the slot, and keeps the robot
        still. For slots at the back of the deck the gantry is parked at the front; the settings of the server name
        these slots. It is refused if the slot is not empty, if a pipette holds a tip, and while a run or another
        command is active. If the slot is prepared already, the command ends at once.

        Errors: InvalidCommandSequence
        """

    @abstractmethod
    def PrepareForOutput(self, HandoverPosition: HandoverPosition, InternalPosition: int, *, execution: Any) -> None:
        """As Prepare For Input, for labware that the arm takes away. It is refused if no labware is known to stand on
        the slot.

        Errors: InvalidCommandSequence
        """

    @abstractmethod
    def LabwareDelivered(self, HandoverPosition: HandoverPosition, *, execution: Any) -> None:
        """Ends a hand-over that was prepared by Prepare For Input: the labware stands on the slot, and the arm is
        clear of the robot. The labware is loaded in the session of single commands that is open, and in each later
        one. Nothing moves. When the command has ended, other commands are accepted again.

        Errors: InvalidCommandSequence
        """

    @abstractmethod
    def LabwareRemoved(self, HandoverPosition: HandoverPosition, *, execution: Any) -> None:
        """Ends a hand-over that was prepared by Prepare For Output: the labware is gone, and the arm is clear of the
        robot. Nothing moves. When the command has ended, other commands are accepted again.

        Errors: InvalidCommandSequence
        """

    @abstractmethod
    def AvailableHandoverPositions(self, *, call: Any) -> list[HandoverPosition]:
        """The slots of the deck, by each name that the settings of the server give the deck."""

    @abstractmethod
    def NumberOfInternalPositions(self, *, call: Any) -> int:
        """How many slots there are. Slot 12 holds the trash and is not one of them."""
