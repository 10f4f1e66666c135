"""The feature OT2DeckService.

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

State = Literal["Unknown", "Empty", "Occupied", "InUse", "Mismatch"]
Source = Literal["Nothing", "Declared", "Handover", "Session", "Run"]
Direction = Literal["Input", "Output"]
Phase = Literal["Prepared", "Overdue", "Interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """What is known of a slot.

    Attributes:
        slot: The slot, 1 to 11.
        state: Unknown: nothing is known. Empty: nothing stands there. Occupied: labware or a module stands there.
            InUse: it does, and the open session or a run that was started and has not ended has loaded it; do not
            take it away. Mismatch: a session or run has loaded something else than was declared or handed over;
            look at the slot, then declare what is there.
        labware: The definitions, from the bottom up: an adapter, if there is one, and what stands on it. Of labware
            that an arm has brought it is the type as the client named it.
        module_model: The model of the module. It is empty if none is known.
        label: The name of the labware in the laboratory. It may be empty.
        source: From where it is known: somebody has declared it, an arm has brought or taken the labware, or a
            session or a run has loaded or moved it. Nothing: nothing is known.
        known_since: Since when it is known. It is empty if nothing is known.
        compared: Whether runs are compared with it before they start: it was declared or handed over.
        explanation: Of a mismatch: what was loaded instead. Otherwise it is empty.
    """

    slot: str
    state: State
    labware: list[str]
    module_model: str
    label: str
    source: Source
    known_since: list[datetime.datetime]
    compared: bool
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WellLiquid:
    """What one well holds.

    Attributes:
        well: The well.
        volume: The volume. It is empty if it is not known. Each in µL.
        liquids: The names of all liquids that are in it. A liquid without a name is called after the well in which
            it was.
        compared: Whether draws are compared with the volume: it was declared, or follows from what was declared.
    """

    well: str
    volume: list[float]
    liquids: list[str]
    compared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabwareLiquids:
    """What the wells of one piece of labware hold.

    Attributes:
        slot: The slot, 1 to 11.
        definition_uri: The definition of the labware.
        wells: The wells of which something is known. Of a tip rack they are the places of tips that were put back,
            with the liquids that these tips have touched.
    """

    slot: str
    definition_uri: str
    wells: list[WellLiquid]


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


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2DeckService/v1")
_SLOT_STATE = wire.Structure(
    SlotState,
    slot=wire.STRING,
    state=wire.STRING,
    labware=wire.Repeated(wire.STRING),
    module_model=wire.STRING,
    label=wire.STRING,
    source=wire.STRING,
    known_since=wire.Repeated(wire.TIMESTAMP),
    compared=wire.BOOLEAN,
    explanation=wire.STRING,
)
_DEFINED_SLOT_STATE = wire.Defined(_SLOT_STATE)
_WELL_LIQUID = wire.Structure(
    WellLiquid,
    well=wire.STRING,
    volume=wire.Repeated(wire.REAL),
    liquids=wire.Repeated(wire.STRING),
    compared=wire.BOOLEAN,
)
_DEFINED_WELL_LIQUID = wire.Defined(_WELL_LIQUID)
_LABWARE_LIQUIDS = wire.Structure(
    LabwareLiquids, slot=wire.STRING, definition_uri=wire.STRING, wells=wire.Repeated(_DEFINED_WELL_LIQUID)
)
_DEFINED_LABWARE_LIQUIDS = wire.Defined(_LABWARE_LIQUIDS)
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
DECLARE_LABWARE: CallDefinition[None] = _FEATURE.command(
    "DeclareLabware",
    ResponseMessage(Message(), nothing),
    Slot=wire.STRING,
    DefinitionUri=wire.STRING,
    AdapterUri=wire.STRING,
    ModuleModel=wire.STRING,
    Label=wire.STRING,
)
CLEAR_SLOT: CallDefinition[None] = _FEATURE.command("ClearSlot", ResponseMessage(Message(), nothing), Slot=wire.STRING)
FORGET_DECK: CallDefinition[None] = _FEATURE.command(
    "ForgetDeck", ResponseMessage(Message(), nothing), Slot=wire.STRING
)
IMPORT_DECK: CallDefinition[None] = _FEATURE.command(
    "ImportDeck", ResponseMessage(Message(), nothing), Deck=wire.BINARY
)
EXPORT_DECK: CallDefinition[bytes] = _FEATURE.command("ExportDeck", ResponseMessage(Message(wire.BINARY), same))
DECLARE_LIQUID: CallDefinition[None] = _FEATURE.command(
    "DeclareLiquid",
    ResponseMessage(Message(), nothing),
    Slot=wire.STRING,
    Wells=wire.Repeated(wire.STRING),
    Volumes=wire.Repeated(wire.REAL),
    LiquidName=wire.STRING,
)
FORGET_LIQUIDS: CallDefinition[None] = _FEATURE.command(
    "ForgetLiquids", ResponseMessage(Message(), nothing), Slot=wire.STRING
)
ABORT_HANDOVER: CallDefinition[None] = _FEATURE.command("AbortHandover", ResponseMessage(Message(), nothing))
SLOTS: CallDefinition[list[SlotState]] = _FEATURE.observable_property("Slots", wire.Repeated(_DEFINED_SLOT_STATE))
LIQUIDS: CallDefinition[list[LabwareLiquids]] = _FEATURE.observable_property(
    "Liquids", wire.Repeated(_DEFINED_LABWARE_LIQUIDS)
)
PENDING_HANDOVER: CallDefinition[list[Handover]] = _FEATURE.observable_property(
    "PendingHandover", wire.Repeated(_DEFINED_HANDOVER)
)
DELIVERED_LABWARE: CallDefinition[list[Delivery]] = _FEATURE.observable_property(
    "DeliveredLabware", wire.Repeated(_DEFINED_DELIVERY)
)


class OT2DeckService(Feature[Link]):
    """Keeps what stands where on the deck, how this is known, and since when. The robot forgets its deck after each
    run. This server does not: it remembers what somebody has declared, what arms have brought and taken, and what
    sessions and runs have loaded and moved, across restarts of this server. Runs are compared with what was
    declared or handed over before they start. If nothing was declared, nothing is refused. What the wells hold is
    followed likewise. This feature also shows the hand-over of labware that is pending, and ends one that does not
    take place. The hand-overs themselves are commands of the standard feature Labware Transfer Site Controller.
    Nothing here moves the robot.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2DeckService/v1"

    def declare_labware(
        self,
        slot: str,
        *,
        definition_uri: str | None = None,
        adapter_uri: str | None = None,
        module_model: str | None = None,
        label: str | None = None,
    ) -> None:
        """States what stands in a slot. What was known of the slot is replaced. A run that needs something else there
        is refused before it starts, or starts with a warning, as configured. To have the tips of a rack followed,
        call Reset Tips as well. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11.
            definition_uri: The definition of the labware: namespace, load name and version, for example
                opentrons/corning_96_wellplate_360ul_flat/2. None means no labware.
            adapter_uri: The definition of the adapter that the labware stands on, likewise. None means no adapter.
            module_model: The model of the module in the slot, for example temperatureModuleV2. None means no
                module.
            label: The name of the labware in the laboratory. None means no name.

        Errors: StorageFull.
        """
        self._link.command(
            DECLARE_LABWARE,
            (
                slot,
                "" if definition_uri is None else definition_uri,
                "" if adapter_uri is None else adapter_uri,
                "" if module_model is None else module_model,
                "" if label is None else label,
            ),
        )

    def clear_slot(self, slot: str) -> None:
        """States that nothing stands in a slot: no labware and no module. The command answers at once, and nothing
        moves.

        Args:
            slot: The slot, 1 to 11.

        Errors: StorageFull.
        """
        self._link.command(CLEAR_SLOT, (slot,))

    def forget_deck(self, *, slot: str | None = None) -> None:
        """Forgets what is known of a slot or of the whole deck, so that runs are no longer compared with it. Tip racks
        that are declared and labware that arms have brought stay known. The command answers at once, and nothing
        moves.

        Args:
            slot: The slot, 1 to 11. None means all slots.

        Errors: StorageFull.
        """
        self._link.command(FORGET_DECK, ("" if slot is None else slot,))

    def import_deck(self, deck: bytes) -> None:
        """States what stands on the whole deck, from a file. What was known of the deck is replaced, and slots that
        the file does not name are declared empty. A file that has any fault is refused as a whole. The command
        answers at once, and nothing moves.

        Args:
            deck: A file of Export Deck (JSON), or a table (CSV in UTF-8) with the columns slot, labware, adapter,
                module and label, whose names are in the first line; all but slot may be missing. At most 100
                kilobytes.

        Errors: DeckFileInvalid, StorageFull.
        """
        self._link.command(IMPORT_DECK, (deck,))

    def export_deck(self) -> bytes:
        """Returns what is known to stand on the deck as a file for Import Deck. It leaves out slots that are empty or
        not known. It also leaves out labware that an arm has brought under a name that is not a definition. The
        command answers at once, and nothing moves.

        Returns:
            deck: The file.

        Errors: StorageFull.
        """
        return self._link.command(EXPORT_DECK, ())

    def declare_liquid(
        self, slot: str, volumes: Sequence[float], *, wells: Sequence[str] = (), liquid_name: str | None = None
    ) -> None:
        """States what wells of the labware in a slot hold. It must be known which labware stands there. From then on
        each command of each session and run changes the volumes. A command or run that draws more than a well holds
        is refused, or it is carried out with a warning, as configured. Declaring the labware anew forgets what its
        wells hold. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11.
            wells: The wells. Empty means all wells of the labware.
            volumes: The volumes, one for each well, or a single one for all of them. The list must not be empty. A
                volume of 0 states that a well is empty. Each in µL, at least 0, at most 1000000.
            liquid_name: The name of the liquid. Wells whose liquids have the same name may be entered by the same
                tip. None means that each well holds another liquid.

        Errors: LabwareNotLoaded, WellUnknown, VolumeOutOfRange, TransferInvalid, StorageFull.
        """
        self._link.command(
            DECLARE_LIQUID,
            (
                slot,
                wells,
                volumes,
                "" if liquid_name is None else liquid_name,
            ),
        )

    def forget_liquids(self, *, slot: str | None = None) -> None:
        """Forgets what the wells of the labware in a slot hold, or of all labware, so that no draw from them is
        refused any more. The command answers at once, and nothing moves.

        Args:
            slot: The slot, 1 to 11. None means all slots.

        Errors: StorageFull.
        """
        self._link.command(FORGET_LIQUIDS, ("" if slot is None else slot,))

    def abort_handover(self) -> None:
        """Ends the hand-over of labware that is pending, so that other commands are accepted again. Call it only when
        the arm is clear of the robot. Nothing moves, and the deck counts as unchanged: if the arm has put or taken
        the labware, call Labware Delivered or Labware Removed instead. It does nothing if none is pending. The
        command answers at once. A slot that is still being prepared is given up by cancelling that command.

        Errors: StorageFull.
        """
        self._link.command(ABORT_HANDOVER, ())

    @property
    def slots(self) -> ObservableProperty[list[SlotState]]:
        """What is known to stand in each of the slots 1 to 11. It may differ from what really stands there: the robot
        does not see its deck.
        """
        return ObservableProperty(self._link, SLOTS)

    @property
    def liquids(self) -> ObservableProperty[list[LabwareLiquids]]:
        """What the wells on the deck hold, as far as it is known: as it was declared or loaded in a protocol, and as
        commands have changed it since. The robot has no sensor for liquid.
        """
        return ObservableProperty(self._link, LIQUIDS)

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
