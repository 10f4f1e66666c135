"""The feature OT2TipTrackingService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class TipPlace(NamedTuple):
    """A place in a tip rack."""

    Slot: str
    """The slot of the rack."""
    Well: str
    """The place; of a column, the rearmost one."""


class TipRack(NamedTuple):
    """A declared tip rack."""

    Slot: str
    """The slot, 1 to 11."""
    DefinitionUri: str
    """Its definition: namespace, load name and version."""
    FreeTips: list[str]
    """Places of unused tips."""
    ReservedTips: list[str]
    """Places of unused tips that are reserved."""
    UsedTips: list[str]
    """Places of used tips."""
    EmptyPlaces: list[str]
    """Places without a tip."""
    UnknownPlaces: list[str]
    """Places of which nobody knows whether there is a tip, or a used one."""
    Low: bool
    """True if fewer unused tips are left than the setting deck.low_tips."""
    DeclaredAt: datetime.datetime
    """When the rack was declared."""


class Trash(NamedTuple):
    """The tips in the trash."""

    Count: int
    """How many tips were dropped into the trash since it was emptied."""
    Limit: int
    """The setting deck.trash_limit; 0 means none."""
    LimitReached: bool
    """True if there are more tips than the limit."""
    EmptiedAt: list[datetime.datetime]
    """When Reset Trash Count was called last. Empty if it never was."""


class FindNextTipResponses(NamedTuple):
    """Responses of FindNextTip."""

    Slot: str
    """The slot of the rack."""
    Well: str
    """The place of the tip; of a column, the rearmost one."""


class OT2TipTrackingServiceBase(ABC):
    """Keeps track of the tips on the deck. The robot forgets after each run which tips were used. This server does
    not: it follows declared tip racks through sessions, worklists, runs of any client and restarts. Where nobody
    can know, for example because the robot restarted during a run, a tip is Unknown. Only declared racks are
    followed; if none is declared, nothing is refused. Nothing here moves the robot.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1"

    TipRacks: ObservableProperty[list[TipRack]]
    """The declared tip racks and the state of each tip, by slot."""

    TrashedTips: ObservableProperty[Trash]
    """The tips in the trash, as far as commands tell."""

    @abstractmethod
    def ResetTips(self, Slot: str, DefinitionUri: str, *, call: Any) -> None:
        """Declares that a full rack of unused tips stands in a slot. What was known of a rack there is replaced. The
        command answers at once, and nothing moves.

        Errors: TipRackNotDeclared, StorageFull
        """

    @abstractmethod
    def MarkTips(self, Slot: str, Wells: list[str], TipState: str, *, call: Any) -> None:
        """States what is at places of a declared rack, after somebody has looked. The command answers at once, and
        nothing moves.

        Errors: TipRackNotDeclared, WellUnknown, StorageFull
        """

    @abstractmethod
    def RemoveTipRack(self, Slot: str, *, call: Any) -> None:
        """Ends the tracking of the rack in a slot: it was taken off the deck. It does nothing if no rack is declared
        there. The command answers at once, and nothing moves.

        Errors: StorageFull
        """

    @abstractmethod
    def FindNextTip(self, DefinitionUri: str, WholeColumn: bool, *, call: Any) -> FindNextTipResponses:
        """Returns the next unused tip, or the next full column. It is neither reserved nor picked up. The command
        answers at once, and nothing moves.

        Errors: NoTipAvailable
        """

    @abstractmethod
    def ReserveTips(self, DefinitionUri: str, WholeColumn: bool, Count: int, *, call: Any) -> list[TipPlace]:
        """Reserves unused tips. Commands that choose a tip automatically, and runs, do not get them until Mark Tips
        makes them Free; Pick Up Tip takes them if it names the place. If there are too few, none is reserved. The
        command answers at once, and nothing moves.

        Errors: NoTipAvailable, StorageFull
        """

    @abstractmethod
    def ResetTrashCount(self, *, call: Any) -> None:
        """States that the trash was emptied: the count of tips in it begins at zero. The command answers at once, and
        nothing moves.

        Errors: StorageFull
        """
