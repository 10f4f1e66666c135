"""The feature RunController.

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

Origin = Literal["ThisServer", "OtherClient"]
Result = Literal["Succeeded", "Failed", "Stopped"]
Mount = Literal["left", "right"]
TipState = Literal["NoTip", "Tip", "Unknown"]
Part = Literal["Plate", "Heater", "Shaker", "Block", "Lid", "Magnets"]
Status = Literal[
    "Idle",
    "Starting",
    "Running",
    "Paused",
    "PausedByDoor",
    "AwaitingRecovery",
    "Stopping",
    "Finishing",
    "Stopped",
    "Failed",
    "Succeeded",
    "Unknown",
]
PauseReason = Literal["NotPaused", "ByClient", "BySomebodyElse", "ByProtocol", "ByDoor", "Unknown"]
FinalStatus = Literal["Stopped", "Failed", "Succeeded"]
DroppedTipMounts = Literal["left", "right"]
Format = Literal["Json", "Csv"]
RunStatus = Literal[
    "NoRun",
    "Idle",
    "Starting",
    "Running",
    "Paused",
    "PausedByDoor",
    "AwaitingRecovery",
    "Stopping",
    "Finishing",
    "Stopped",
    "Failed",
    "Succeeded",
    "Unknown",
]
Code = Literal[
    "RobotUnreachable",
    "RobotChanged",
    "SafetyStopActive",
    "OutcomeUnknown",
    "NotReconciled",
    "ForeignRun",
    "RobotBusy",
    "UnfinishedRun",
    "SessionActive",
    "ServerBusy",
    "DoorOpen",
    "PipetteMissing",
    "ModuleMissing",
    "CameraDisabled",
    "CalibrationMissing",
    "DeckUnsafe",
    "DeckMismatch",
    "NoTipAvailable",
    "NotEnoughLiquid",
    "TipContaminated",
    "TrashFull",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFailure:
    """A command of a run that failed.

    Attributes:
        index: The index of the command in the run, counted from 0.
        command_name: The robot's name for the command, for example aspirate.
        error_code: The error code or the error type of the robot.
        error_detail: The robot's own text.
        advice: What to do about it.
    """

    index: int
    command_name: str
    error_code: str
    error_detail: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MountTipState:
    """Whether a tip is on the pipette of a mount.

    Attributes:
        mount: The mount.
        tip_state: The state that follows from the robot's commands; the robot has no sensor for tips.
    """

    mount: Mount
    tip_state: TipState


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAction:
    """An action on a run that this server did not ask for.

    Attributes:
        action: The action, as the robot names it: play, pause or stop. Play also resumes. Newer robots may have
            others.
        occurred_at: When the robot accepted the action, by the clock of the robot. If the robot does not report
            that, when this server first saw the action.
    """

    action: str
    occurred_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAction:
    """An action on a run that this server asked for.

    Attributes:
        action: The action, as the robot names it: play, pause or stop. Play also resumes. Newer robots may have
            others.
        occurred_at: When the robot accepted the action, by the clock of the robot. If the robot does not report
            that, when this server first saw the action.
    """

    action: str
    occurred_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LabwareOffset:
    """The difference between the position of a piece of labware and its position by definition.

    Attributes:
        definition_uri: The labware definition, written as namespace/load name/version.
        slot: The slot of the deck.
        module_model: The model of the module under the labware. Default: empty, which means none.
        x: The offset to the right. In mm.
        y: The offset to the back. In mm.
        z: The offset upward. In mm.
    """

    definition_uri: str
    slot: str
    module_model: str = ""
    x: float
    y: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutOffset:
    """A stored labware offset that was not applied to a run.

    Attributes:
        definition_uri: The definition of the labware.
        slot: The slot of the deck.
        module_model: The model of the module under the labware; empty if there is none.
        reason: Why it was not applied.
    """

    definition_uri: str
    slot: str
    module_model: str
    reason: str


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
class CompletedRun:
    """The record of a run that has ended.

    Attributes:
        run_identifier: The run.
        origin: Who started the run.
        protocol_identifier: The protocol on this server. It is empty if the run was started by another client or
            had no protocol.
        label: The label given with the run. It may be empty.
        result: How the run ended.
        started_at: When the run was started, by the clock of the robot. The list is empty if it was never started.
        completed_at: When the run ended, by the clock of the robot. The list is empty if the robot does not know,
            because it restarted in between.
        duration: The time from start to end, including pauses. It is zero if the run was never started or its end
            is not known. In s.
        completed_commands: How many commands were carried out.
        total_commands: How many commands the run has according to the analysis. Zero means that this is not known.
        explanation: Why the run did not succeed, with the robot's own text if there is one. It is empty if the run
            succeeded.
        failed_command: The command that failed. The list is empty if none failed.
        tips_used: How many tips were picked up.
        final_tip_state: Whether a tip is on each pipette after the run.
        robot_software_version: The software release of the robot.
        foreign_actions: What was done to a run of this server that this server did not ask for, oldest first: by
            another client, or with the front button of the robot. The server neither undoes nor repeats it.
        own_actions: What this server asked of a run of its own for its clients, oldest first: its start, pauses,
            resumptions, and its stop.
        applied_offsets: The labware offsets that this server created the run with; empty for runs of other clients.
        left_out_offsets: The stored labware offsets for labware of the protocol that were not applied, although Use
            Stored Offsets was true, and why.
        active_parts: What was still hot, heated, cooled, shaking or raised in the attached modules, as the robot
            reported it when this server saw the end of the run; if it did not answer then, as it had reported it
            last. No module switches off by itself. With the setting modules.switch_off_after it is switched off
            afterwards. The list is also empty if this server did not see the end of the run, or if the robot has
            not reported its modules.
        simulated: True if the run was on the simulated robot of the feature Simulation Controller: nothing moved.
    """

    run_identifier: str
    origin: Origin
    protocol_identifier: str
    label: str
    result: Result
    started_at: list[datetime.datetime]
    completed_at: list[datetime.datetime]
    duration: float
    completed_commands: int
    total_commands: int
    explanation: str
    failed_command: list[CommandFailure]
    tips_used: int
    final_tip_state: list[MountTipState]
    robot_software_version: str
    foreign_actions: list[ForeignAction]
    own_actions: list[OwnAction]
    applied_offsets: list[LabwareOffset]
    left_out_offsets: list[LeftOutOffset]
    active_parts: list[ActivePart]
    simulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """A value for a run-time parameter of a protocol.

    Attributes:
        name: The name of the variable that the protocol declares.
        value: The value as text. It is converted by the type that the protocol declares: a whole number, a decimal
            number with a point, true or false, or the text itself. NextFreeTip stands for the place of the next
            unused tip, for example C1, in the declared rack from which the protocol takes its first tip.
    """

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFile:
    """A data file for a CSV parameter of a protocol.

    Attributes:
        name: The name of the variable that the protocol declares.
        data_file_identifier: The identifier that Upload Data File of the feature Protocol Service returned.
    """

    name: str
    data_file_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """The progress of a run.

    Attributes:
        run_identifier: The run. It is empty until the robot has created it.
        status: The status of the run.
        current_command_name: The robot's name for the current command, for example aspirate. It may be empty.
        current_step_text: The current step, in words. It may be empty.
        completed_commands: How many commands have ended.
        total_commands: How many commands the run has according to the analysis. Zero means that this is not known.
        pause_reason: Why the run is paused. ByClient means by a client of this server, or of the robot if another
            client started the run. BySomebodyElse means that this server did not ask for the pause of its own run:
            another client did, or somebody pressed the front button of the robot.
        operator_message: The message of the protocol to the operator. It may be empty.
    """

    run_identifier: str
    status: Status
    current_command_name: str
    current_step_text: str
    completed_commands: int
    total_commands: int
    pause_reason: PauseReason
    operator_message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFile:
    """A further file of a protocol.

    Attributes:
        file_name: The name of the file. Only the last part of a path is used.
        content: The bytes of the file.
    """

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StopRunResponses:
    """What StopRun returns.

    Attributes:
        run_identifier: The run that was stopped.
        final_status: How the run ended. It may have ended by itself before the stop took effect.
        dropped_tip_mounts: The mounts whose tip the robot dropped into the trash while it stopped. The list is
            empty if no tip was attached or if the run had not been started.
    """

    run_identifier: str
    final_status: FinalStatus
    dropped_tip_mounts: list[DroppedTipMounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class WellUse:
    """What a run has done to a well.

    Attributes:
        slot: The slot where the labware stood when the run used it last.
        labware_identifier: The identifier of the labware in the run; labware that was exchanged in one slot differs
            by it.
        definition_uri: The labware definition.
        well: The name of the well.
        drawn_volume: The volume drawn from it, mixing included, as far as it is certain. In µL.
        dispensed_volume: The volume of liquid dispensed into it, mixing included, as far as it is certain. Air is
            not counted. In µL.
        in_doubt: Whether something else may have been drawn or dispensed: a command there failed after it had
            begun, too little was in the well, or what the tip held is not known.
    """

    slot: str
    labware_identifier: str
    definition_uri: str
    well: str
    drawn_volume: float
    dispensed_volume: float
    in_doubt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TipRackUse:
    """Which tips of a rack a run has used.

    Attributes:
        slot: The slot where the labware stood when the run used it last.
        labware_identifier: The identifier of the labware in the run; labware that was exchanged in one slot differs
            by it.
        definition_uri: The labware definition.
        taken_tips: The places from which the run took a tip.
        returned_tips: The places into which the run put a used tip back.
        doubtful_tips: The places where picking up or dropping failed, or its outcome is not known.
    """

    slot: str
    labware_identifier: str
    definition_uri: str
    taken_tips: list[str]
    returned_tips: list[str]
    doubtful_tips: list[str]


@dataclass(frozen=True, slots=True)
class RetrieveDeckUseResponses:
    """What RetrieveDeckUse returns.

    Attributes:
        wells: The wells that the run drew from or dispensed into.
        tips: The tip racks that the run used.
        complete: Whether this is all that the run has done. If it is false, any well and any tip may have been used
            besides: the commands could not be read to the end, or liquid was moved at a place that is not known.
    """

    wells: list[WellUse]
    tips: list[TipRackUse]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A file that the robot keeps of a run.

    Attributes:
        file_identifier: The identifier, for Retrieve Run File.
        file_name: The name that the robot gives the file.
        media_type: The type of the content, for example image/jpeg; empty if the robot does not say it.
        generated: True if the run made the file, false if one of its parameters took it.
        stored: True if the robot has the content and Retrieve Run File can read it.
    """

    file_identifier: str
    file_name: str
    media_type: str
    generated: bool
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run that is current on the robot.

    Attributes:
        run_identifier: The run.
        origin: Who started the run.
        status: The status of the run.
        protocol_identifier: The protocol on this server. It is empty if the run was started by another client or
            has no protocol.
        label: The label given with the run. It may be empty.
        started_at: When the run was started, by the clock of the robot. The list is empty if it has not been
            started.
        completed_commands: How many commands have ended.
        total_commands: How many commands the run has according to the analysis. Zero means that this is not known.
        tips_used: How many tips the run has picked up so far.
        remaining_time: How long the run is expected to continue. The list is empty if that is not known. Each in s.
        pause_reason: Why the run is paused. ByClient means by a client of this server, or of the robot if another
            client started the run. BySomebodyElse means that this server did not ask for the pause of its own run:
            another client did, or somebody pressed the front button of the robot.
        pause_message: The message with which the protocol paused. It may be empty.
        foreign_actions: What was done to a run of this server that this server did not ask for, oldest first: by
            another client, or with the front button of the robot. The server neither undoes nor repeats it.
    """

    run_identifier: str
    origin: Origin
    status: Status
    protocol_identifier: str
    label: str
    started_at: list[datetime.datetime]
    completed_commands: int
    total_commands: int
    tips_used: int
    remaining_time: list[float]
    pause_reason: PauseReason
    pause_message: str
    foreign_actions: list[ForeignAction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A reason why a run may not start now, or a warning.

    Attributes:
        code: The reason in one word. If the reason is also an error, this is the identifier of the error.
        explanation: The reason, in words.
        remedy: What to do.
    """

    code: Code
    explanation: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether a run may start now.

    Attributes:
        allowed: True if a run may start now.
        reasons: What prevents it, and warnings. If a run may start now, these are warnings only. The list is empty
            if there are none.
    """

    allowed: bool
    reasons: list[Obstacle]


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/RunController/v1")
_COMMAND_FAILURE = wire.Structure(
    CommandFailure,
    index=wire.INTEGER,
    command_name=wire.STRING,
    error_code=wire.STRING,
    error_detail=wire.STRING,
    advice=wire.STRING,
)
_DEFINED_COMMAND_FAILURE = wire.Defined(_COMMAND_FAILURE)
_MOUNT_TIP_STATE = wire.Structure(MountTipState, mount=wire.STRING, tip_state=wire.STRING)
_DEFINED_MOUNT_TIP_STATE = wire.Defined(_MOUNT_TIP_STATE)
_FOREIGN_ACTION = wire.Structure(ForeignAction, action=wire.STRING, occurred_at=wire.TIMESTAMP)
_DEFINED_FOREIGN_ACTION = wire.Defined(_FOREIGN_ACTION)
_OWN_ACTION = wire.Structure(OwnAction, action=wire.STRING, occurred_at=wire.TIMESTAMP)
_DEFINED_OWN_ACTION = wire.Defined(_OWN_ACTION)
_LABWARE_OFFSET = wire.Structure(
    LabwareOffset,
    definition_uri=wire.STRING,
    slot=wire.STRING,
    module_model=wire.STRING,
    x=wire.REAL,
    y=wire.REAL,
    z=wire.REAL,
)
_DEFINED_LABWARE_OFFSET = wire.Defined(_LABWARE_OFFSET)
_LEFT_OUT_OFFSET = wire.Structure(
    LeftOutOffset, definition_uri=wire.STRING, slot=wire.STRING, module_model=wire.STRING, reason=wire.STRING
)
_DEFINED_LEFT_OUT_OFFSET = wire.Defined(_LEFT_OUT_OFFSET)
_ACTIVE_PART = wire.Structure(
    ActivePart, serial_number=wire.STRING, model=wire.STRING, part=wire.STRING, activity=wire.STRING
)
_DEFINED_ACTIVE_PART = wire.Defined(_ACTIVE_PART)
_COMPLETED_RUN = wire.Structure(
    CompletedRun,
    run_identifier=wire.STRING,
    origin=wire.STRING,
    protocol_identifier=wire.STRING,
    label=wire.STRING,
    result=wire.STRING,
    started_at=wire.Repeated(wire.TIMESTAMP),
    completed_at=wire.Repeated(wire.TIMESTAMP),
    duration=wire.REAL,
    completed_commands=wire.INTEGER,
    total_commands=wire.INTEGER,
    explanation=wire.STRING,
    failed_command=wire.Repeated(_DEFINED_COMMAND_FAILURE),
    tips_used=wire.INTEGER,
    final_tip_state=wire.Repeated(_DEFINED_MOUNT_TIP_STATE),
    robot_software_version=wire.STRING,
    foreign_actions=wire.Repeated(_DEFINED_FOREIGN_ACTION),
    own_actions=wire.Repeated(_DEFINED_OWN_ACTION),
    applied_offsets=wire.Repeated(_DEFINED_LABWARE_OFFSET),
    left_out_offsets=wire.Repeated(_DEFINED_LEFT_OUT_OFFSET),
    active_parts=wire.Repeated(_DEFINED_ACTIVE_PART),
    simulated=wire.BOOLEAN,
)
_DEFINED_COMPLETED_RUN = wire.Defined(_COMPLETED_RUN)
_PARAMETER_VALUE = wire.Structure(ParameterValue, name=wire.STRING, value=wire.STRING)
_DEFINED_PARAMETER_VALUE = wire.Defined(_PARAMETER_VALUE)
_PARAMETER_FILE = wire.Structure(ParameterFile, name=wire.STRING, data_file_identifier=wire.STRING)
_DEFINED_PARAMETER_FILE = wire.Defined(_PARAMETER_FILE)
_RUN_PROGRESS = wire.Structure(
    RunProgress,
    run_identifier=wire.STRING,
    status=wire.STRING,
    current_command_name=wire.STRING,
    current_step_text=wire.STRING,
    completed_commands=wire.INTEGER,
    total_commands=wire.INTEGER,
    pause_reason=wire.STRING,
    operator_message=wire.STRING,
)
_DEFINED_RUN_PROGRESS = wire.Defined(_RUN_PROGRESS)
_SUPPORT_FILE = wire.Structure(SupportFile, file_name=wire.STRING, content=wire.BINARY)
_DEFINED_SUPPORT_FILE = wire.Defined(_SUPPORT_FILE)
_WELL_USE = wire.Structure(
    WellUse,
    slot=wire.STRING,
    labware_identifier=wire.STRING,
    definition_uri=wire.STRING,
    well=wire.STRING,
    drawn_volume=wire.REAL,
    dispensed_volume=wire.REAL,
    in_doubt=wire.BOOLEAN,
)
_DEFINED_WELL_USE = wire.Defined(_WELL_USE)
_TIP_RACK_USE = wire.Structure(
    TipRackUse,
    slot=wire.STRING,
    labware_identifier=wire.STRING,
    definition_uri=wire.STRING,
    taken_tips=wire.Repeated(wire.STRING),
    returned_tips=wire.Repeated(wire.STRING),
    doubtful_tips=wire.Repeated(wire.STRING),
)
_DEFINED_TIP_RACK_USE = wire.Defined(_TIP_RACK_USE)
_RUN_FILE = wire.Structure(
    RunFile,
    file_identifier=wire.STRING,
    file_name=wire.STRING,
    media_type=wire.STRING,
    generated=wire.BOOLEAN,
    stored=wire.BOOLEAN,
)
_DEFINED_RUN_FILE = wire.Defined(_RUN_FILE)
_RUN_SUMMARY = wire.Structure(
    RunSummary,
    run_identifier=wire.STRING,
    origin=wire.STRING,
    status=wire.STRING,
    protocol_identifier=wire.STRING,
    label=wire.STRING,
    started_at=wire.Repeated(wire.TIMESTAMP),
    completed_commands=wire.INTEGER,
    total_commands=wire.INTEGER,
    tips_used=wire.INTEGER,
    remaining_time=wire.Repeated(wire.REAL),
    pause_reason=wire.STRING,
    pause_message=wire.STRING,
    foreign_actions=wire.Repeated(_DEFINED_FOREIGN_ACTION),
)
_DEFINED_RUN_SUMMARY = wire.Defined(_RUN_SUMMARY)
_OBSTACLE = wire.Structure(Obstacle, code=wire.STRING, explanation=wire.STRING, remedy=wire.STRING)
_DEFINED_OBSTACLE = wire.Defined(_OBSTACLE)
_PERMISSION = wire.Structure(Permission, allowed=wire.BOOLEAN, reasons=wire.Repeated(_DEFINED_OBSTACLE))
_DEFINED_PERMISSION = wire.Defined(_PERMISSION)
RUN_PROTOCOL: ObservableCommand[CompletedRun, RunProgress] = _FEATURE.observable_command(
    "RunProtocol",
    ResponseMessage(Message(_DEFINED_COMPLETED_RUN), same),
    ResponseMessage(Message(_DEFINED_RUN_PROGRESS), same),
    ProtocolIdentifier=wire.STRING,
    ParameterValues=wire.Repeated(_DEFINED_PARAMETER_VALUE),
    ParameterFiles=wire.Repeated(_DEFINED_PARAMETER_FILE),
    LabwareOffsets=wire.Repeated(_DEFINED_LABWARE_OFFSET),
    UseStoredOffsets=wire.BOOLEAN,
    RunLabel=wire.STRING,
    RequestKey=wire.STRING,
)
RUN_UPLOADED_FILE: ObservableCommand[CompletedRun, RunProgress] = _FEATURE.observable_command(
    "RunUploadedFile",
    ResponseMessage(Message(_DEFINED_COMPLETED_RUN), same),
    ResponseMessage(Message(_DEFINED_RUN_PROGRESS), same),
    FileName=wire.STRING,
    Content=wire.BINARY,
    SupportFiles=wire.Repeated(_DEFINED_SUPPORT_FILE),
    LabwareDefinitions=wire.Repeated(wire.BINARY),
    ParameterValues=wire.Repeated(_DEFINED_PARAMETER_VALUE),
    ParameterFiles=wire.Repeated(_DEFINED_PARAMETER_FILE),
    LabwareOffsets=wire.Repeated(_DEFINED_LABWARE_OFFSET),
    UseStoredOffsets=wire.BOOLEAN,
    RunLabel=wire.STRING,
    RequestKey=wire.STRING,
)
CREATE_RUN: ObservableCommand[str, None] = _FEATURE.observable_command(
    "CreateRun",
    ResponseMessage(Message(wire.STRING), same),
    None,
    ProtocolIdentifier=wire.STRING,
    ParameterValues=wire.Repeated(_DEFINED_PARAMETER_VALUE),
    ParameterFiles=wire.Repeated(_DEFINED_PARAMETER_FILE),
    LabwareOffsets=wire.Repeated(_DEFINED_LABWARE_OFFSET),
    UseStoredOffsets=wire.BOOLEAN,
    RunLabel=wire.STRING,
)
START_RUN: ObservableCommand[CompletedRun, RunProgress] = _FEATURE.observable_command(
    "StartRun",
    ResponseMessage(Message(_DEFINED_COMPLETED_RUN), same),
    ResponseMessage(Message(_DEFINED_RUN_PROGRESS), same),
    RunIdentifier=wire.STRING,
    RequestKey=wire.STRING,
)
ATTACH_TO_RUN: ObservableCommand[CompletedRun, RunProgress] = _FEATURE.observable_command(
    "AttachToRun",
    ResponseMessage(Message(_DEFINED_COMPLETED_RUN), same),
    ResponseMessage(Message(_DEFINED_RUN_PROGRESS), same),
    RunIdentifier=wire.STRING,
)
PAUSE_RUN: CallDefinition[None] = _FEATURE.command(
    "PauseRun", ResponseMessage(Message(), nothing), RunIdentifier=wire.STRING
)
RESUME_RUN: CallDefinition[None] = _FEATURE.command(
    "ResumeRun", ResponseMessage(Message(), nothing), RunIdentifier=wire.STRING
)
STOP_RUN: ObservableCommand[StopRunResponses, None] = _FEATURE.observable_command(
    "StopRun",
    ResponseMessage(Message(wire.STRING, wire.STRING, wire.Repeated(wire.STRING)), StopRunResponses),
    None,
    RunIdentifier=wire.STRING,
    Force=wire.BOOLEAN,
)
RELEASE_RUN: ObservableCommand[None, None] = _FEATURE.observable_command(
    "ReleaseRun", ResponseMessage(Message(), nothing), None, RunIdentifier=wire.STRING, Force=wire.BOOLEAN
)
DELETE_RUN: CallDefinition[None] = _FEATURE.command(
    "DeleteRun", ResponseMessage(Message(), nothing), RunIdentifier=wire.STRING
)
RETRIEVE_RUN_LOG: ObservableCommand[bytes, None] = _FEATURE.observable_command(
    "RetrieveRunLog", ResponseMessage(Message(wire.BINARY), same), None, RunIdentifier=wire.STRING, Format=wire.STRING
)
RETRIEVE_DECK_USE: CallDefinition[RetrieveDeckUseResponses] = _FEATURE.command(
    "RetrieveDeckUse",
    ResponseMessage(
        Message(wire.Repeated(_DEFINED_WELL_USE), wire.Repeated(_DEFINED_TIP_RACK_USE), wire.BOOLEAN),
        RetrieveDeckUseResponses,
    ),
    RunIdentifier=wire.STRING,
)
RETRIEVE_RUN_PACKAGE: ObservableCommand[bytes, None] = _FEATURE.observable_command(
    "RetrieveRunPackage", ResponseMessage(Message(wire.BINARY), same), None, RunIdentifier=wire.STRING
)
LIST_RUN_FILES: CallDefinition[list[RunFile]] = _FEATURE.command(
    "ListRunFiles", ResponseMessage(Message(wire.Repeated(_DEFINED_RUN_FILE)), same), RunIdentifier=wire.STRING
)
RETRIEVE_RUN_FILE: ObservableCommand[bytes, None] = _FEATURE.observable_command(
    "RetrieveRunFile",
    ResponseMessage(Message(wire.BINARY), same),
    None,
    RunIdentifier=wire.STRING,
    FileIdentifier=wire.STRING,
)
CURRENT_RUN: CallDefinition[list[RunSummary]] = _FEATURE.observable_property(
    "CurrentRun", wire.Repeated(_DEFINED_RUN_SUMMARY)
)
RUN_STATUS: CallDefinition[RunStatus] = _FEATURE.observable_property("RunStatus", wire.STRING)
START_PERMISSION: CallDefinition[Permission] = _FEATURE.observable_property("StartPermission", _DEFINED_PERMISSION)
RUN_HISTORY: CallDefinition[list[CompletedRun]] = _FEATURE.observable_property(
    "RunHistory", wire.Repeated(_DEFINED_COMPLETED_RUN)
)
OPERATOR_PROMPT: CallDefinition[str] = _FEATURE.observable_property("OperatorPrompt", wire.STRING)
NEXT_STEPS: CallDefinition[list[str]] = _FEATURE.observable_property("NextSteps", wire.Repeated(wire.STRING))


class RunController(Feature[Link]):
    """Runs protocols on the robot and watches, pauses, resumes, and stops them. Only one run is current on the robot
    at a time. While another command of this server moves the robot, starting a run is refused as not accepted and
    the message names the command; there is no queue. Pause Run, Resume Run, and Stop Run never wait for other
    commands.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/RunController/v1"

    def run_protocol(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> Execution[CompletedRun, RunProgress]:
        """Runs a protocol from beginning to end and returns its record when it has succeeded. If the current run has
        ended, the new run replaces it. The command lasts as long as the run; it continues while no client is
        connected, and while the robot is unreachable for some time. Progress is the completed part of the estimated
        duration. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller pauses it. A run
        that fails or is stopped ends with an error.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its record if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated.
        """
        return Execution.start(
            self._link,
            RUN_PROTOCOL,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    def run_uploaded_file(
        self,
        file_name: str,
        content: bytes,
        *,
        support_files: Sequence[SupportFile] = (),
        labware_definitions: Sequence[bytes] = (),
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
        request_key: str | None = None,
    ) -> Execution[CompletedRun, RunProgress]:
        """Uploads a protocol with all its files, analyzes it, and runs it, in one call; see Upload Protocol and
        Analyze Protocol of the feature Protocol Service, and Run Protocol. A protocol with errors is refused before
        anything moves. The command lasts until the run has ended. Cancel stops the run like Stop Run, and Pause of
        the feature Pause Controller pauses it. If the command is cancelled before the run has started, the protocol
        stays uploaded and nothing moves.

        Args:
            file_name: The name of the main file, ending in .py, .json, or .zip. Only the last part of a path is
                used.
            content: The bytes of the main file, or of the archive.
            support_files: Further files that the protocol needs: data files (.csv, .txt) and labware definitions
                (.json); on robot releases 4.x any files.
            labware_definitions: Custom labware that the protocol loads, one Opentrons labware definition (JSON)
                each.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call without running the protocol twice. A second call with the same key
                never starts another run: it follows the run of the first call to its end, or returns its record if
                it has ended. A call with a used key and other arguments is refused. So is a repeated call if it is
                not known whether the first call created a run. A call that was refused before its run was created
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, RunActionNotAllowed, RunNotFound,
        StopTimedOut, TipAlreadyAttached, NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            RUN_UPLOADED_FILE,
            (
                file_name,
                content,
                support_files,
                labware_definitions,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
                "" if request_key is None else request_key,
            ),
        )

    def create_run(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        labware_offsets: Sequence[LabwareOffset] = (),
        use_stored_offsets: bool = False,
        run_label: str | None = None,
    ) -> Execution[str, None]:
        """Creates a run of a protocol without starting it, for example to let an operator confirm it first. If the
        current run has ended, the new run replaces it. Start the run with Start Run, or release it with Release
        Run. Nothing moves. The command takes from a second to about a minute. Cancel ends the wait; a run that the
        robot has created by then is released.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            labware_offsets: Labware offsets for this run. An offset given here takes precedence over a stored one.
                Each offset must fit labware that the protocol loads, or has moved by hand, in its slot.
            use_stored_offsets: True applies the labware offsets that this server keeps (feature OT2 Labware Offset
                Service), wherever they fit and Labware Offsets gives none.
            run_label: A text, chosen by the client, that is kept with the run, for example a plate number. None
                means none.

        The result of the execution:
            run_identifier: The run that was created.

        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RobotUnreachable, CommandCancelled,
        RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty, StorageFull, TipAlreadyAttached,
        NotEnoughLiquid, TipContaminated.
        """
        return Execution.start(
            self._link,
            CREATE_RUN,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                labware_offsets,
                use_stored_offsets,
                "" if run_label is None else run_label,
            ),
        )

    def start_run(self, run_identifier: str, *, request_key: str | None = None) -> Execution[CompletedRun, RunProgress]:
        """Starts a run that Create Run created and returns its record when it has succeeded. The command lasts as long
        as the run, like Run Protocol. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller
        pauses it. A run that fails or is stopped ends with an error.

        Args:
            run_identifier: The run.
            request_key: A text, chosen by the client, that identifies this request, so that a client that has
                crashed can repeat the call. A second call with the same key and the same run follows the run to its
                end, or returns its record if it has ended. A call with a used key and another run is refused. So is
                a repeated call if it is not known whether the first call started the run. A call that was refused
                does not use the key. None means none.

        The result of the execution:
            run_record: The record of the run.

        Errors: ParameterInvalid, RunNotFound, RunActionNotAllowed, RobotBusy, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, StopTimedOut, StorageFull, NotEnoughLiquid,
        TipContaminated.
        """
        return Execution.start(
            self._link,
            START_RUN,
            (
                run_identifier,
                "" if request_key is None else request_key,
            ),
        )

    def attach_to_run(self, *, run_identifier: str | None = None) -> Execution[CompletedRun, RunProgress]:
        """Watches a run to its end, whoever started it, and returns its record when it has succeeded. It is for
        clients that connect again after this server was restarted. The command lasts until the run has ended and
        never moves or changes anything. After Cancel, the run continues. A run that fails or is stopped ends with
        an error.

        Args:
            run_identifier: The run. None means the current run, whoever started it.

        The result of the execution:
            run_record: The record of the run.

        Errors: RunNotFound, RunFailed, RunStopped, RobotRestarted, RobotUnreachable, CommandCancelled,
        OutcomeUnknown, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, ATTACH_TO_RUN, ("" if run_identifier is None else run_identifier,))

    def pause_run(self, *, run_identifier: str | None = None) -> None:
        """Pauses a running run after the current movement. The command answers as soon as the robot reports the pause,
        usually within a second. The run stays paused until Resume Run or Stop Run.

        Args:
            run_identifier: The run. None means the current run, if this server started it.

        Errors: RunNotFound, RunActionNotAllowed, RobotUnreachable, RobotRejected, OutcomeUnknown, RobotChanged,
        RobotFaulty, StorageFull.
        """
        self._link.command(PAUSE_RUN, ("" if run_identifier is None else run_identifier,))

    def resume_run(self, *, run_identifier: str | None = None) -> None:
        """Resumes a paused run, also one that was paused by the protocol with a message to the operator, or by an open
        door. The command answers as soon as the robot reports that it runs, usually within a second. Close the door
        first. A run that is not paused is not resumed: the command ends with Run Action Not Allowed.

        Args:
            run_identifier: The run. None means the current run, if this server started it.

        Errors: RunNotFound, RunActionNotAllowed, RobotBusy, SafetyStopActive, DoorOpen, RobotUnreachable,
        RobotRejected, OutcomeUnknown, RobotChanged, RobotFaulty, StorageFull.
        """
        self._link.command(RESUME_RUN, ("" if run_identifier is None else run_identifier,))

    def stop_run(self, *, run_identifier: str | None = None, force: bool = False) -> Execution[StopRunResponses, None]:
        """Stops a run, which cannot be resumed, and ends when the robot has stopped. The robot stops its movement,
        homes, and, if the run had been started, drops its tips into the trash with any liquid in them. This takes
        up to about half a minute, and the command waits only for a limited time. A session of single commands that
        is named with Force is aborted: its movement ends where it is, the position of the robot is lost, and tips
        stay attached. This is not an emergency stop. Cancel ends only the wait; the stop stays in effect.

        Args:
            run_identifier: The run. None means the current run, if this server started it.
            force: True also stops a run that another client started, or a session of single commands; the run or
                session has to be named. With false, the command refuses to do so.

        The result of the execution:
            run_identifier: The run that was stopped.
            final_status: How the run ended. It may have ended by itself before the stop took effect.
            dropped_tip_mounts: The mounts whose tip the robot dropped into the trash while it stopped. The list is
                empty if no tip was attached or if the run had not been started.

        Errors: RunNotFound, RunActionNotAllowed, StopTimedOut, RobotRestarted, RobotUnreachable, RobotRejected,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            STOP_RUN,
            (
                "" if run_identifier is None else run_identifier,
                force,
            ),
        )

    def release_run(self, *, run_identifier: str | None = None, force: bool = False) -> Execution[None, None]:
        """Releases the robot, so that another run can start. Without Force it releases a run that has ended, or that
        was created on this server and never started. With Force it also releases a run that is active or of another
        client, after stopping it as Stop Run does; a session of single commands, which is closed, or aborted if one
        of its commands is being executed; and a maintenance run or a calibration session of the Opentrons App,
        which comes first if nothing is named. A run that was never started and holds a tip is not released, because
        the robot would forget the tip. Force releases such a run of another client, but never a session of this
        server in which no command is being executed. A session in which it is unknown whether a pipette holds a
        tip, or what became of an earlier command, is not released before Reconcile State has settled that. While a
        hand-over of labware is pending, nothing is released in which no command is being executed, because the
        robot halts its hardware when a run is released. After a run that holds a tip was released, it is unknown
        what its pipettes hold, until a person has looked. The same is true after a session was aborted; the
        position of the robot is then lost, too. With Force the command does not wait for other commands. Without
        Force it takes about a second, with Force as long as the stop. Cancel ends only the wait.

        Args:
            run_identifier: The run, the maintenance run or the calibration session. None means whatever holds the
                robot, whoever started it.
            force: True also stops an active run, a run of another client or a session, and ends a maintenance run
                or a calibration session of the Opentrons App. With false, the command refuses to do so.

        Errors: RunNotFound, RunStillActive, TipAlreadyAttached, NotReconciled, StopTimedOut, RobotBusy,
        RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty,
        RobotRestarted, StorageFull.
        """
        return Execution.start(
            self._link,
            RELEASE_RUN,
            (
                "" if run_identifier is None else run_identifier,
                force,
            ),
        )

    def delete_run(self, run_identifier: str) -> None:
        """Deletes a run that has ended from the robot. The record in the archive of this server is kept, so Run
        History and Retrieve Run Log still show it. The command answers within about a second and moves nothing.

        Args:
            run_identifier: The run.

        Errors: RunNotFound, RunStillActive, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown,
        RobotChanged, RobotFaulty, StorageFull.
        """
        self._link.command(DELETE_RUN, (run_identifier,))

    def retrieve_run_log(self, run_identifier: str, *, format: Format = "Json") -> Execution[bytes, None]:
        """Returns every command of a run with its parameters, times, and outcome. Ended runs are read from the archive
        of this server, others from the robot page by page, which takes several seconds for thousands of commands.
        Nothing moves. After Cancel, the command ends without a result.

        Args:
            run_identifier: The run.
            format: Json for one JSON document, Csv for comma-separated text with a line for each command.

        The result of the execution:
            log: The log in the requested format, in UTF-8.

        Errors: RunNotFound, RobotUnreachable, CommandCancelled, RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            RETRIEVE_RUN_LOG,
            (
                run_identifier,
                format,
            ),
        )

    def retrieve_deck_use(self, run_identifier: str) -> RetrieveDeckUseResponses:
        """Returns what a run has done to the wells and tip racks of the deck, whoever started it: what it drew from
        each well and dispensed into it, and which tips it took. Of a run that goes on, these are the commands that
        have ended so far; of a session, all its commands up to now. It follows from the reported outcome of each
        command, since the robot has no sensor for liquid or tips. Nothing moves, and no request is sent to the
        robot.

        Args:
            run_identifier: The run.

        Returns:
            wells: The wells that the run drew from or dispensed into.
            tips: The tip racks that the run used.
            complete: Whether this is all that the run has done. If it is false, any well and any tip may have been
                used besides: the commands could not be read to the end, or liquid was moved at a place that is not
                known.

        Errors: RunNotFound.
        """
        return self._link.command(RETRIEVE_DECK_USE, (run_identifier,))

    def retrieve_run_package(self, run_identifier: str) -> Execution[bytes, None]:
        """Returns everything that this server keeps of an ended run in one zip file: record, log, protocol, data
        files, the newest analysis with the same parameters, what was known of the deck before and after the run,
        what each well got, pictures, versions, and a description of all files as an RO-Crate. What has been deleted
        since is left out, and the manifest says so. The file is signed with the key of the server; a change of any
        byte is found. Nothing moves. The command takes some seconds. After Cancel, it ends without a result.

        Args:
            run_identifier: The run.

        The result of the execution:
            package: The package, a zip file.

        Errors: RunNotFound, RunActionNotAllowed, CommandCancelled.
        """
        return Execution.start(self._link, RETRIEVE_RUN_PACKAGE, (run_identifier,))

    def list_run_files(self, run_identifier: str) -> list[RunFile]:
        """Lists the files that the robot keeps of a run, whoever started it: the data files that its parameters took,
        and what the run itself made, such as the pictures that its protocol took. Robots list them from release 8.8
        on; Abilities of OT2 Information Provider shows whether this one does. The robot deletes the pictures with
        the run. Nothing moves.

        Args:
            run_identifier: The run.

        Returns:
            run_files: The files, those that the run took first.

        Errors: RunNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty.
        """
        return self._link.command(LIST_RUN_FILES, (run_identifier,))

    def retrieve_run_file(self, run_identifier: str, file_identifier: str) -> Execution[bytes, None]:
        """Reads a file of a run from the robot. Nothing moves. The command takes some seconds for a large file. After
        Cancel, it ends without a result.

        Args:
            run_identifier: The run.
            file_identifier: The identifier of the file, from List Run Files.

        The result of the execution:
            content: The content of the file.

        Errors: RunNotFound, FileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty,
        CommandCancelled.
        """
        return Execution.start(
            self._link,
            RETRIEVE_RUN_FILE,
            (
                run_identifier,
                file_identifier,
            ),
        )

    @property
    def current_run(self) -> ObservableProperty[list[RunSummary]]:
        """The run that is current on the robot, whoever started it, as the robot last reported. The list is empty if
        there is none and has one element otherwise. The run of a session of single commands is not shown here.
        """
        return ObservableProperty(self._link, CURRENT_RUN)

    @property
    def run_status(self) -> ObservableProperty[RunStatus]:
        """The status of the current run in one word, as the robot last reported. NoRun: no run is current; the run of
        a session of single commands does not count. Unknown: the robot cannot be reached, or reported a status that
        this server does not know.
        """
        return ObservableProperty(self._link, RUN_STATUS)

    @property
    def start_permission(self) -> ObservableProperty[Permission]:
        """Whether a run may start now and, if not, why and what to do. The reasons are those for which a start would
        be refused, and warnings. If a run that was created on this server waits to be started, the needs of its
        protocol are included; for other protocols they are checked at the start. It is the same for each client:
        the lock of the server and the rights of a user are not among the reasons.
        """
        return ObservableProperty(self._link, START_PERMISSION)

    @property
    def run_history(self) -> ObservableProperty[list[CompletedRun]]:
        """The records of the last runs from the archive of this server, newest first, at most 50. The robot itself
        keeps only the last twenty runs.
        """
        return ObservableProperty(self._link, RUN_HISTORY)

    @property
    def operator_prompt(self) -> ObservableProperty[str]:
        """The message with which the protocol paused the run, for example a request to change a plate. It is empty if
        there is none. A protocol for an API before 2.14 waits once for several messages that follow one another;
        all of them are shown, with semicolons between them. Continue with Resume Run.
        """
        return ObservableProperty(self._link, OPERATOR_PROMPT)

    @property
    def next_steps(self) -> ObservableProperty[list[str]]:
        """What the current run does after its current step, in words: at most five steps, the next one first, from the
        analysis of the protocol. The list is empty if there is no analysis, if the run has ended, and once the run
        has done something that is not in the analysis.
        """
        return ObservableProperty(self._link, NEXT_STEPS)
