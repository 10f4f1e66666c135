"""The feature OT2DeckService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class Handover(NamedTuple):
    """A slot that is prepared for an arm."""

    Slot: str
    """The slot of the deck."""
    Direction: str
    """Input: labware is put on the deck. Output: labware is taken away."""
    Phase: str
    """Prepared: the arm may come. Overdue: the hand-over has not ended in time, and the robot still holds still.
    Interrupted: something has happened since that may have moved the robot, or the server was restarted.
    """
    LabwareType: str
    """The type of the labware, as the client named it. It may be empty."""
    LabwareUniqueID: str
    """The name of this piece of labware in the laboratory. It may be empty."""
    PreparedAt: datetime.datetime
    """When the slot was prepared."""
    Explanation: str
    """What has interrupted the hand-over. It is empty if nothing has."""


class Delivery(NamedTuple):
    """Labware that an arm has put on a slot."""

    Slot: str
    """Where it stands."""
    LabwareType: str
    """Its type, as the client named it. It may be empty."""
    LabwareUniqueID: str
    """Its name in the laboratory. It may be empty."""
    DeliveredAt: datetime.datetime
    """When it was delivered."""


class OT2DeckServiceBase(ABC):
    """Shows what is handed over on the deck of the robot, and ends a hand-over that does not take place. The
    hand-overs themselves are commands of the standard feature LabwareTransferSiteController.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    PendingHandover: ObservableProperty[list[Handover]]
    """The hand-over of labware that is pending. While there is one, nothing moves the robot. Empty if there is none."""

    DeliveredLabware: ObservableProperty[list[Delivery]]
    """The labware that arms have put on the deck and that nobody has taken away since. Each new session of single
    commands loads it.
    """

    @abstractmethod
    def AbortHandover(self, *, call: Any) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull
        """
