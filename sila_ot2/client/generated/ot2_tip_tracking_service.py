"""The feature OT2TipTrackingService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

TipState = Literal["Free", "Reserved", "Used", "Empty", "Unknown"]


@dataclass(frozen=True, slots=True)
class FindNextTipResponses:
    """What FindNextTip returns.

    Attributes:
        slot: The slot of the rack.
        well: The place of the tip; of a column, the rearmost one.
    """

    slot: str
    well: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TipPlace:
    """A place in a tip rack.

    Attributes:
        slot: The slot of the rack.
        well: The place; of a column, the rearmost one.
    """

    slot: str
    well: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TipRack:
    """A declared tip rack.

    Attributes:
        slot: The slot, 1 to 11.
        definition_uri: Its definition: namespace, load name and version.
        free_tips: Places of unused tips.
        reserved_tips: Places of unused tips that are reserved.
        used_tips: Places of used tips.
        empty_places: Places without a tip.
        unknown_places: Places of which nobody knows whether there is a tip, or a used one.
        low: True if fewer unused tips are left than the setting deck.low_tips.
        declared_at: When the rack was declared.
    """

    slot: str
    definition_uri: str
    free_tips: list[str]
    reserved_tips: list[str]
    used_tips: list[str]
    empty_places: list[str]
    unknown_places: list[str]
    low: bool
    declared_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trash:
    """The tips in the trash.

    Attributes:
        count: How many tips were dropped into the trash since it was emptied.
        limit: The setting deck.trash_limit; 0 means none.
        limit_reached: True if there are more tips than the limit.
        emptied_at: When Reset Trash Count was called last. Empty if it never was.
    """

    count: int
    limit: int
    limit_reached: bool
    emptied_at: list[datetime.datetime]


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1")
_TIP_PLACE = wire.Structure(TipPlace, slot=wire.STRING, well=wire.STRING)
_DEFINED_TIP_PLACE = wire.Defined(_TIP_PLACE)
_TIP_RACK = wire.Structure(
    TipRack,
    slot=wire.STRING,
    definition_uri=wire.STRING,
    free_tips=wire.Repeated(wire.STRING),
    reserved_tips=wire.Repeated(wire.STRING),
    used_tips=wire.Repeated(wire.STRING),
    empty_places=wire.Repeated(wire.STRING),
    unknown_places=wire.Repeated(wire.STRING),
    low=wire.BOOLEAN,
    declared_at=wire.TIMESTAMP,
)
_DEFINED_TIP_RACK = wire.Defined(_TIP_RACK)
_TRASH = wire.Structure(
    Trash, count=wire.INTEGER, limit=wire.INTEGER, limit_reached=wire.BOOLEAN, emptied_at=wire.Repeated(wire.TIMESTAMP)
)
_DEFINED_TRASH = wire.Defined(_TRASH)
RESET_TIPS: CallDefinition[None] = _FEATURE.command(
    "ResetTips", ResponseMessage(Message(), nothing), Slot=wire.STRING, DefinitionUri=wire.STRING
)
MARK_TIPS: CallDefinition[None] = _FEATURE.command(
    "MarkTips",
    ResponseMessage(Message(), nothing),
    Slot=wire.STRING,
    Wells=wire.Repeated(wire.STRING),
    TipState=wire.STRING,
)
REMOVE_TIP_RACK: CallDefinition[None] = _FEATURE.command(
    "RemoveTipRack", ResponseMessage(Message(), nothing), Slot=wire.STRING
)
FIND_NEXT_TIP: CallDefinition[FindNextTipResponses] = _FEATURE.command(
    "FindNextTip",
    ResponseMessage(Message(wire.STRING, wire.STRING), FindNextTipResponses),
    DefinitionUri=wire.STRING,
    WholeColumn=wire.BOOLEAN,
)
RESERVE_TIPS: CallDefinition[list[TipPlace]] = _FEATURE.command(
    "ReserveTips",
    ResponseMessage(Message(wire.Repeated(_DEFINED_TIP_PLACE)), same),
    DefinitionUri=wire.STRING,
    WholeColumn=wire.BOOLEAN,
    Count=wire.INTEGER,
)
RESET_TRASH_COUNT: CallDefinition[None] = _FEATURE.command("ResetTrashCount", ResponseMessage(Message(), nothing))
TIP_RACKS: CallDefinition[list[TipRack]] = _FEATURE.observable_property("TipRacks", wire.Repeated(_DEFINED_TIP_RACK))
TRASHED_TIPS: CallDefinition[Trash] = _FEATURE.observable_property("TrashedTips", _DEFINED_TRASH)


class OT2TipTrackingService(Feature[Link]):
    """Keeps track of the tips on the deck. The robot forgets after each run which tips were used. This server does
    not: it follows declared tip racks through sessions, worklists, runs of any client and restarts. Where nobody
    can know, for example because the robot restarted during a run, a tip is Unknown. Only declared racks are
    followed; if none is declared, nothing is refused. Nothing here moves the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2TipTrackingService/v1"

    def reset_tips(self, slot: str, *, definition_uri: str | None = None) -> None:
        """Declares that a full rack of unused tips stands in a slot. What was known of a rack there is replaced. The
        command answers at once, and nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.
            definition_uri: The definition of the rack: namespace, load name and version, for example
                opentrons/opentrons_96_tiprack_300ul/1. None means the definition of the rack that was declared
                there.

        Errors: TipRackNotDeclared, StorageFull.
        """
        self._link.command(
            RESET_TIPS,
            (
                slot,
                "" if definition_uri is None else definition_uri,
            ),
        )

    def mark_tips(self, slot: str, *, wells: Sequence[str] = (), tip_state: TipState = "Free") -> None:
        """States what is at places of a declared rack, after somebody has looked. The command answers at once, and
        nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.
            wells: The places, A1 to H12. Empty means all of them.
            tip_state: What is there: Free is an unused tip, Reserved an unused tip that is not given out
                automatically, Used a used tip, Empty no tip, Unknown not known.

        Errors: TipRackNotDeclared, WellUnknown, StorageFull.
        """
        self._link.command(
            MARK_TIPS,
            (
                slot,
                wells,
                tip_state,
            ),
        )

    def remove_tip_rack(self, slot: str) -> None:
        """Ends the tracking of the rack in a slot: it was taken off the deck. It does nothing if no rack is declared
        there. The command answers at once, and nothing moves.

        Args:
            slot: The slot of the rack, 1 to 11.

        Errors: StorageFull.
        """
        self._link.command(REMOVE_TIP_RACK, (slot,))

    def find_next_tip(self, *, definition_uri: str | None = None, whole_column: bool = False) -> FindNextTipResponses:
        """Returns the next unused tip, or the next full column. It is neither reserved nor picked up. The command
        answers at once, and nothing moves.

        Args:
            definition_uri: Only racks of this definition: namespace, load name and version. The version is not
                compared. None means any rack.
            whole_column: True for a pipette of eight channels, which takes a whole column at a time.

        Returns:
            slot: The slot of the rack.
            well: The place of the tip; of a column, the rearmost one.

        Errors: NoTipAvailable.
        """
        return self._link.command(
            FIND_NEXT_TIP,
            (
                "" if definition_uri is None else definition_uri,
                whole_column,
            ),
        )

    def reserve_tips(
        self, *, definition_uri: str | None = None, whole_column: bool = False, count: int = 1
    ) -> list[TipPlace]:
        """Reserves unused tips. Commands that choose a tip automatically, and runs, do not get them until Mark Tips
        makes them Free; Pick Up Tip takes them if it names the place. If there are too few, none is reserved. The
        command answers at once, and nothing moves.

        Args:
            definition_uri: Only racks of this definition: namespace, load name and version. The version is not
                compared. None means any rack.
            whole_column: True for a pipette of eight channels, which takes a whole column at a time.
            count: How many times the pipette will pick up. At least 1, at most 96.

        Returns:
            tips: One place for each pick-up, in their order.

        Errors: NoTipAvailable, StorageFull.
        """
        return self._link.command(
            RESERVE_TIPS,
            (
                "" if definition_uri is None else definition_uri,
                whole_column,
                count,
            ),
        )

    def reset_trash_count(self) -> None:
        """States that the trash was emptied: the count of tips in it begins at zero. The command answers at once, and
        nothing moves.

        Errors: StorageFull.
        """
        self._link.command(RESET_TRASH_COUNT, ())

    @property
    def tip_racks(self) -> ObservableProperty[list[TipRack]]:
        """The declared tip racks and the state of each tip, by slot."""
        return ObservableProperty(self._link, TIP_RACKS)

    @property
    def trashed_tips(self) -> ObservableProperty[Trash]:
        """The tips in the trash, as far as commands tell."""
        return ObservableProperty(self._link, TRASHED_TIPS)
