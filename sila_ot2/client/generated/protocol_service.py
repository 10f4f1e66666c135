"""The feature ProtocolService.

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
from sila_ot2.client.properties import ObservableProperty, Property
from sila_ot2.client.wire import Message

Result = Literal["Ok", "NotOk", "ParameterValueRequired"]
Mount = Literal["left", "right"]
ParameterType = Literal["Integer", "Real", "Boolean", "String", "File"]
LastAnalysisResult = Literal["NotAnalyzed", "Pending", "Ok", "NotOk", "ParameterValueRequired"]


@dataclass(frozen=True, slots=True)
class UploadProtocolResponses:
    """What UploadProtocol returns.

    Attributes:
        protocol_identifier: The identifier of the protocol on this server. It stays valid until Delete Protocol,
            also when the robot has forgotten the protocol in the meantime.
        content_hash: The SHA-256 hash of all the files, in hexadecimal digits.
        already_present: True if the same content was already there, so that nothing was sent.
    """

    protocol_identifier: str
    content_hash: str
    already_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFile:
    """A further file of a protocol.

    Attributes:
        file_name: The name of the file. Only the last part of a path is used.
        content: The bytes of the file.
    """

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisError:
    """An error that the robot found in a protocol.

    Attributes:
        code: The error code or the error type of the robot.
        detail: The robot's own text.
        line: The line of the protocol, counted from 1. Zero means that the robot names no line.
    """

    code: str
    detail: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredPipette:
    """A pipette that a protocol uses.

    Attributes:
        mount: The mount it has to be attached to.
        pipette_name: The robot's name for the pipette, for example p300_single_gen2.
    """

    mount: Mount
    pipette_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredLabware:
    """A piece of labware that a protocol loads.

    Attributes:
        load_name: The load name of the labware definition.
        definition_uri: The labware definition, written as namespace/load name/version.
        display_name: The name that the protocol gives to it. It may be empty.
        location: The slot, the module model with its slot, the labware that it is on, or offDeck.
    """

    load_name: str
    definition_uri: str
    display_name: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredModule:
    """A module that a protocol uses.

    Attributes:
        module_model: The robot's name for the model, for example temperatureModuleV2.
        slot: The slot that it has to be in.
    """

    module_model: str
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredLiquid:
    """A liquid that a protocol declares.

    Attributes:
        name: The name of the liquid.
        details: The description that the protocol gives. It may be empty.
        volume: The volume that the protocol declares as loaded, in all wells together. In µL.
    """

    name: str
    details: str
    volume: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterChoice:
    """One of the values that a run-time parameter accepts.

    Attributes:
        value: The value as text.
        display_name: The name for users.
    """

    value: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDefinition:
    """A run-time parameter that a protocol declares.

    Attributes:
        name: The name of the variable, for use in Parameter Values.
        display_name: The name for users.
        details: The description that the protocol gives. It may be empty.
        parameter_type: The type of the value. File means a CSV file.
        unit_label: The unit of the value as text. It may be empty.
        default_value: The default as text. It is empty if there is none.
        minimal_value: The smallest value allowed, as text. It is empty if there is no limit.
        maximal_value: The largest value allowed, as text. It is empty if there is no limit.
        choices: The values allowed. The list is empty if the value is not limited to choices.
    """

    name: str
    display_name: str
    details: str
    parameter_type: ParameterType
    unit_label: str
    default_value: str
    minimal_value: str
    maximal_value: str
    choices: list[ParameterChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class TipRackUse:
    """How many tips a protocol picks up from a rack.

    Attributes:
        slot: The slot of the tip rack.
        definition_uri: The labware definition of the tip rack.
        tip_count: The number of tips.
    """

    slot: str
    definition_uri: str
    tip_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the robot found when it simulated a protocol.

    Attributes:
        analysis_identifier: The identifier that the robot gave this analysis.
        result: Ok: the protocol can run. NotOk: it has errors. ParameterValueRequired: a parameter without a
            default needs a value first.
        errors: The errors that were found. The list is empty if the result is Ok.
        pipettes: The pipettes that the protocol uses.
        labware: The labware that the protocol loads.
        modules: The modules that the protocol uses.
        liquids: The liquids that the protocol declares.
        parameters: The run-time parameters that the protocol declares.
        command_count: How many commands the run consists of.
        estimated_duration: How long the run is expected to last without pauses. The robot does not report this;
            this server estimates it from volumes, flow rates, and distances. In s.
        tip_use: How many tips the protocol picks up from each rack.
        earliest_required_api_level: The protocol API level that the protocol requires. It is empty for JSON
            protocols.
    """

    analysis_identifier: str
    result: Result
    errors: list[AnalysisError]
    pipettes: list[RequiredPipette]
    labware: list[RequiredLabware]
    modules: list[RequiredModule]
    liquids: list[RequiredLiquid]
    parameters: list[ParameterDefinition]
    command_count: int
    estimated_duration: float
    tip_use: list[TipRackUse]
    earliest_required_api_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """A value for a run-time parameter of a protocol.

    Attributes:
        name: The name of the variable that the protocol declares.
        value: The value as text. It is converted by the type that the protocol declares: a whole number, a decimal
            number with a point, true or false, or the text itself.
    """

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterFile:
    """A data file for a CSV parameter of a protocol.

    Attributes:
        name: The name of the variable that the protocol declares.
        data_file_identifier: The identifier that Upload Data File returned.
    """

    name: str
    data_file_identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSummary:
    """A protocol that this server keeps.

    Attributes:
        protocol_identifier: The identifier of the protocol on this server.
        name: The name in the protocol's metadata, or else the name of its main file.
        author: The author in the protocol's metadata. It may be empty.
        api_level: The protocol API level, or the schema version of a JSON protocol. It may be empty.
        robot_type: The model of robot the protocol is written for. It may be empty.
        protocol_key: The text given at upload. It may be empty.
        uploaded_at: When it was first uploaded.
        content_hash: The SHA-256 hash of all the files, in hexadecimal digits.
        last_analysis_result: The result of the latest analysis.
        present_on_robot: True if the robot had the protocol when it was last queried. If not, the protocol is sent
            again when it is needed.
    """

    protocol_identifier: str
    name: str
    author: str
    api_level: str
    robot_type: str
    protocol_key: str
    uploaded_at: datetime.datetime
    content_hash: str
    last_analysis_result: LastAnalysisResult
    present_on_robot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A data file that this server keeps.

    Attributes:
        data_file_identifier: The identifier of the data file on this server.
        name: The name of the file.
        size: The size of the file. In byte.
        uploaded_at: When it was first uploaded.
    """

    data_file_identifier: str
    name: str
    size: int
    uploaded_at: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiLevelRange:
    """A range of protocol API levels.

    Attributes:
        minimum: The lowest level, for example 2.0.
        maximum: The highest level, for example 2.20.
    """

    minimum: str
    maximum: str


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/ProtocolService/v1")
_SUPPORT_FILE = wire.Structure(SupportFile, file_name=wire.STRING, content=wire.BINARY)
_DEFINED_SUPPORT_FILE = wire.Defined(_SUPPORT_FILE)
_ANALYSIS_ERROR = wire.Structure(AnalysisError, code=wire.STRING, detail=wire.STRING, line=wire.INTEGER)
_DEFINED_ANALYSIS_ERROR = wire.Defined(_ANALYSIS_ERROR)
_REQUIRED_PIPETTE = wire.Structure(RequiredPipette, mount=wire.STRING, pipette_name=wire.STRING)
_DEFINED_REQUIRED_PIPETTE = wire.Defined(_REQUIRED_PIPETTE)
_REQUIRED_LABWARE = wire.Structure(
    RequiredLabware, load_name=wire.STRING, definition_uri=wire.STRING, display_name=wire.STRING, location=wire.STRING
)
_DEFINED_REQUIRED_LABWARE = wire.Defined(_REQUIRED_LABWARE)
_REQUIRED_MODULE = wire.Structure(RequiredModule, module_model=wire.STRING, slot=wire.STRING)
_DEFINED_REQUIRED_MODULE = wire.Defined(_REQUIRED_MODULE)
_REQUIRED_LIQUID = wire.Structure(RequiredLiquid, name=wire.STRING, details=wire.STRING, volume=wire.REAL)
_DEFINED_REQUIRED_LIQUID = wire.Defined(_REQUIRED_LIQUID)
_PARAMETER_CHOICE = wire.Structure(ParameterChoice, value=wire.STRING, display_name=wire.STRING)
_DEFINED_PARAMETER_CHOICE = wire.Defined(_PARAMETER_CHOICE)
_PARAMETER_DEFINITION = wire.Structure(
    ParameterDefinition,
    name=wire.STRING,
    display_name=wire.STRING,
    details=wire.STRING,
    parameter_type=wire.STRING,
    unit_label=wire.STRING,
    default_value=wire.STRING,
    minimal_value=wire.STRING,
    maximal_value=wire.STRING,
    choices=wire.Repeated(_DEFINED_PARAMETER_CHOICE),
)
_DEFINED_PARAMETER_DEFINITION = wire.Defined(_PARAMETER_DEFINITION)
_TIP_RACK_USE = wire.Structure(TipRackUse, slot=wire.STRING, definition_uri=wire.STRING, tip_count=wire.INTEGER)
_DEFINED_TIP_RACK_USE = wire.Defined(_TIP_RACK_USE)
_ANALYSIS = wire.Structure(
    Analysis,
    analysis_identifier=wire.STRING,
    result=wire.STRING,
    errors=wire.Repeated(_DEFINED_ANALYSIS_ERROR),
    pipettes=wire.Repeated(_DEFINED_REQUIRED_PIPETTE),
    labware=wire.Repeated(_DEFINED_REQUIRED_LABWARE),
    modules=wire.Repeated(_DEFINED_REQUIRED_MODULE),
    liquids=wire.Repeated(_DEFINED_REQUIRED_LIQUID),
    parameters=wire.Repeated(_DEFINED_PARAMETER_DEFINITION),
    command_count=wire.INTEGER,
    estimated_duration=wire.REAL,
    tip_use=wire.Repeated(_DEFINED_TIP_RACK_USE),
    earliest_required_api_level=wire.STRING,
)
_DEFINED_ANALYSIS = wire.Defined(_ANALYSIS)
_PARAMETER_VALUE = wire.Structure(ParameterValue, name=wire.STRING, value=wire.STRING)
_DEFINED_PARAMETER_VALUE = wire.Defined(_PARAMETER_VALUE)
_PARAMETER_FILE = wire.Structure(ParameterFile, name=wire.STRING, data_file_identifier=wire.STRING)
_DEFINED_PARAMETER_FILE = wire.Defined(_PARAMETER_FILE)
_PROTOCOL_SUMMARY = wire.Structure(
    ProtocolSummary,
    protocol_identifier=wire.STRING,
    name=wire.STRING,
    author=wire.STRING,
    api_level=wire.STRING,
    robot_type=wire.STRING,
    protocol_key=wire.STRING,
    uploaded_at=wire.TIMESTAMP,
    content_hash=wire.STRING,
    last_analysis_result=wire.STRING,
    present_on_robot=wire.BOOLEAN,
)
_DEFINED_PROTOCOL_SUMMARY = wire.Defined(_PROTOCOL_SUMMARY)
_DATA_FILE = wire.Structure(
    DataFile, data_file_identifier=wire.STRING, name=wire.STRING, size=wire.INTEGER, uploaded_at=wire.TIMESTAMP
)
_DEFINED_DATA_FILE = wire.Defined(_DATA_FILE)
_API_LEVEL_RANGE = wire.Structure(ApiLevelRange, minimum=wire.STRING, maximum=wire.STRING)
_DEFINED_API_LEVEL_RANGE = wire.Defined(_API_LEVEL_RANGE)
UPLOAD_PROTOCOL: ObservableCommand[UploadProtocolResponses, None] = _FEATURE.observable_command(
    "UploadProtocol",
    ResponseMessage(Message(wire.STRING, wire.STRING, wire.BOOLEAN), UploadProtocolResponses),
    None,
    FileName=wire.STRING,
    Content=wire.BINARY,
    SupportFiles=wire.Repeated(_DEFINED_SUPPORT_FILE),
    LabwareDefinitions=wire.Repeated(wire.BINARY),
    ProtocolKey=wire.STRING,
)
ANALYZE_PROTOCOL: ObservableCommand[Analysis, float] = _FEATURE.observable_command(
    "AnalyzeProtocol",
    ResponseMessage(Message(_DEFINED_ANALYSIS), same),
    ResponseMessage(Message(wire.REAL), same),
    ProtocolIdentifier=wire.STRING,
    ParameterValues=wire.Repeated(_DEFINED_PARAMETER_VALUE),
    ParameterFiles=wire.Repeated(_DEFINED_PARAMETER_FILE),
    AnalysisTimeout=wire.REAL,
)
DELETE_PROTOCOL: CallDefinition[None] = _FEATURE.command(
    "DeleteProtocol", ResponseMessage(Message(), nothing), ProtocolIdentifier=wire.STRING
)
RETRIEVE_PROTOCOL_FILE: CallDefinition[bytes] = _FEATURE.command(
    "RetrieveProtocolFile",
    ResponseMessage(Message(wire.BINARY), same),
    ProtocolIdentifier=wire.STRING,
    FileName=wire.STRING,
)
UPLOAD_DATA_FILE: CallDefinition[str] = _FEATURE.command(
    "UploadDataFile", ResponseMessage(Message(wire.STRING), same), FileName=wire.STRING, Content=wire.BINARY
)
DELETE_DATA_FILE: CallDefinition[None] = _FEATURE.command(
    "DeleteDataFile", ResponseMessage(Message(), nothing), DataFileIdentifier=wire.STRING
)
RETRIEVE_ANALYSIS_DOCUMENT: CallDefinition[bytes] = _FEATURE.command(
    "RetrieveAnalysisDocument",
    ResponseMessage(Message(wire.BINARY), same),
    ProtocolIdentifier=wire.STRING,
    AnalysisIdentifier=wire.STRING,
)
PROTOCOLS: CallDefinition[list[ProtocolSummary]] = _FEATURE.observable_property(
    "Protocols", wire.Repeated(_DEFINED_PROTOCOL_SUMMARY)
)
DATA_FILES: CallDefinition[list[DataFile]] = _FEATURE.observable_property(
    "DataFiles", wire.Repeated(_DEFINED_DATA_FILE)
)
SUPPORTED_API_LEVEL_RANGE: CallDefinition[ApiLevelRange] = _FEATURE.property(
    "SupportedApiLevelRange", _DEFINED_API_LEVEL_RANGE
)


class ProtocolService(Feature[Link]):
    """Receives protocols, keeps them, and has the robot analyze them. A protocol is uploaded as bytes. From then on it
    is identified by an identifier that this server assigns; no command takes a path on a disk. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/ProtocolService/v1"

    def upload_protocol(
        self,
        file_name: str,
        content: bytes,
        *,
        support_files: Sequence[SupportFile] = (),
        labware_definitions: Sequence[bytes] = (),
        protocol_key: str | None = None,
    ) -> Execution[UploadProtocolResponses, None]:
        """Takes a protocol with all its files, checks it, and keeps it. Uploading the same content again returns the
        same identifier and sends nothing. The command takes from a second to a few minutes, depending on size and
        network. Cancel stops it: a protocol that is not kept yet is discarded. If the robot has already accepted
        it, it remains there without effect.

        Args:
            file_name: The name of the main file, ending in .py for Python, .json for JSON, or .zip for an archive
                of all files. Only the last part of a path is used.
            content: The bytes of the main file, or of the archive.
            support_files: Further files that the protocol needs: data files (.csv, .txt) and labware definitions
                (.json); on robot releases 4.x any files.
            labware_definitions: Custom labware that the protocol loads, one Opentrons labware definition (JSON)
                each.
            protocol_key: A text, chosen by the client, that is kept with the protocol, for example an order number.
                If the same content was uploaded before, this key replaces the one it had. None means none, or
                leaves the key that the protocol has.

        The result of the execution:
            protocol_identifier: The identifier of the protocol on this server. It stays valid until Delete
                Protocol, also when the robot has forgotten the protocol in the meantime.
            content_hash: The SHA-256 hash of all the files, in hexadecimal digits.
            already_present: True if the same content was already there, so that nothing was sent.

        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty, UnsupportedByRobot.
        """
        return Execution.start(
            self._link,
            UPLOAD_PROTOCOL,
            (
                file_name,
                content,
                support_files,
                labware_definitions,
                "" if protocol_key is None else protocol_key,
            ),
        )

    def analyze_protocol(
        self,
        protocol_identifier: str,
        *,
        parameter_values: Sequence[ParameterValue] = (),
        parameter_files: Sequence[ParameterFile] = (),
        analysis_timeout: float | None = None,
    ) -> Execution[Analysis, float]:
        """Has the robot simulate the protocol without moving anything, and returns what the robot found. A protocol
        with errors does not end the command with an error: its Result is NotOk, and its Errors name the lines. The
        command takes from a second to several minutes, and works while a run is active. If the robot is still
        analyzing the same protocol, the command waits for that analysis first. Cancel ends the wait at once; the
        robot may still finish the analysis.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            parameter_values: Values for run-time parameters of the protocol, each by its name. A parameter that is
                not named keeps its default. Names and values are checked before anything is sent to the robot.
            parameter_files: Data files for the CSV parameters of the protocol, each by its name.
            analysis_timeout: How long to wait for the analysis. In s, at least 0, at most 86400. None means the
                default of this server, which is five minutes unless configured otherwise.

        The result of the execution:
            analysis: What the robot found.

        Errors: ProtocolNotFound, AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, CommandCancelled, ProtocolInvalid,
        RobotFaulty, StorageFull.
        """
        return Execution.start(
            self._link,
            ANALYZE_PROTOCOL,
            (
                protocol_identifier,
                parameter_values,
                parameter_files,
                0.0 if analysis_timeout is None else analysis_timeout,
            ),
        )

    def delete_protocol(self, protocol_identifier: str) -> None:
        """Deletes a protocol with its files and analyses from this server, and from the robot if it is there and no
        run of the robot uses it. Records of finished runs are kept. The command answers at once and moves nothing;
        it also works while the robot cannot be reached; the robot then deletes the protocol itself at some later
        time.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.

        Errors: ProtocolNotFound, ProtocolInUse, RobotFaulty, StorageFull.
        """
        self._link.command(DELETE_PROTOCOL, (protocol_identifier,))

    def retrieve_protocol_file(self, protocol_identifier: str, *, file_name: str | None = None) -> bytes:
        """Returns one file of a protocol as it was uploaded. It is read from the disk of this server, so the robot
        does not have to be reachable. The command answers at once.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            file_name: The name of the file, as it was given at the upload. None means the main file.

        Returns:
            content: The bytes of the file.

        Errors: ProtocolNotFound, FileNotFound.
        """
        return self._link.command(
            RETRIEVE_PROTOCOL_FILE,
            (
                protocol_identifier,
                "" if file_name is None else file_name,
            ),
        )

    def upload_data_file(self, file_name: str, content: bytes) -> str:
        """Takes a CSV file for use as a run-time parameter, and keeps it. Uploading the same content again returns the
        same identifier. The file is sent to the robot when a protocol is analyzed or run with it. The command
        answers at once.

        Args:
            file_name: The name of the file, ending in .csv. Only the last part of a path is used.
            content: The bytes of the file: text in UTF-8, at most 2 megabytes. A byte order mark, which Excel
                writes, is removed.

        Returns:
            data_file_identifier: The identifier of the data file on this server. It stays valid until Delete Data
                File.

        Errors: DataFileInvalid, DataFileTooLarge, StorageFull.
        """
        return self._link.command(
            UPLOAD_DATA_FILE,
            (
                file_name,
                content,
            ),
        )

    def delete_data_file(self, data_file_identifier: str) -> None:
        """Deletes a data file from this server. A copy on the robot stays there until the robot deletes it. The
        command answers at once and moves nothing.

        Args:
            data_file_identifier: The identifier that Upload Data File returned.

        Errors: DataFileNotFound, DataFileInUse, StorageFull.
        """
        self._link.command(DELETE_DATA_FILE, (data_file_identifier,))

    def retrieve_analysis_document(self, protocol_identifier: str, *, analysis_identifier: str | None = None) -> bytes:
        """Returns a completed analysis as the JSON document that the robot wrote, with every command of the simulated
        run. It is read from the disk of this server, so the robot does not have to be reachable. The command
        answers within about a second.

        Args:
            protocol_identifier: The identifier that Upload Protocol returned.
            analysis_identifier: The identifier in the result of Analyze Protocol. None means the latest analysis.

        Returns:
            document: The analysis, as the robot wrote it.

        Errors: ProtocolNotFound, AnalysisNotFound.
        """
        return self._link.command(
            RETRIEVE_ANALYSIS_DOCUMENT,
            (
                protocol_identifier,
                "" if analysis_identifier is None else analysis_identifier,
            ),
        )

    @property
    def protocols(self) -> ObservableProperty[list[ProtocolSummary]]:
        """The protocols that this server keeps, oldest first. Protocols that other clients put on the robot are not
        listed.
        """
        return ObservableProperty(self._link, PROTOCOLS)

    @property
    def data_files(self) -> ObservableProperty[list[DataFile]]:
        """The data files that this server keeps, oldest first."""
        return ObservableProperty(self._link, DATA_FILES)

    @property
    def supported_api_level_range(self) -> Property[ApiLevelRange]:
        """The range of protocol API levels that the robot supports, as it last reported."""
        return Property(self._link, SUPPORTED_API_LEVEL_RANGE)
