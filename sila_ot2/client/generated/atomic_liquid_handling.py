"""The feature AtomicLiquidHandling.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing, same
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Part = Literal["Plate", "Heater", "Shaker", "Block", "Lid", "Magnets"]
Mount = Literal["left", "right"]
Axes = Literal["X", "Y", "LeftZ", "RightZ", "LeftPlunger", "RightPlunger"]
Origin = Literal["Top", "Bottom", "Center"]
ModuleModel = Literal[
    "temperatureModuleV1",
    "temperatureModuleV2",
    "magneticModuleV1",
    "magneticModuleV2",
    "thermocyclerModuleV1",
    "thermocyclerModuleV2",
    "heaterShakerModuleV1",
]
StartingFrom = Literal["Back", "Front"]
TipPolicy = Literal["Once", "Always", "Never"]
BlowOut = Literal["Nowhere", "Source", "Target", "Trash"]
Format = Literal["Json", "Csv"]
Mode = Literal["Stepwise", "QueuedRun"]
Axis = Literal["X", "Y", "Z"]
TipState = Literal["NoTip", "Tip"]
State = Literal["Opening", "Ready", "Busy", "Lost"]
Outcome = Literal["AtWork", "Succeeded", "Failed", "Cancelled", "Unknown"]
PipetteStateTipState = Literal["NoTip", "Tip", "Unknown"]
Evidence = Literal["Tracked", "Assumed", "Unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePart:
    """A part of a module that heats, cools, shakes, or is raised, or that is still hot.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it, for example temperatureModuleV2.
        part: Which part of the module it is.
        activity: What it does, in words, for example: set to 70 °C, at 62.1 °C.
    """

    serial_number: str
    model: str
    part: Part
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRecord:
    """When the robot carried out a command, and the identifier of the robot's command.

    Attributes:
        command_identifier: The identifier of the robot's command. It is empty if no request was sent to the robot.
        started_at: When the command began, by the clock of the robot.
        completed_at: When the command ended, by the clock of the robot.
        simulated: True if the command was carried out by the simulated robot of the feature Simulation Controller:
            nothing moved.
    """

    command_identifier: str
    started_at: datetime.datetime
    completed_at: datetime.datetime
    simulated: bool


@dataclass(frozen=True, slots=True)
class LoadLabwareResponses:
    """What LoadLabware returns.

    Attributes:
        labware_identifier: The identifier of the labware in this session.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    labware_identifier: str
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class LoadPipetteResponses:
    """What LoadPipette returns.

    Attributes:
        pipette_identifier: The identifier of the pipette in this session.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    pipette_identifier: str
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class PickUpTipResponses:
    """What PickUpTip returns.

    Attributes:
        tip_rack_identifier: The tip rack that the tip came from.
        well: The position in the rack that the tip came from.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    tip_rack_identifier: str
    well: str
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class LoadModuleResponses:
    """What LoadModule returns.

    Attributes:
        module_identifier: The identifier of the module in this session.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    module_identifier: str
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class TransferResponses:
    """What Transfer returns.

    Attributes:
        completed_steps: How many movements of the robot were carried out.
        tips_used: How many tips were picked up.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    completed_steps: int
    tips_used: int
    record: CommandRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """The progress of a command that has several movements.

    Attributes:
        completed_steps: How many movements have been carried out.
        total_steps: The number of all movements.
        current_well: The well of the current movement, with its labware. It may be empty.
    """

    completed_steps: int
    total_steps: int
    current_well: str


@dataclass(frozen=True, slots=True)
class DistributeResponses:
    """What Distribute returns.

    Attributes:
        completed_steps: How many movements of the robot were carried out.
        tips_used: How many tips were picked up.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    completed_steps: int
    tips_used: int
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class ConsolidateResponses:
    """What Consolidate returns.

    Attributes:
        completed_steps: How many movements of the robot were carried out.
        tips_used: How many tips were picked up.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    completed_steps: int
    tips_used: int
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class ExecuteWorklistResponses:
    """What ExecuteWorklist returns.

    Attributes:
        completed_steps: How many movements of the robot were carried out.
        tips_used: How many tips were picked up.
        run_identifier: The run in which the steps were executed.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    completed_steps: int
    tips_used: int
    run_identifier: str
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class SavePositionResponses:
    """What SavePosition returns.

    Attributes:
        x: The distance to the right of the front left corner of slot 1. In mm.
        y: The distance behind that corner, toward the back of the robot. In mm.
        z: The height above the deck. In mm.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    x: float
    y: float
    z: float
    record: CommandRecord


@dataclass(frozen=True, slots=True)
class ExecuteRawCommandResponses:
    """What ExecuteRawCommand returns.

    Attributes:
        result: The result, as the robot returned it.
        record: When the robot carried out the command, and the identifier of the robot's command.
    """

    result: bytes
    record: CommandRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTipState:
    """What a person has seen on the pipette of a mount.

    Attributes:
        mount: The mount.
        tip_state: Whether a tip is there.
    """

    mount: Mount
    tip_state: TipState


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """A session of single commands.

    Attributes:
        state: Opening: it is being opened. Ready: it accepts commands. Busy: a command is running. Lost: another
            client or a restart of the robot ended it; a lost session is shown until it is closed or a new one is
            opened.
        run_identifier: The run of the session. It is empty while the session is being opened.
        opened_at: When opening the session began, by the clock of this server.
        displaced_by: The run that replaced a lost session. It is empty if the session is not lost or if the run is
            not known.
    """

    state: State
    run_identifier: str
    opened_at: datetime.datetime
    displaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutcome:
    """The outcome of a command.

    Attributes:
        command_name: The identifier of the command of this feature, for example Aspirate.
        command_identifier: The identifier of the robot's command. It is empty until the robot has assigned one.
        outcome: How it ended, or AtWork while it is running.
        started_at: When the command began, by the clock of this server.
        completed_at: When the command ended, by the clock of this server. The list is empty while the command is
            running.
        error_identifier: The identifier of the error it ended with, for example TipNotAttached. It is empty if
            there was none.
        detail: The text of the error. It is empty if there was none.
        simulated: True if the command was sent to the simulated robot of the feature Simulation Controller: nothing
            moved.
    """

    command_name: str
    command_identifier: str
    outcome: Outcome
    started_at: datetime.datetime
    completed_at: list[datetime.datetime]
    error_identifier: str
    detail: str
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PipetteState:
    """What is known about a pipette.

    Attributes:
        mount: The mount.
        pipette_identifier: The identifier of the pipette in this session.
        pipette_name: The robot's name for the pipette, for example p300_single_gen2.
        channels: How many channels it has.
        active_nozzles: How many of them take tips.
        minimum_volume: The smallest volume that the pipette is made for. In µL.
        maximum_volume: The largest volume that the pipette takes with the attached tip. Without a tip, the largest
            volume of the pipette itself. In µL.
        tip_state: Whether a tip is attached.
        tip_rack_identifier: The rack that the tip came from. It is empty if there is no tip or if that is not
            known.
        tip_well: The position in the rack that the tip came from. It is empty if there is no tip or if that is not
            known.
        contained_volume: The volume in the tip, including air. In µL.
        evidence: Tracked: it follows from commands that the robot carried out. Assumed: no tip was picked up in
            this session, or a person has stated it. Unknown: a command failed, its outcome was lost, or the robot
            has forgotten a tip.
    """

    mount: Mount
    pipette_identifier: str
    pipette_name: str
    channels: int
    active_nozzles: int
    minimum_volume: float
    maximum_volume: float
    tip_state: PipetteStateTipState
    tip_rack_identifier: str
    tip_well: str
    contained_volume: float
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LabwareState:
    """A piece of labware that is loaded in the session.

    Attributes:
        labware_identifier: The identifier of the labware in this session.
        definition_uri: The labware definition, written as namespace/load name/version.
        display_name: The name for users. It may be empty.
        location: The slot, the identifier of the module or labware that it is on, or offDeck.
    """

    labware_identifier: str
    definition_uri: str
    display_name: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleState:
    """A module that is loaded in the session.

    Attributes:
        module_identifier: The identifier of the module in this session.
        module_model: The robot's name for the model.
        serial_number: The serial number of the module.
        slot: The slot.
    """

    module_identifier: str
    module_model: str
    serial_number: str
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPosition:
    """The position of the tip of a pipette, or of its nozzle if there is no tip.

    Attributes:
        mount: The mount.
        x: The distance to the right of the front left corner of slot 1. In mm.
        y: The distance behind that corner, toward the back of the robot. In mm.
        z: The height above the deck. In mm.
        reported_at: When the robot reported it, by the clock of the robot.
    """

    mount: Mount
    x: float
    y: float
    z: float
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1")
_ACTIVE_PART = wire.Structure(
    ActivePart, serial_number=wire.STRING, model=wire.STRING, part=wire.STRING, activity=wire.STRING
)
_DEFINED_ACTIVE_PART = wire.Defined(_ACTIVE_PART)
_COMMAND_RECORD = wire.Structure(
    CommandRecord,
    command_identifier=wire.STRING,
    started_at=wire.TIMESTAMP,
    completed_at=wire.TIMESTAMP,
    simulated=wire.BOOLEAN,
)
_DEFINED_COMMAND_RECORD = wire.Defined(_COMMAND_RECORD)
_STEP_PROGRESS = wire.Structure(
    StepProgress, completed_steps=wire.INTEGER, total_steps=wire.INTEGER, current_well=wire.STRING
)
_DEFINED_STEP_PROGRESS = wire.Defined(_STEP_PROGRESS)
_STATED_TIP_STATE = wire.Structure(StatedTipState, mount=wire.STRING, tip_state=wire.STRING)
_DEFINED_STATED_TIP_STATE = wire.Defined(_STATED_TIP_STATE)
_SESSION_SUMMARY = wire.Structure(
    SessionSummary, state=wire.STRING, run_identifier=wire.STRING, opened_at=wire.TIMESTAMP, displaced_by=wire.STRING
)
_DEFINED_SESSION_SUMMARY = wire.Defined(_SESSION_SUMMARY)
_COMMAND_OUTCOME = wire.Structure(
    CommandOutcome,
    command_name=wire.STRING,
    command_identifier=wire.STRING,
    outcome=wire.STRING,
    started_at=wire.TIMESTAMP,
    completed_at=wire.Repeated(wire.TIMESTAMP),
    error_identifier=wire.STRING,
    detail=wire.STRING,
    simulated=wire.BOOLEAN,
)
_DEFINED_COMMAND_OUTCOME = wire.Defined(_COMMAND_OUTCOME)
_PIPETTE_STATE = wire.Structure(
    PipetteState,
    mount=wire.STRING,
    pipette_identifier=wire.STRING,
    pipette_name=wire.STRING,
    channels=wire.INTEGER,
    active_nozzles=wire.INTEGER,
    minimum_volume=wire.REAL,
    maximum_volume=wire.REAL,
    tip_state=wire.STRING,
    tip_rack_identifier=wire.STRING,
    tip_well=wire.STRING,
    contained_volume=wire.REAL,
    evidence=wire.STRING,
)
_DEFINED_PIPETTE_STATE = wire.Defined(_PIPETTE_STATE)
_LABWARE_STATE = wire.Structure(
    LabwareState,
    labware_identifier=wire.STRING,
    definition_uri=wire.STRING,
    display_name=wire.STRING,
    location=wire.STRING,
)
_DEFINED_LABWARE_STATE = wire.Defined(_LABWARE_STATE)
_MODULE_STATE = wire.Structure(
    ModuleState, module_identifier=wire.STRING, module_model=wire.STRING, serial_number=wire.STRING, slot=wire.STRING
)
_DEFINED_MODULE_STATE = wire.Defined(_MODULE_STATE)
_REPORTED_POSITION = wire.Structure(
    ReportedPosition, mount=wire.STRING, x=wire.REAL, y=wire.REAL, z=wire.REAL, reported_at=wire.TIMESTAMP
)
_DEFINED_REPORTED_POSITION = wire.Defined(_REPORTED_POSITION)
OPEN_SESSION: ObservableCommand[str, None] = _FEATURE.observable_command(
    "OpenSession", ResponseMessage(Message(wire.STRING), same), None
)
CLOSE_SESSION: ObservableCommand[list[ActivePart], None] = _FEATURE.observable_command(
    "CloseSession", ResponseMessage(Message(wire.Repeated(_DEFINED_ACTIVE_PART)), same), None
)
LOAD_LABWARE: ObservableCommand[LoadLabwareResponses, None] = _FEATURE.observable_command(
    "LoadLabware",
    ResponseMessage(Message(wire.STRING, _DEFINED_COMMAND_RECORD), LoadLabwareResponses),
    None,
    LoadName=wire.STRING,
    Namespace=wire.STRING,
    Version=wire.INTEGER,
    Location=wire.STRING,
    DisplayName=wire.STRING,
)
DEFINE_LABWARE: ObservableCommand[str, None] = _FEATURE.observable_command(
    "DefineLabware", ResponseMessage(Message(wire.STRING), same), None, Definition=wire.BINARY
)
LOAD_PIPETTE: ObservableCommand[LoadPipetteResponses, None] = _FEATURE.observable_command(
    "LoadPipette",
    ResponseMessage(Message(wire.STRING, _DEFINED_COMMAND_RECORD), LoadPipetteResponses),
    None,
    Mount=wire.STRING,
)
HOME: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "Home", ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same), None, Axes=wire.Repeated(wire.STRING)
)
PICK_UP_TIP: ObservableCommand[PickUpTipResponses, None] = _FEATURE.observable_command(
    "PickUpTip",
    ResponseMessage(Message(wire.STRING, wire.STRING, _DEFINED_COMMAND_RECORD), PickUpTipResponses),
    None,
    Mount=wire.STRING,
    TipRackIdentifier=wire.STRING,
    Well=wire.STRING,
)
DROP_TIP: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "DropTip",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Destination=wire.STRING,
    Well=wire.STRING,
    Alternate=wire.BOOLEAN,
)
ASPIRATE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "Aspirate",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Volume=wire.REAL,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    FlowRate=wire.REAL,
)
DISPENSE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "Dispense",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Volume=wire.REAL,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    FlowRate=wire.REAL,
    PushOut=wire.REAL,
)
LOAD_MODULE: ObservableCommand[LoadModuleResponses, None] = _FEATURE.observable_command(
    "LoadModule",
    ResponseMessage(Message(wire.STRING, _DEFINED_COMMAND_RECORD), LoadModuleResponses),
    None,
    ModuleModel=wire.STRING,
    Slot=wire.STRING,
)
MOVE_LABWARE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "MoveLabware",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    LabwareIdentifier=wire.STRING,
    NewLocation=wire.STRING,
)
REMOVE_LABWARE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "RemoveLabware", ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same), None, LabwareIdentifier=wire.STRING
)
RETURN_TIP: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "ReturnTip", ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same), None, Mount=wire.STRING
)
DISCARD_TIP_UNTRACKED: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "DiscardTipUntracked", ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same), None, Mount=wire.STRING
)
ASPIRATE_IN_PLACE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "AspirateInPlace",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Volume=wire.REAL,
    FlowRate=wire.REAL,
)
DISPENSE_IN_PLACE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "DispenseInPlace",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Volume=wire.REAL,
    FlowRate=wire.REAL,
    PushOut=wire.REAL,
)
BLOW_OUT_IN_PLACE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "BlowOutInPlace",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    FlowRate=wire.REAL,
)
AIR_GAP: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "AirGap",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Volume=wire.REAL,
    FlowRate=wire.REAL,
)
MIX: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "Mix",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Volume=wire.REAL,
    Repetitions=wire.INTEGER,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    AspirateFlowRate=wire.REAL,
    DispenseFlowRate=wire.REAL,
    LiquidClass=wire.STRING,
)
BLOW_OUT: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "BlowOut",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    FlowRate=wire.REAL,
)
TOUCH_TIP: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "TouchTip",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    Radius=wire.REAL,
    Speed=wire.REAL,
)
PREPARE_TO_ASPIRATE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "PrepareToAspirate", ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same), None, Mount=wire.STRING
)
CONFIGURE_FOR_VOLUME: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "ConfigureForVolume",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Volume=wire.REAL,
)
CONFIGURE_NOZZLE_LAYOUT: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "ConfigureNozzleLayout",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    ActiveNozzles=wire.INTEGER,
    StartingFrom=wire.STRING,
)
TRANSFER: ObservableCommand[TransferResponses, StepProgress] = _FEATURE.observable_command(
    "Transfer",
    ResponseMessage(Message(wire.INTEGER, wire.INTEGER, _DEFINED_COMMAND_RECORD), TransferResponses),
    ResponseMessage(Message(_DEFINED_STEP_PROGRESS), same),
    Mount=wire.STRING,
    SourceLabwareIdentifier=wire.STRING,
    SourceWells=wire.Repeated(wire.STRING),
    TargetLabwareIdentifier=wire.STRING,
    TargetWells=wire.Repeated(wire.STRING),
    Volumes=wire.Repeated(wire.REAL),
    TipPolicy=wire.STRING,
    MixBefore=wire.INTEGER,
    MixAfter=wire.INTEGER,
    AirGap=wire.REAL,
    BlowOut=wire.STRING,
    TouchTip=wire.BOOLEAN,
    FlowRate=wire.REAL,
    SourceHeight=wire.REAL,
    TargetHeight=wire.REAL,
    LiquidClass=wire.STRING,
)
DISTRIBUTE: ObservableCommand[DistributeResponses, StepProgress] = _FEATURE.observable_command(
    "Distribute",
    ResponseMessage(Message(wire.INTEGER, wire.INTEGER, _DEFINED_COMMAND_RECORD), DistributeResponses),
    ResponseMessage(Message(_DEFINED_STEP_PROGRESS), same),
    Mount=wire.STRING,
    SourceLabwareIdentifier=wire.STRING,
    SourceWell=wire.STRING,
    TargetLabwareIdentifier=wire.STRING,
    TargetWells=wire.Repeated(wire.STRING),
    Volumes=wire.Repeated(wire.REAL),
    TipPolicy=wire.STRING,
    MixBefore=wire.INTEGER,
    MixAfter=wire.INTEGER,
    AirGap=wire.REAL,
    BlowOut=wire.STRING,
    TouchTip=wire.BOOLEAN,
    FlowRate=wire.REAL,
    SourceHeight=wire.REAL,
    TargetHeight=wire.REAL,
    DisposalVolume=wire.REAL,
    LiquidClass=wire.STRING,
)
CONSOLIDATE: ObservableCommand[ConsolidateResponses, StepProgress] = _FEATURE.observable_command(
    "Consolidate",
    ResponseMessage(Message(wire.INTEGER, wire.INTEGER, _DEFINED_COMMAND_RECORD), ConsolidateResponses),
    ResponseMessage(Message(_DEFINED_STEP_PROGRESS), same),
    Mount=wire.STRING,
    SourceLabwareIdentifier=wire.STRING,
    SourceWells=wire.Repeated(wire.STRING),
    TargetLabwareIdentifier=wire.STRING,
    TargetWell=wire.STRING,
    Volumes=wire.Repeated(wire.REAL),
    TipPolicy=wire.STRING,
    MixBefore=wire.INTEGER,
    MixAfter=wire.INTEGER,
    AirGap=wire.REAL,
    BlowOut=wire.STRING,
    TouchTip=wire.BOOLEAN,
    FlowRate=wire.REAL,
    SourceHeight=wire.REAL,
    TargetHeight=wire.REAL,
    LiquidClass=wire.STRING,
)
EXECUTE_WORKLIST: ObservableCommand[ExecuteWorklistResponses, StepProgress] = _FEATURE.observable_command(
    "ExecuteWorklist",
    ResponseMessage(
        Message(wire.INTEGER, wire.INTEGER, wire.STRING, _DEFINED_COMMAND_RECORD), ExecuteWorklistResponses
    ),
    ResponseMessage(Message(_DEFINED_STEP_PROGRESS), same),
    Worklist=wire.BINARY,
    Format=wire.STRING,
    Mode=wire.STRING,
    RequestKey=wire.STRING,
)
MOVE_TO_WELL: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "MoveToWell",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    LabwareIdentifier=wire.STRING,
    Well=wire.STRING,
    Origin=wire.STRING,
    OffsetX=wire.REAL,
    OffsetY=wire.REAL,
    OffsetZ=wire.REAL,
    Speed=wire.REAL,
    MinimumClearance=wire.REAL,
)
MOVE_TO_COORDINATES: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "MoveToCoordinates",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    X=wire.REAL,
    Y=wire.REAL,
    Z=wire.REAL,
    Speed=wire.REAL,
    MinimumClearance=wire.REAL,
)
MOVE_RELATIVE: ObservableCommand[CommandRecord, None] = _FEATURE.observable_command(
    "MoveRelative",
    ResponseMessage(Message(_DEFINED_COMMAND_RECORD), same),
    None,
    Mount=wire.STRING,
    Axis=wire.STRING,
    Distance=wire.REAL,
)
SAVE_POSITION: ObservableCommand[SavePositionResponses, None] = _FEATURE.observable_command(
    "SavePosition",
    ResponseMessage(Message(wire.REAL, wire.REAL, wire.REAL, _DEFINED_COMMAND_RECORD), SavePositionResponses),
    None,
    Mount=wire.STRING,
)
SET_FLOW_RATES: ObservableCommand[None, None] = _FEATURE.observable_command(
    "SetFlowRates",
    ResponseMessage(Message(), nothing),
    None,
    Mount=wire.STRING,
    AspirateFlowRate=wire.REAL,
    DispenseFlowRate=wire.REAL,
    BlowOutFlowRate=wire.REAL,
)
SET_MOVEMENT_SPEED: ObservableCommand[None, None] = _FEATURE.observable_command(
    "SetMovementSpeed", ResponseMessage(Message(), nothing), None, Speed=wire.REAL
)
DELAY: ObservableCommand[None, None] = _FEATURE.observable_command(
    "Delay", ResponseMessage(Message(), nothing), None, Duration=wire.REAL
)
EXECUTE_RAW_COMMAND: ObservableCommand[ExecuteRawCommandResponses, None] = _FEATURE.observable_command(
    "ExecuteRawCommand",
    ResponseMessage(Message(wire.BINARY, _DEFINED_COMMAND_RECORD), ExecuteRawCommandResponses),
    None,
    Command=wire.BINARY,
)
RECONCILE_STATE: ObservableCommand[None, None] = _FEATURE.observable_command(
    "ReconcileState",
    ResponseMessage(Message(), nothing),
    None,
    TipStates=wire.Repeated(_DEFINED_STATED_TIP_STATE),
    Confirm=wire.BOOLEAN,
)
SESSION: CallDefinition[list[SessionSummary]] = _FEATURE.observable_property(
    "Session", wire.Repeated(_DEFINED_SESSION_SUMMARY)
)
LAST_COMMAND: CallDefinition[list[CommandOutcome]] = _FEATURE.observable_property(
    "LastCommand", wire.Repeated(_DEFINED_COMMAND_OUTCOME)
)
PIPETTE_STATES: CallDefinition[list[PipetteState]] = _FEATURE.observable_property(
    "PipetteStates", wire.Repeated(_DEFINED_PIPETTE_STATE)
)
LOADED_LABWARE: CallDefinition[list[LabwareState]] = _FEATURE.observable_property(
    "LoadedLabware", wire.Repeated(_DEFINED_LABWARE_STATE)
)
LOADED_MODULES: CallDefinition[list[ModuleState]] = _FEATURE.observable_property(
    "LoadedModules", wire.Repeated(_DEFINED_MODULE_STATE)
)
POSITION: CallDefinition[list[ReportedPosition]] = _FEATURE.observable_property(
    "Position", wire.Repeated(_DEFINED_REPORTED_POSITION)
)


class AtomicLiquidHandling(Feature[Link]):
    """Moves the robot step by step, one command at a time, without a protocol. The commands share a session, which is
    a separate run on the robot. Open Session opens it, or else the first command that needs it. Each command ends
    when its movement has ended. A single movement cannot be interrupted: after Cancel nothing further is sent, and
    the command ends as cancelled when the current movement has ended, usually within seconds. While another command
    of this server moves the robot, a command is refused as not accepted and the message names the other command;
    there is no queue. Everything that can be checked is checked before the robot moves; if a check fails, nothing
    moves.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1"

    def open_session(self) -> Execution[str, None]:
        """Opens a session: creates a run on the robot, loads the attached pipettes, and homes. If the current run has
        ended, the session replaces it. If a session is already open, the command returns it and does nothing else.
        After a session was lost or the robot restarted, labware has to be loaded again. The command takes from a
        few seconds to about a minute. If the command is cancelled before it is sent, nothing moves; if it is
        cancelled later, it ends as cancelled after its movement. A session whose opening was cancelled is not open.

        The result of the execution:
            run_identifier: The run of the session.

        Errors: SafetyStopActive, RobotBusy, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, OPEN_SESSION, ())

    def close_session(self) -> Execution[list[ActivePart], None]:
        """Closes the session, so that runs can start. Nothing moves, and labware stays where it is. While a pipette
        holds a tip, or may hold one, the command is refused: the robot forgets the tip when the session ends, and
        its next run would move too low. If no session is open or the session was lost, the command does nothing,
        and switches no module off. The command takes about a second. If it is cancelled before it is sent, the
        session stays open. Modules go on with what they do, unless the setting modules.switch_off_after says
        otherwise; Active Parts says what that is.

        The result of the execution:
            active_parts: What is still hot, heated, cooled, shaking or raised in the attached modules, as the robot
                reports it when the session is closed; if it does not answer then, as it reported it last.

        Errors: TipAlreadyAttached, NotReconciled, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, CLOSE_SESSION, ())

    def load_labware(
        self,
        load_name: str,
        location: str,
        *,
        namespace: str | None = None,
        version: int | None = None,
        display_name: str | None = None,
    ) -> Execution[LoadLabwareResponses, None]:
        """Tells the robot that a piece of labware is at a location. Nothing moves, unless a session has to be opened
        first, which homes the robot. The command takes about a second. If it is cancelled before it is sent,
        nothing is loaded.

        Args:
            load_name: The load name of the labware definition, for example corning_96_wellplate_360ul_flat.
            namespace: The namespace of the definition. None means that of a definition sent with Define Labware
                under this load name, or else opentrons; where robots have no labware of this name, that of the
                definition in the library (feature OT2 Labware Definition Service).
            version: The version of the definition. At least 0, at most 10000. None means that of a definition sent
                with Define Labware under this load name, or else 1.
            location: The slot, or the identifier of the loaded module or labware that it is on.
            display_name: A name for users. None means none.

        The result of the execution:
            labware_identifier: The identifier of the labware in this session.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LabwareDefinitionNotFound, LabwareDefinitionInvalid, SlotNotAvailable, LocationUnknown,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            LOAD_LABWARE,
            (
                load_name,
                "" if namespace is None else namespace,
                0 if version is None else version,
                location,
                "" if display_name is None else display_name,
            ),
        )

    def define_labware(self, definition: bytes) -> Execution[str, None]:
        """Gives the session a custom labware definition, so that Load Labware can load it. Nothing moves, unless a
        session has to be opened first. The command takes about a second. Sending the same definition again is
        allowed. If it is cancelled before it is sent, nothing is defined.

        Args:
            definition: An Opentrons labware definition (JSON), at most 2 megabytes.

        The result of the execution:
            definition_uri: The labware definition, written as namespace/load name/version.

        Errors: LabwareDefinitionInvalid, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        DoorOpen, CommandFailed, MotionFailed, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, DEFINE_LABWARE, (definition,))

    def load_pipette(self, mount: Mount) -> Execution[LoadPipetteResponses, None]:
        """Tells the robot to use the pipette that is attached to a mount. Other commands do this automatically; use
        this command to check it in advance. Loading a pipette that is already loaded returns the same identifier.
        Nothing moves, unless a session has to be opened first, which homes the robot. The command takes about a
        second. If it is cancelled before it is sent, nothing is loaded.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            pipette_identifier: The identifier of the pipette in this session.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, LOAD_PIPETTE, (mount,))

    def home(self, *, axes: Sequence[Axes] = ()) -> Execution[CommandRecord, None]:
        """Moves the axes to their reference positions. After a failed movement it brings the robot back to a known
        position. It takes up to about half a minute. If the command is cancelled before it is sent, nothing moves;
        if it is cancelled later, it ends as cancelled after its movement.

        Args:
            axes: The axes to home. Empty means all of them.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, HOME, (axes,))

    def pick_up_tip(
        self, mount: Mount, *, tip_rack_identifier: str | None = None, well: str | None = None
    ) -> Execution[PickUpTipResponses, None]:
        """Picks up a tip, or a column of tips with an 8-channel pipette, from a tip rack. It takes a few seconds. The
        robot has no sensor for tips: success means that the movement was carried out. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            tip_rack_identifier: The tip rack, as Load Labware returned it. None means the first one loaded that has
                an unused tip that fits.
            well: The position in the rack. None means the next one that has not been used in this session or, in a
                rack that is declared with the feature OT2 Tip Tracking Service, the next unused tip. A place that
                is Empty there is refused.

        The result of the execution:
            tip_rack_identifier: The tip rack that the tip came from.
            well: The position in the rack that the tip came from.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipAlreadyAttached, NoTipAvailable, LabwareNotLoaded, WellUnknown, SafetyStopActive,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged, PositionOutOfBounds, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            PICK_UP_TIP,
            (
                mount,
                "" if tip_rack_identifier is None else tip_rack_identifier,
                "" if well is None else well,
            ),
        )

    def drop_tip(
        self, mount: Mount, *, destination: str | None = None, well: str | None = None, alternate: bool = False
    ) -> Execution[CommandRecord, None]:
        """Drops the attached tip, with any liquid in it, into the trash or into labware. It takes a few seconds. If
        the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled
        after its movement.

        Args:
            mount: The mount of the pipette.
            destination: The labware to drop the tip into, as Load Labware returned it. None means the fixed trash.
            well: The well of the destination. It must be empty for the fixed trash. None means the first one.
            alternate: True drops tips at alternating positions of the fixed trash, so that they do not pile up. It
                has no effect elsewhere or on robots before release 7.1.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged,
        PositionOutOfBounds, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            DROP_TIP,
            (
                mount,
                "" if destination is None else destination,
                "" if well is None else well,
                alternate,
            ),
        )

    def aspirate(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        flow_rate: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Moves to a well and draws liquid into the tip. If the tip is empty, the robot first prepares the plunger
        above the well. It takes a few seconds, plus the volume divided by the flow rate. If the command is
        cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its
        movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            volume: The volume. In µL, more than 0, at most 1000.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            ASPIRATE,
            (
                mount,
                labware_identifier,
                well,
                volume,
                origin,
                offset_x,
                offset_y,
                offset_z,
                0.0 if flow_rate is None else flow_rate,
            ),
        )

    def dispense(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        flow_rate: float | None = None,
        push_out: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Moves to a well and pushes liquid out of the tip. It takes a few seconds, plus the volume divided by the
        flow rate. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends
        as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            volume: The volume. In µL, more than 0, at most 1000.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.
            push_out: The volume by which the plunger is pushed further than the dispensed volume. A value other
                than 0 needs robot release 7.0 or later. In µL, at least 0, at most 1000. None means the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen,
        DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            DISPENSE,
            (
                mount,
                labware_identifier,
                well,
                volume,
                origin,
                offset_x,
                offset_y,
                offset_z,
                0.0 if flow_rate is None else flow_rate,
                0.0 if push_out is None else push_out,
            ),
        )

    def load_module(self, module_model: ModuleModel, slot: str) -> Execution[LoadModuleResponses, None]:
        """Tells the robot to use a module that is connected to it and is in a slot. Nothing moves, unless a session
        has to be opened first, which homes the robot. The command takes about a second. If it is cancelled before
        it is sent, nothing is loaded.

        Args:
            module_model: The robot's name for the model.
            slot: The slot. For a thermocycler it is 7, although a thermocycler covers more slots.

        The result of the execution:
            module_identifier: The identifier of the module in this session.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: ModuleMissing, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            LOAD_MODULE,
            (
                module_model,
                slot,
            ),
        )

    def move_labware(self, labware_identifier: str, new_location: str) -> Execution[CommandRecord, None]:
        """Tells the robot that a person or another device has moved labware, or is about to move it while the robot
        does not move. The robot itself moves nothing and does not wait. The command takes about a second. If it is
        cancelled before it is sent, nothing changes.

        Args:
            labware_identifier: The labware, as Load Labware returned it.
            new_location: The slot, the identifier of the loaded module or labware that it is put on, or offDeck.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LabwareNotLoaded, LocationUnknown, SlotNotAvailable, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            MOVE_LABWARE,
            (
                labware_identifier,
                new_location,
            ),
        )

    def remove_labware(self, labware_identifier: str) -> Execution[CommandRecord, None]:
        """Tells the robot that labware has been taken off the deck, so that its location is free. The labware stays
        loaded in the session and can be put back with Move Labware. The robot moves nothing. The command takes
        about a second. If it is cancelled before it is sent, nothing changes.

        Args:
            labware_identifier: The labware, as Load Labware returned it.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, REMOVE_LABWARE, (labware_identifier,))

    def return_tip(self, mount: Mount) -> Execution[CommandRecord, None]:
        """Puts the attached tip, with any liquid in it, back to the position in the rack that it was picked up from.
        From then on the tip counts as used. It takes a few seconds. If the command is cancelled before it is sent,
        nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, RETURN_TIP, (mount,))

    def discard_tip_untracked(self, mount: Mount) -> Execution[CommandRecord, None]:
        """Ejects any tip on the pipette over the fixed trash, also a tip that the robot does not know of, for example
        after it restarted. For such a tip the robot homes first and travels as high as it can, because it does not
        know how far down the tip reaches. The command takes up to about half a minute. For a tip that the robot
        does not know of, it needs robot release 7.1 or later. If the command is cancelled before it is sent,
        nothing moves; if it is cancelled later, it ends as cancelled after the current movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, DISCARD_TIP_UNTRACKED, (mount,))

    def aspirate_in_place(
        self, mount: Mount, volume: float, *, flow_rate: float | None = None
    ) -> Execution[CommandRecord, None]:
        """Draws liquid into the tip at its current position, without moving the gantry. If the tip is empty, call
        Prepare To Aspirate first, while the tip is above the liquid. It takes as many seconds as the volume divided
        by the flow rate. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it
        ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull,
        NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            ASPIRATE_IN_PLACE,
            (
                mount,
                volume,
                0.0 if flow_rate is None else flow_rate,
            ),
        )

    def dispense_in_place(
        self, mount: Mount, volume: float, *, flow_rate: float | None = None, push_out: float | None = None
    ) -> Execution[CommandRecord, None]:
        """Pushes liquid out of the tip at its current position, without moving the gantry. It takes as many seconds as
        the volume divided by the flow rate. If the command is cancelled before it is sent, nothing moves; if it is
        cancelled later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.
            push_out: The volume by which the plunger is pushed further than the dispensed volume. A value other
                than 0 needs robot release 7.0 or later. In µL, at least 0, at most 1000. None means the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, SafetyStopActive, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            DISPENSE_IN_PLACE,
            (
                mount,
                volume,
                0.0 if flow_rate is None else flow_rate,
                0.0 if push_out is None else push_out,
            ),
        )

    def blow_out_in_place(self, mount: Mount, *, flow_rate: float | None = None) -> Execution[CommandRecord, None]:
        """Pushes the plunger beyond its end at the current position, so that the last drops leave the tip. It takes
        about a second. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it
        ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            BLOW_OUT_IN_PLACE,
            (
                mount,
                0.0 if flow_rate is None else flow_rate,
            ),
        )

    def air_gap(self, mount: Mount, volume: float, *, flow_rate: float | None = None) -> Execution[CommandRecord, None]:
        """Moves the tip to 5 millimeters above the well that it was last in, and draws air. It takes a few seconds.
        Cancel stops it between two movements; the error message states what was done before.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LocationUnknown,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            AIR_GAP,
            (
                mount,
                volume,
                0.0 if flow_rate is None else flow_rate,
            ),
        )

    def mix(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        volume: float,
        repetitions: int,
        *,
        origin: Origin = "Bottom",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 1.0,
        aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
        liquid_class: str | None = None,
    ) -> Execution[CommandRecord, None]:
        """Draws liquid and pushes it out again in one well, several times. It takes a few seconds for each repetition.
        Cancel stops it between two movements; the error message states what was done before.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            volume: The volume. In µL, more than 0, at most 1000.
            repetitions: The number of repetitions. At least 1, at most 99.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            aspirate_flow_rate: The flow rate of drawing; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates,
                or else the default of the pipette.
            dispense_flow_rate: The flow rate of pushing out; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates,
                or else the default of the pipette.
            liquid_class: The liquid class, from the table of this server (setting session.liquid_classes): flow
                rates, delays, and touching the well for the pipette and its tip. Values in other parameters take
                precedence. None means water, with the values of the other parameters.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LiquidClassUnknown, PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange,
        LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid,
        TipContaminated.
        """
        return Execution.start(
            self._link,
            MIX,
            (
                mount,
                labware_identifier,
                well,
                volume,
                repetitions,
                origin,
                offset_x,
                offset_y,
                offset_z,
                0.0 if aspirate_flow_rate is None else aspirate_flow_rate,
                0.0 if dispense_flow_rate is None else dispense_flow_rate,
                "" if liquid_class is None else liquid_class,
            ),
        )

    def blow_out(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 0.0,
        flow_rate: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Moves to a well and pushes the plunger beyond its end, so that the last drops leave the tip. It takes a few
        seconds. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as
        cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            flow_rate: The flow rate; if it is not 0, at least 1/600 of the volume of the pipette per second. In
                µL/s, at least 0, at most 1000. None means the one set with Set Flow Rates, or else the default of
                the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            BLOW_OUT,
            (
                mount,
                labware_identifier,
                well,
                origin,
                offset_x,
                offset_y,
                offset_z,
                0.0 if flow_rate is None else flow_rate,
            ),
        )

    def touch_tip(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = -1.0,
        radius: float = 1.0,
        speed: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Touches the wall of a well with the tip on four sides, so that drops stay in the well. It takes a few
        seconds. If the command is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as
        cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            radius: The distance from the center to which the tip moves, as a fraction of the radius of the well. At
                least 0, at most 1.
            speed: The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 80. None means the
                default of the robot.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            TOUCH_TIP,
            (
                mount,
                labware_identifier,
                well,
                origin,
                offset_x,
                offset_y,
                offset_z,
                radius,
                0.0 if speed is None else speed,
            ),
        )

    def prepare_to_aspirate(self, mount: Mount) -> Execution[CommandRecord, None]:
        """Moves the plunger to the position where aspirating begins; call it while the tip is above the liquid. The
        tip has to be empty. It takes about a second. If the command is cancelled before it is sent, nothing moves;
        if it is cancelled later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, PREPARE_TO_ASPIRATE, (mount,))

    def configure_for_volume(self, mount: Mount, volume: float) -> Execution[CommandRecord, None]:
        """Tells the robot the largest volume that it will handle next. This matters for pipettes that have a mode for
        small volumes; for others it changes nothing. The tip has to be empty. It takes about a second and needs
        robot release 7.0 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            volume: The volume. In µL, more than 0, at most 1000.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            CONFIGURE_FOR_VOLUME,
            (
                mount,
                volume,
            ),
        )

    def configure_nozzle_layout(
        self, mount: Mount, active_nozzles: int, *, starting_from: StartingFrom = "Back"
    ) -> Execution[CommandRecord, None]:
        """Selects how many channels of an 8-channel pipette use tips from now on. No tip may be attached. Nothing
        moves, unless a session has to be opened first, which homes the robot. It takes about a second and needs
        robot release 7.1 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            active_nozzles: How many channels are used. Eight means all of them. At least 1, at most 8.
            starting_from: The end from which they are counted. The channel at this end moves to the well that a
                command names.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, TipAlreadyAttached, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            CONFIGURE_NOZZLE_LAYOUT,
            (
                mount,
                active_nozzles,
                starting_from,
            ),
        )

    def transfer(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_wells: Sequence[str],
        target_labware_identifier: str,
        target_wells: Sequence[str],
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
        liquid_class: str | None = None,
    ) -> Execution[TransferResponses, StepProgress]:
        """Transfers liquid from source wells to target wells, one pair after the other. A single source well is used
        for all targets, and a single target well for all sources. Everything is checked before anything moves. It
        takes a few seconds for each movement. The robot picks up tips from the loaded racks and drops them into the
        trash. Cancel stops it between two movements; the error message states what was done before, and a tip may
        still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_wells: The wells to draw from, in this order. The list must not be empty.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_wells: The wells to dispense into, in this order. The list must not be empty.
            volumes: The volumes, one for each pair of wells, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts. Each in µL, more than 0,
                at most 100000.
            tip_policy: Once: one tip is used for everything. Always: a new tip is used each time that liquid is
                drawn. Never: the attached tip is used and stays attached.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at
                most 1000.
            blow_out: Where to blow out each time after the tip was emptied.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: The height above the bottom of the source wells at which to draw. In mm, at least 0, at
                most 100. None means 1 millimeter.
            target_height: The height above the bottom of the target wells at which to dispense. In mm, at least 0,
                at most 100. None means 1 millimeter.
            liquid_class: The liquid class, from the table of this server (setting session.liquid_classes): flow
                rates, delays, air gap, touching the well, and heights for the pipette and its tips. Values in other
                parameters take precedence. None means water, with the values of the other parameters.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            TRANSFER,
            (
                mount,
                source_labware_identifier,
                source_wells,
                target_labware_identifier,
                target_wells,
                volumes,
                tip_policy,
                mix_before,
                mix_after,
                air_gap,
                blow_out,
                touch_tip,
                0.0 if flow_rate is None else flow_rate,
                0.0 if source_height is None else source_height,
                0.0 if target_height is None else target_height,
                "" if liquid_class is None else liquid_class,
            ),
        )

    def distribute(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_well: str,
        target_labware_identifier: str,
        target_wells: Sequence[str],
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
        disposal_volume: float = 0.0,
        liquid_class: str | None = None,
    ) -> Execution[DistributeResponses, StepProgress]:
        """Distributes liquid from one well to many. Each time, it draws the liquid for as many target wells as the tip
        holds. The liquid that is left in the tip, the disposal volume, goes back to the source or to the place that
        Blow Out names. Everything is checked before anything moves. It takes a few seconds for each movement. The
        robot picks up tips from the loaded racks and drops them into the trash. Cancel stops it between two
        movements; the error message states what was done before, and a tip may still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_well: The well to draw from.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_wells: The wells to dispense into, in this order. The list must not be empty.
            volumes: The volumes, one for each target well, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts. Each in µL, more than 0,
                at most 100000.
            tip_policy: Once: one tip is used for everything. Always: a new tip is used each time that liquid is
                drawn. Never: the attached tip is used and stays attached.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at
                most 1000.
            blow_out: Where to blow out each time after the tip was emptied.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: The height above the bottom of the source wells at which to draw. In mm, at least 0, at
                most 100. None means 1 millimeter.
            target_height: The height above the bottom of the target wells at which to dispense. In mm, at least 0,
                at most 100. None means 1 millimeter.
            disposal_volume: The volume that is drawn each time in addition to what is dispensed, so that all
                targets get the same volume. Zero means none. In µL, at least 0, at most 1000.
            liquid_class: The liquid class, from the table of this server (setting session.liquid_classes): flow
                rates, delays, air gap, touching the well, and heights for the pipette and its tips. Values in other
                parameters take precedence. None means water, with the values of the other parameters.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            DISTRIBUTE,
            (
                mount,
                source_labware_identifier,
                source_well,
                target_labware_identifier,
                target_wells,
                volumes,
                tip_policy,
                mix_before,
                mix_after,
                air_gap,
                blow_out,
                touch_tip,
                0.0 if flow_rate is None else flow_rate,
                0.0 if source_height is None else source_height,
                0.0 if target_height is None else target_height,
                disposal_volume,
                "" if liquid_class is None else liquid_class,
            ),
        )

    def consolidate(
        self,
        mount: Mount,
        source_labware_identifier: str,
        source_wells: Sequence[str],
        target_labware_identifier: str,
        target_well: str,
        volumes: Sequence[float],
        *,
        tip_policy: TipPolicy = "Once",
        mix_before: int = 0,
        mix_after: int = 0,
        air_gap: float = 0.0,
        blow_out: BlowOut = "Nowhere",
        touch_tip: bool = False,
        flow_rate: float | None = None,
        source_height: float | None = None,
        target_height: float | None = None,
        liquid_class: str | None = None,
    ) -> Execution[ConsolidateResponses, StepProgress]:
        """Consolidates liquid from many wells into one. It draws from as many wells as the tip holds, then dispenses.
        Everything is checked before anything moves. It takes a few seconds for each movement. The robot picks up
        tips from the loaded racks and drops them into the trash. Cancel stops it between two movements; the error
        message states what was done before, and a tip may still be attached.

        Args:
            mount: The mount of the pipette.
            source_labware_identifier: The labware to draw from, as Load Labware returned it.
            source_wells: The wells to draw from, in this order. The list must not be empty.
            target_labware_identifier: The labware to dispense into, as Load Labware returned it.
            target_well: The well to dispense into.
            volumes: The volumes, one for each source well, or a single one for all of them. The list must not be
                empty. A volume larger than the pipette takes is divided into equal parts. Each in µL, more than 0,
                at most 100000.
            tip_policy: Once: one tip is used for everything. Always: a new tip is used each time that liquid is
                drawn. Never: the attached tip is used and stays attached.
            mix_before: How often to mix the source each time before drawing, with the volume that is drawn. Zero
                means not at all. At least 0, at most 99.
            mix_after: How often to mix the target each time after dispensing, with the volume that was dispensed.
                Zero means not at all. At least 0, at most 99.
            air_gap: The volume of air to draw each time after the liquid. Zero means none. In µL, at least 0, at
                most 1000.
            blow_out: Where to blow out each time after the tip was emptied.
            touch_tip: True touches the walls of the well each time after drawing and dispensing.
            flow_rate: The flow rate of drawing and dispensing; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means those set with Set Flow Rates, or
                else the defaults of the pipette.
            source_height: The height above the bottom of the source wells at which to draw. In mm, at least 0, at
                most 100. None means 1 millimeter.
            target_height: The height above the bottom of the target wells at which to dispense. In mm, at least 0,
                at most 100. None means 1 millimeter.
            liquid_class: The liquid class, from the table of this server (setting session.liquid_classes): flow
                rates, delays, air gap, touching the well, and heights for the pipette and its tips. Values in other
                parameters take precedence. None means water, with the values of the other parameters.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: LiquidClassUnknown, TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull, NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            CONSOLIDATE,
            (
                mount,
                source_labware_identifier,
                source_wells,
                target_labware_identifier,
                target_well,
                volumes,
                tip_policy,
                mix_before,
                mix_after,
                air_gap,
                blow_out,
                touch_tip,
                0.0 if flow_rate is None else flow_rate,
                0.0 if source_height is None else source_height,
                0.0 if target_height is None else target_height,
                "" if liquid_class is None else liquid_class,
            ),
        )

    def execute_worklist(
        self, worklist: bytes, format: Format, *, mode: Mode = "Stepwise", request_key: str | None = None
    ) -> Execution[ExecuteWorklistResponses, StepProgress]:
        """Executes a list of steps, each a command of this feature, or of the feature of a module, with its
        parameters. The whole list is checked before anything moves. In the mode Stepwise, the steps are sent one
        after the other in the session, and Cancel stops between two movements. In the mode QueuedRun, the robot
        gets all steps as one run and starts it. This run can be paused, resumed, and stopped like any run, and
        Cancel stops it. The robot homes before and after it and drops attached tips into the trash at its end; then
        the session is opened again. The command lasts as long as the steps take.

        Args:
            worklist: The steps, in UTF-8: at most 2 megabytes and 10,000 steps.
            format: Json for a list of objects, Csv for a table whose first row names the columns. The member or
                column Command names the command; the others are its parameters. A parameter that is left out takes
                its default. Labware may be named by its slot. Csv without the column Command is read as a transfer
                list, one transfer a row, if the settings of this server name its columns.
            mode: How the steps are executed.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without executing the worklist twice. It is for queued runs only,
                because the robot keeps these. A second call with the same key never starts another run: it follows
                the run of the first call to its end. A call with a used key and other arguments is refused. So is a
                repeated call if it is not known whether the first call created a run. A call that was refused
                before its run was created does not use the key. None means none.

        The result of the execution:
            completed_steps: How many movements of the robot were carried out.
            tips_used: How many tips were picked up.
            run_identifier: The run in which the steps were executed.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: ParameterInvalid, LiquidClassUnknown, WorklistInvalid, PipetteMissing, TipNotAttached,
        TipAlreadyAttached, NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid, LabwareNotLoaded,
        WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RunFailed, RunStopped, RobotChanged, RobotFaulty,
        StopTimedOut, StorageFull, ModuleMissing, ModuleNotLoaded, ModuleAmbiguous, TargetNotSet, TargetOutOfRange,
        TargetChanged, ModuleDisconnected, ModuleFailed, ModuleBusy, WaitTimedOut, TipContaminated.
        """
        return Execution.start(
            self._link,
            EXECUTE_WORKLIST,
            (
                worklist,
                format,
                mode,
                "" if request_key is None else request_key,
            ),
        )

    def move_to_well(
        self,
        mount: Mount,
        labware_identifier: str,
        well: str,
        *,
        origin: Origin = "Top",
        offset_x: float = 0.0,
        offset_y: float = 0.0,
        offset_z: float = 0.0,
        speed: float | None = None,
        minimum_clearance: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Moves the tip, or the nozzle if there is none, to a point of a well. It takes a few seconds. If the command
        is cancelled before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its
        movement.

        Args:
            mount: The mount of the pipette.
            labware_identifier: The labware, as Load Labware returned it.
            well: The well, for example A1. With an 8-channel pipette, the well under its rearmost channel, or under
                the channel that Configure Nozzle Layout selected.
            origin: The point of the well from which the offsets are measured: the center of its top, of its bottom,
                or of the well.
            offset_x: The distance to the right of the origin. In mm, at least -400, at most 400.
            offset_y: The distance behind the origin, toward the back of the robot. In mm, at least -400, at most
                400.
            offset_z: The height above the origin; negative values are below it. In mm, at least -400, at most 400.
            speed: The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the one
                set with Set Movement Speed, or else the default of the robot.
            minimum_clearance: The lowest height above the deck at which the tip travels. In mm, at least 0, at most
                200. None means that the robot chooses a safe one.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe,
        MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            MOVE_TO_WELL,
            (
                mount,
                labware_identifier,
                well,
                origin,
                offset_x,
                offset_y,
                offset_z,
                0.0 if speed is None else speed,
                0.0 if minimum_clearance is None else minimum_clearance,
            ),
        )

    def move_to_coordinates(
        self,
        mount: Mount,
        x: float,
        y: float,
        z: float,
        *,
        speed: float | None = None,
        minimum_clearance: float | None = None,
    ) -> Execution[CommandRecord, None]:
        """Moves the tip, or the nozzle if there is none, to a point of the deck. It takes a few seconds and needs
        robot release 6.1 or later. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            x: The distance to the right of the front left corner of slot 1. In mm, at least -50, at most 450.
            y: The distance behind that corner, toward the back of the robot. In mm, at least -50, at most 400.
            z: The height above the deck. In mm, at least 0, at most 220.
            speed: The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the one
                set with Set Movement Speed, or else the default of the robot.
            minimum_clearance: The lowest height above the deck at which the tip travels. In mm, at least 0, at most
                200. None means that the robot chooses a safe one.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            MOVE_TO_COORDINATES,
            (
                mount,
                x,
                y,
                z,
                0.0 if speed is None else speed,
                0.0 if minimum_clearance is None else minimum_clearance,
            ),
        )

    def move_relative(self, mount: Mount, axis: Axis, distance: float) -> Execution[CommandRecord, None]:
        """Moves the tip straight along one axis from its current position. The robot does not avoid obstacles. It
        takes about a second. If the command is cancelled before it is sent, nothing moves; if it is cancelled
        later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.
            axis: The axis: X to the right, Y to the back, Z upward.
            distance: The distance. Negative values move in the other direction. In mm, at least -400, at most 400.

        The result of the execution:
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            MOVE_RELATIVE,
            (
                mount,
                axis,
                distance,
            ),
        )

    def save_position(self, mount: Mount) -> Execution[SavePositionResponses, None]:
        """Reads from the robot the position of the tip, or of the nozzle if there is no tip. Nothing moves, unless a
        session has to be opened first, which homes the robot. It takes about a second. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Args:
            mount: The mount of the pipette.

        The result of the execution:
            x: The distance to the right of the front left corner of slot 1. In mm.
            y: The distance behind that corner, toward the back of the robot. In mm.
            z: The height above the deck. In mm.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, SAVE_POSITION, (mount,))

    def set_flow_rates(
        self,
        mount: Mount,
        *,
        aspirate_flow_rate: float | None = None,
        dispense_flow_rate: float | None = None,
        blow_out_flow_rate: float | None = None,
    ) -> Execution[None, None]:
        """Sets the flow rates of a pipette for commands that do not set them, until the session is closed. Nothing
        moves, unless a session has to be opened first, which homes the robot and takes up to a minute. If it is
        cancelled before that, nothing changes.

        Args:
            mount: The mount of the pipette.
            aspirate_flow_rate: The flow rate of drawing; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means the default of the pipette.
            dispense_flow_rate: The flow rate of pushing out; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means the default of the pipette.
            blow_out_flow_rate: The flow rate of blowing out; if it is not 0, at least 1/600 of the volume of the
                pipette per second. In µL/s, at least 0, at most 1000. None means the default of the pipette.

        Errors: SpeedOutOfRange, PipetteMissing, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            SET_FLOW_RATES,
            (
                mount,
                0.0 if aspirate_flow_rate is None else aspirate_flow_rate,
                0.0 if dispense_flow_rate is None else dispense_flow_rate,
                0.0 if blow_out_flow_rate is None else blow_out_flow_rate,
            ),
        )

    def set_movement_speed(self, *, speed: float | None = None) -> Execution[None, None]:
        """Sets the speed of Move To Well and Move To Coordinates for calls that do not set it, until the session is
        closed. Nothing moves, unless a session has to be opened first, which homes the robot and takes up to a
        minute. If it is cancelled before that, nothing changes.

        Args:
            speed: The speed; if it is not 0, at least 1 mm/s. In mm/s, at least 0, at most 600. None means the
                default of the robot.

        Errors: SpeedOutOfRange, SafetyStopActive, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, SET_MOVEMENT_SPEED, (0.0 if speed is None else speed,))

    def delay(self, duration: float) -> Execution[None, None]:
        """Waits; the robot does not move, and no other command can move it. It lasts as long as the duration. The wait
        is in this server, so Cancel ends it at once.

        Args:
            duration: How long to wait. In s, at least 0, at most 86400.

        Errors: CommandCancelled, RobotChanged.
        """
        return Execution.start(self._link, DELAY, (duration,))

    def execute_raw_command(self, command: bytes) -> Execution[ExecuteRawCommandResponses, None]:
        """Executes one command of the robot's HTTP interface, for functions that this feature does not offer. It is
        refused unless the configuration of this server allows it. It is also refused if it would make the robot
        wait for an operator or a temperature; waitForDuration is executed as Delay. The command is checked against
        the schema of the robot's commands and against the robot's release before it is sent; its effect on tips and
        liquid is taken from the robot's answer. It lasts as long as the robot takes. If the command is cancelled
        before it is sent, nothing moves; if it is cancelled later, it ends as cancelled after its movement.

        Args:
            command: An object with the members commandType and params, at most 100 kilobytes.

        The result of the execution:
            result: The result, as the robot returned it.
            record: When the robot carried out the command, and the identifier of the robot's command.

        Errors: SpeedOutOfRange, CommandNotAllowed, RawCommandInvalid, SafetyStopActive, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull,
        NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(self._link, EXECUTE_RAW_COMMAND, (command,))

    def reconcile_state(
        self, *, tip_states: Sequence[StatedTipState] = (), confirm: bool = False
    ) -> Execution[None, None]:
        """Resolves what is unknown after a lost answer, a failed command, or a restart. The robot is queried first;
        what it cannot report is taken from the statement of the person who has looked at it. If the robot reports a
        tip that is not there, the session is closed, because nothing else makes the robot forget it. This is
        refused with NotReconciled while another pipette holds a tip, and while a hand-over of labware is pending:
        the robot halts its hardware when a session ends, and an arm may be inside. What is unknown of earlier
        commands is resolved all the same; end the hand-over, then repeat the command. If a pipette that is not
        named comes into doubt only while the robot is queried, this is refused with NotReconciled, too: look at it,
        then repeat the command. A tip that the robot does not know of has to be discarded with Discard Tip
        Untracked, or taken off by hand before it is stated that there is none. Nothing moves. The command takes a
        few seconds. After Cancel, what has not been resolved by then stays unknown.

        Args:
            tip_states: What is on the pipettes; for a mount that is not named, the state that the robot reports is
                used: it holds a tip if the session knows of one, and none otherwise.
            confirm: True confirms that a person has looked at the robot. With false the robot is queried, and the
                statement is not used.

        Errors: NotReconciled, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled,
        RobotChanged, RobotFaulty, RobotRestarted, SessionLost, StorageFull.
        """
        return Execution.start(
            self._link,
            RECONCILE_STATE,
            (
                tip_states,
                confirm,
            ),
        )

    @property
    def session(self) -> ObservableProperty[list[SessionSummary]]:
        """The session of this server. The list is empty if none is open and has one element otherwise."""
        return ObservableProperty(self._link, SESSION)

    @property
    def last_command(self) -> ObservableProperty[list[CommandOutcome]]:
        """The last command of this feature that was sent to the robot. The list is empty before the first one and has
        one element from then on.
        """
        return ObservableProperty(self._link, LAST_COMMAND)

    @property
    def pipette_states(self) -> ObservableProperty[list[PipetteState]]:
        """What is known about the pipettes of the session. If no session is open, only a pipette that may hold a tip
        of which the robot does not know is listed, with an empty identifier. The robot has no sensors for tips or
        liquid, so all values follow from the commands that were carried out.
        """
        return ObservableProperty(self._link, PIPETTE_STATES)

    @property
    def loaded_labware(self) -> ObservableProperty[list[LabwareState]]:
        """The labware that is loaded in the session. The list is empty if no session is open."""
        return ObservableProperty(self._link, LOADED_LABWARE)

    @property
    def loaded_modules(self) -> ObservableProperty[list[ModuleState]]:
        """The modules that are loaded in the session. The list is empty if no session is open."""
        return ObservableProperty(self._link, LOADED_MODULES)

    @property
    def position(self) -> ObservableProperty[list[ReportedPosition]]:
        """The position that the robot reported with its last movement or with Save Position. The list is empty before
        the first report and after homing, and has one element otherwise.
        """
        return ObservableProperty(self._link, POSITION)
