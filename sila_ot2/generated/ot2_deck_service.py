"""The feature OT2DeckService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class SlotState(NamedTuple):
    """What is known of a slot."""

    Slot: str
    """The slot, 1 to 11."""
    State: str
    """Unknown: nothing is known. Empty: nothing stands there. Occupied: labware or a module stands there. InUse: it
    does, and the open session or a run that was started and has not ended has loaded it; do not take it away.
    Mismatch: a session or run has loaded something else than was declared or handed over; look at the slot, then
    declare what is there.
    """
    Labware: list[str]
    """The definitions, from the bottom up: an adapter, if there is one, and what stands on it. Of labware that an arm
    has brought it is the type as the client named it.
    """
    ModuleModel: str
    """The model of the module. It is empty if none is known."""
    Label: str
    """The name of the labware in the laboratory. It may be empty."""
    Source: str
    """From where it is known: somebody has declared it, an arm has brought or taken the labware, or a session or a run
    has loaded or moved it. Nothing: nothing is known.
    """
    KnownSince: list[datetime.datetime]
    """Since when it is known. It is empty if nothing is known."""
    Compared: bool
    """Whether runs are compared with it before they start: it was declared or handed over."""
    Explanation: str
    """Of a mismatch: what was loaded instead. Otherwise it is empty."""


class WellLiquid(NamedTuple):
    """What one well holds."""

    Well: str
    """The well."""
    Volume: list[float]
    """The volume. It is empty if it is not known."""
    Liquids: list[str]
    """The names of all liquids that are in it. A liquid without a name is called after the well in which it was."""
    Compared: bool
    """Whether draws are compared with the volume: it was declared, or follows from what was declared."""


class LabwareLiquids(NamedTuple):
    """What the wells of one piece of labware hold."""

    Slot: str
    """The slot, 1 to 11."""
    DefinitionUri: str
    """The definition of the labware."""
    Wells: list[WellLiquid]
    """The wells of which something is known. Of a tip rack they are the places of tips that were put back, with the
    liquids that these tips have touched.
    """


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
    """Keeps what stands where on the deck, how this is known, and since when. The robot forgets its deck after each
    run. This server does not: it remembers what somebody has declared, what arms have brought and taken, and what
    sessions and runs have loaded and moved, across restarts of this server. Runs are compared with what was
    declared or handed over before they start. If nothing was declared, nothing is refused. What the wells hold is
    followed likewise. This feature also shows the hand-over of labware that is pending, and ends one that does not
    take place. The hand-overs themselves are commands of the standard feature Labware Transfer Site Controller.
    Nothing here moves the robot.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    Slots: ObservableProperty[list[SlotState]]
    """What is known to stand in each of the slots 1 to 11. It may differ from what really stands there: the robot does
    not see its deck.
    """

    Liquids: ObservableProperty[list[LabwareLiquids]]
    """What the wells on the deck hold, as far as it is known: as it was declared or loaded in a protocol, and as
    commands have changed it since. The robot has no sensor for liquid.
    """

    PendingHandover: ObservableProperty[list[Handover]]
    """The hand-over of labware that is pending. While there is one, nothing moves the robot. Empty if there is none."""

    DeliveredLabware: ObservableProperty[list[Delivery]]
    """The labware that arms have put on the deck and that nobody has taken away since. Each new session of single
    commands loads it.
    """

    @abstractmethod
    def DeclareLabware(
        self, Slot: str, DefinitionUri: str, AdapterUri: str, ModuleModel: str, Label: str, *, call: Any
    ) -> None:
        """States what stands in a slot. What was known of the slot is replaced. A run that needs something else there
        is refused before it starts, or starts with a warning, as configured. To have the tips of a rack followed,
        call Reset Tips as well. The command answers at once, and nothing moves.

        Errors: StorageFull
        """

    @abstractmethod
    def ClearSlot(self, Slot: str, *, call: Any) -> None:
        """States that nothing stands in a slot: no labware and no module. The command answers at once, and nothing
        moves.

        Errors: StorageFull
        """

    @abstractmethod
    def ForgetDeck(self, Slot: str, *, call: Any) -> None:
        """Forgets what is known of a slot or of the whole deck, so that runs are no longer compared with it. Tip racks
        that are declared and labware that arms have brought stay known. The command answers at once, and nothing
        moves.

        Errors: StorageFull
        """

    @abstractmethod
    def ImportDeck(self, Deck: bytes, *, call: Any) -> None:
        """States what stands on the whole deck, from a file. What was known of the deck is replaced, and slots that
        the file does not name are declared empty. A file that has any fault is refused as a whole. The command
        answers at once, and nothing moves.

        Errors: DeckFileInvalid, StorageFull
        """

    @abstractmethod
    def ExportDeck(self, *, call: Any) -> bytes:
        """Returns what is known to stand on the deck as a file for Import Deck. It leaves out slots that are empty or
        not known. It also leaves out labware that an arm has brought under a name that is not a definition. The
        command answers at once, and nothing moves.

        Errors: StorageFull
        """

    @abstractmethod
    def DeclareLiquid(self, Slot: str, Wells: list[str], Volumes: list[float], LiquidName: str, *, call: Any) -> None:
        """States what wells of the labware in a slot hold. It must be known which labware stands there. From then on
        each command of each session and run changes the volumes. A command or run that draws more than a well holds
        is refused, or it is carried out with a warning, as configured. Declaring the labware anew forgets what its
        wells hold. The command answers at once, and nothing moves.

        Errors: LabwareNotLoaded, WellUnknown, VolumeOutOfRange, TransferInvalid, StorageFull
        """

    @abstractmethod
    def ForgetLiquids(self, Slot: str, *, call: Any) -> None:
        """Forgets what the wells of the labware in a slot hold, or of all labware, so that no draw from them is
        refused any more. The command answers at once, and nothing moves.

        Errors: StorageFull
        """

    @abstractmethod
    def AbortHandover(self, *, call: Any) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull
        """
