"""The feature LabwareTransferSiteController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import Property
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPosition:
    """A place where labware is handed over.

    Attributes:
        position: A name of the deck, as in the property Available Handover Positions.
        sub_position: The slot.
    """

    position: str
    sub_position: int


_FEATURE = FeatureDefinition("org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1")
_DEFINED_POSITION_INDEX = wire.Defined(wire.INTEGER)
_HANDOVER_POSITION = wire.Structure(HandoverPosition, position=wire.STRING, sub_position=_DEFINED_POSITION_INDEX)
_DEFINED_HANDOVER_POSITION = wire.Defined(_HANDOVER_POSITION)
PREPARE_FOR_INPUT: ObservableCommand[None, None] = _FEATURE.observable_command(
    "PrepareForInput",
    ResponseMessage(Message(), nothing),
    None,
    HandoverPosition=_DEFINED_HANDOVER_POSITION,
    InternalPosition=_DEFINED_POSITION_INDEX,
    LabwareType=wire.STRING,
    LabwareUniqueID=wire.STRING,
)
PREPARE_FOR_OUTPUT: ObservableCommand[None, None] = _FEATURE.observable_command(
    "PrepareForOutput",
    ResponseMessage(Message(), nothing),
    None,
    HandoverPosition=_DEFINED_HANDOVER_POSITION,
    InternalPosition=_DEFINED_POSITION_INDEX,
)
LABWARE_DELIVERED: ObservableCommand[None, None] = _FEATURE.observable_command(
    "LabwareDelivered", ResponseMessage(Message(), nothing), None, HandoverPosition=_DEFINED_HANDOVER_POSITION
)
LABWARE_REMOVED: ObservableCommand[None, None] = _FEATURE.observable_command(
    "LabwareRemoved", ResponseMessage(Message(), nothing), None, HandoverPosition=_DEFINED_HANDOVER_POSITION
)
AVAILABLE_HANDOVER_POSITIONS: CallDefinition[list[HandoverPosition]] = _FEATURE.property(
    "AvailableHandoverPositions", wire.Repeated(_DEFINED_HANDOVER_POSITION)
)
NUMBER_OF_INTERNAL_POSITIONS: CallDefinition[int] = _FEATURE.property("NumberOfInternalPositions", wire.INTEGER)


class LabwareTransferSiteController(Feature[Link]):
    """Hands labware over between the slots of the deck and a robot arm. The arm executes the hand-over; the robot
    holds still for it. First a slot is prepared, then the arm puts or gets the labware, then the client reports
    that the labware was delivered or removed. From the end of the preparation until then nothing moves the robot,
    also after a restart of this server and also if the hand-over is overdue. Abort Handover of the feature OT2 Deck
    Service ends a hand-over that will not take place. This is an interlock of software: the Opentrons App and the
    button of the robot are not kept from moving it.
    """

    IDENTIFIER = "org.silastandard/instruments.labware.manipulation/LabwareTransferSiteController/v1"

    def prepare_for_input(
        self, handover_position: HandoverPosition, internal_position: int, labware_type: str, labware_unique_id: str
    ) -> Execution[None, None]:
        """Homes the gantry, both pipettes first, so that an arm can put labware on the slot, and keeps the robot
        still. For slots at the back of the deck the gantry is parked at the front; the settings of the server name
        these slots. It is refused if the slot is not empty, if a pipette holds a tip, and while a run or another
        command is active. If the slot is prepared already, the command ends at once.

        Args:
            handover_position: Where the arm hands over: the name of the deck and the number of the slot.
            internal_position: The slot of the deck, 1 to 11. At least 1.
            labware_type: The load name of the labware, or namespace/load name/version. If it is empty or the robot
                does not know it, the slot counts as occupied by labware of an unknown type.
            labware_unique_id: The name of this piece of labware in the laboratory. It may be empty.

        Errors: InvalidCommandSequence.
        """
        return Execution.start(
            self._link,
            PREPARE_FOR_INPUT,
            (
                handover_position,
                internal_position,
                labware_type,
                labware_unique_id,
            ),
        )

    def prepare_for_output(self, handover_position: HandoverPosition, internal_position: int) -> Execution[None, None]:
        """As Prepare For Input, for labware that the arm takes away. It is refused if no labware is known to stand on
        the slot.

        Args:
            handover_position: Where the arm hands over: the name of the deck and the number of the slot.
            internal_position: The slot of the deck, 1 to 11. At least 1.

        Errors: InvalidCommandSequence.
        """
        return Execution.start(
            self._link,
            PREPARE_FOR_OUTPUT,
            (
                handover_position,
                internal_position,
            ),
        )

    def labware_delivered(self, handover_position: HandoverPosition) -> Execution[None, None]:
        """Ends a hand-over that was prepared by Prepare For Input: the labware stands on the slot, and the arm is
        clear of the robot. The labware is loaded in the session of single commands that is open, and in each later
        one. Nothing moves. When the command has ended, other commands are accepted again.

        Args:
            handover_position: Where the arm hands over: the name of the deck and the number of the slot.

        Errors: InvalidCommandSequence.
        """
        return Execution.start(self._link, LABWARE_DELIVERED, (handover_position,))

    def labware_removed(self, handover_position: HandoverPosition) -> Execution[None, None]:
        """Ends a hand-over that was prepared by Prepare For Output: the labware is gone, and the arm is clear of the
        robot. Nothing moves. When the command has ended, other commands are accepted again.

        Args:
            handover_position: Where the arm hands over: the name of the deck and the number of the slot.

        Errors: InvalidCommandSequence.
        """
        return Execution.start(self._link, LABWARE_REMOVED, (handover_position,))

    @property
    def available_handover_positions(self) -> Property[list[HandoverPosition]]:
        """The slots of the deck, by each name that the settings of the server give the deck."""
        return Property(self._link, AVAILABLE_HANDOVER_POSITIONS)

    @property
    def number_of_internal_positions(self) -> Property[int]:
        """How many slots there are. Slot 12 holds the trash and is not one of them."""
        return Property(self._link, NUMBER_OF_INTERNAL_POSITIONS)
