"""The feature OT2DeckService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import Answer, Call, Definition, nothing
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Direction = Literal["Input", "Output"]
Phase = Literal["Prepared", "Overdue", "Interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A slot that is prepared for an arm.

    Attributes:
        slot: The slot of the deck.
        direction: Input: labware is put on the deck. Output: labware is taken away.
        phase: Prepared: the arm may come. Overdue: the hand-over has not ended in time, and the robot still holds
            still. Interrupted: something has happened since that may have moved the robot, or the server was
            restarted.
        labware_type: The type of the labware, as the client named it. It may be empty.
        labware_unique_id: The name of this piece of labware in the laboratory. It may be empty.
        prepared_at: When the slot was prepared.
        explanation: What has interrupted the hand-over. It is empty if nothing has.
    """

    slot: str
    direction: Direction
    phase: Phase
    labware_type: str
    labware_unique_id: str
    prepared_at: datetime.datetime
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Labware that an arm has put on a slot.

    Attributes:
        slot: Where it stands.
        labware_type: Its type, as the client named it. It may be empty.
        labware_unique_id: Its name in the laboratory. It may be empty.
        delivered_at: When it was delivered.
    """

    slot: str
    labware_type: str
    labware_unique_id: str
    delivered_at: datetime.datetime


_FEATURE = Definition("io.github.silaot/instruments.liquidhandling/OT2DeckService/v1")
_HANDOVER = wire.Structure(
    Handover,
    slot=wire.STRING,
    direction=wire.STRING,
    phase=wire.STRING,
    labware_type=wire.STRING,
    labware_unique_id=wire.STRING,
    prepared_at=wire.TIMESTAMP,
    explanation=wire.STRING,
)
_DEFINED_HANDOVER = wire.Defined(_HANDOVER)
_DELIVERY = wire.Structure(
    Delivery, slot=wire.STRING, labware_type=wire.STRING, labware_unique_id=wire.STRING, delivered_at=wire.TIMESTAMP
)
_DEFINED_DELIVERY = wire.Defined(_DELIVERY)
ABORT_HANDOVER: Call[None] = _FEATURE.command("AbortHandover", Answer(Message(), nothing))
PENDING_HANDOVER: Call[list[Handover]] = _FEATURE.observable_property(
    "PendingHandover", wire.Repeated(_DEFINED_HANDOVER)
)
DELIVERED_LABWARE: Call[list[Delivery]] = _FEATURE.observable_property(
    "DeliveredLabware", wire.Repeated(_DEFINED_DELIVERY)
)


class OT2DeckService(Feature[Link]):
    """Shows what is handed over on the deck of the robot, and ends a hand-over that does not take place. The
    hand-overs themselves are commands of the standard feature LabwareTransferSiteController.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    def abort_handover(self) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull.
        """
        self._link.command(ABORT_HANDOVER, ())

    @property
    def pending_handover(self) -> ObservableProperty[list[Handover]]:
        """The hand-over of labware that is pending. While there is one, nothing moves the robot. Empty if there is
        none.
        """
        return ObservableProperty(self._link, PENDING_HANDOVER)

    @property
    def delivered_labware(self) -> ObservableProperty[list[Delivery]]:
        """The labware that arms have put on the deck and that nobody has taken away since. Each new session of single
        commands loads it.
        """
        return ObservableProperty(self._link, DELIVERED_LABWARE)
