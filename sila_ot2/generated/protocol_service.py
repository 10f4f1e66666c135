"""The feature ProtocolService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class SupportFile(NamedTuple):
    """A further file of a protocol."""

    FileName: str
    """The name of the file. Only the last part of a path is used."""
    Content: bytes
    """The bytes of the file."""


class ParameterValue(NamedTuple):
    """A value for a run-time parameter of a protocol."""

    Name: str
    """The name of the variable that the protocol declares."""
    Value: str
    """The value as text. It is converted by the type that the protocol declares: a whole number, a decimal number with
    a point, true or false, or the text itself.
    """


class ParameterFile(NamedTuple):
    """A data file for a CSV parameter of a protocol."""

    Name: str
    """The name of the variable that the protocol declares."""
    DataFileIdentifier: str
    """The identifier that Upload Data File returned."""


class AnalysisError(NamedTuple):
    """An error that the robot found in a protocol."""

    Code: str
    """The error code or the error type of the robot."""
    Detail: str
    """The robot's own text."""
    Line: int
    """The line of the protocol, counted from 1. Zero means that the robot names no line."""


class RequiredPipette(NamedTuple):
    """A pipette that a protocol uses."""

    Mount: str
    """The mount it has to be attached to."""
    PipetteName: str
    """The robot's name for the pipette, for example p300_single_gen2."""


class RequiredLabware(NamedTuple):
    """A piece of labware that a protocol loads."""

    LoadName: str
    """The load name of the labware definition."""
    DefinitionUri: str
    """The labware definition, written as namespace/load name/version."""
    DisplayName: str
    """The name that the protocol gives to it. It may be empty."""
    Location: str
    """The slot, the module model with its slot, the labware that it is on, or offDeck."""


class RequiredModule(NamedTuple):
    """A module that a protocol uses."""

    ModuleModel: str
    """The robot's name for the model, for example temperatureModuleV2."""
    Slot: str
    """The slot that it has to be in."""


class RequiredLiquid(NamedTuple):
    """A liquid that a protocol declares."""

    Name: str
    """The name of the liquid."""
    Details: str
    """The description that the protocol gives. It may be empty."""
    Volume: float
    """The volume that the protocol declares as loaded, in all wells together."""


class ParameterChoice(NamedTuple):
    """One of the values that a run-time parameter accepts."""

    Value: str
    """The value as text."""
    DisplayName: str
    """The name for users."""


class ParameterDefinition(NamedTuple):
    """A run-time parameter that a protocol declares."""

    Name: str
    """The name of the variable, for use in Parameter Values."""
    DisplayName: str
    """The name for users."""
    Details: str
    """The description that the protocol gives. It may be empty."""
    ParameterType: str
    """The type of the value. File means a CSV file."""
    UnitLabel: str
    """The unit of the value as text. It may be empty."""
    DefaultValue: str
    """The default as text. It is empty if there is none."""
    MinimalValue: str
    """The smallest value allowed, as text. It is empty if there is no limit."""
    MaximalValue: str
    """The largest value allowed, as text. It is empty if there is no limit."""
    Choices: list[ParameterChoice]
    """The values allowed. The list is empty if the value is not limited to choices."""


class TipRackUse(NamedTuple):
    """How many tips a protocol picks up from a rack."""

    Slot: str
    """The slot of the tip rack."""
    DefinitionUri: str
    """The labware definition of the tip rack."""
    TipCount: int
    """The number of tips."""


class Analysis(NamedTuple):
    """What the robot found when it simulated a protocol."""

    AnalysisIdentifier: str
    """The identifier that the robot gave this analysis."""
    Result: str
    """Ok: the protocol can run. NotOk: it has errors. ParameterValueRequired: a parameter without a default needs a
    value first.
    """
    Errors: list[AnalysisError]
    """The errors that were found. The list is empty if the result is Ok."""
    Pipettes: list[RequiredPipette]
    """The pipettes that the protocol uses."""
    Labware: list[RequiredLabware]
    """The labware that the protocol loads."""
    Modules: list[RequiredModule]
    """The modules that the protocol uses."""
    Liquids: list[RequiredLiquid]
    """The liquids that the protocol declares."""
    Parameters: list[ParameterDefinition]
    """The run-time parameters that the protocol declares."""
    CommandCount: int
    """How many commands the run consists of."""
    EstimatedDuration: float
    """How long the run is expected to last without pauses. The robot does not report this; this server estimates it
    from volumes, flow rates, and distances.
    """
    TipUse: list[TipRackUse]
    """How many tips the protocol picks up from each rack."""
    EarliestRequiredApiLevel: str
    """The protocol API level that the protocol requires. It is empty for JSON protocols."""


class ProtocolSummary(NamedTuple):
    """A protocol that this server keeps."""

    ProtocolIdentifier: str
    """The identifier of the protocol on this server."""
    Name: str
    """The name in the protocol's metadata, or else the name of its main file."""
    Author: str
    """The author in the protocol's metadata. It may be empty."""
    ApiLevel: str
    """The protocol API level, or the schema version of a JSON protocol. It may be empty."""
    RobotType: str
    """The model of robot the protocol is written for. It may be empty."""
    ProtocolKey: str
    """The text given at upload. It may be empty."""
    UploadedAt: datetime.datetime
    """When it was first uploaded."""
    ContentHash: str
    """The SHA-256 hash of all the files, in hexadecimal digits."""
    LastAnalysisResult: str
    """The result of the latest analysis."""
    PresentOnRobot: bool
    """True if the robot had the protocol when it was last queried. If not, the protocol is sent again when it is
    needed.
    """


class DataFile(NamedTuple):
    """A data file that this server keeps."""

    DataFileIdentifier: str
    """The identifier of the data file on this server."""
    Name: str
    """The name of the file."""
    Size: int
    """The size of the file."""
    UploadedAt: datetime.datetime
    """When it was first uploaded."""


class ApiLevelRange(NamedTuple):
    """A range of protocol API levels."""

    Minimum: str
    """The lowest level, for example 2.0."""
    Maximum: str
    """The highest level, for example 2.20."""


class UploadProtocolResponses(NamedTuple):
    """Responses of UploadProtocol."""

    ProtocolIdentifier: str
    """The identifier of the protocol on this server. It stays valid until Delete Protocol, also when the robot has
    forgotten the protocol in the meantime.
    """
    ContentHash: str
    """The SHA-256 hash of all the files, in hexadecimal digits."""
    AlreadyPresent: bool
    """True if the same content was already there, so that nothing was sent."""


class ProtocolServiceBase(ABC):
    """Receives protocols, keeps them, and has the robot analyze them. A protocol is uploaded as bytes. From then on it
    is identified by an identifier that this server assigns; no command takes a path on a disk. Nothing in this
    feature moves the robot, so it works at any time, also while a run is active.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/ProtocolService/v1"

    Protocols: ObservableProperty[list[ProtocolSummary]]
    """The protocols that this server keeps, oldest first. Protocols that other clients put on the robot are not
    listed.
    """

    DataFiles: ObservableProperty[list[DataFile]]
    """The data files that this server keeps, oldest first."""

    @abstractmethod
    def UploadProtocol(
        self,
        FileName: str,
        Content: bytes,
        SupportFiles: list[SupportFile],
        LabwareDefinitions: list[bytes],
        ProtocolKey: str,
        *,
        execution: Any,
    ) -> UploadProtocolResponses:
        """Takes a protocol with all its files, checks it, and keeps it. Uploading the same content again returns the
        same identifier and sends nothing. The command takes from a second to a few minutes, depending on size and
        network. Cancel stops it: a protocol that is not kept yet is discarded. If the robot has already accepted
        it, it remains there without effect.

        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        RobotUnreachable, RobotRejected, CommandCancelled, RobotFaulty, UnsupportedByRobot
        """

    @abstractmethod
    def AnalyzeProtocol(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        AnalysisTimeout: float,
        *,
        execution: Any,
    ) -> Analysis:
        """Has the robot simulate the protocol without moving anything, and returns what the robot found. A protocol
        with errors does not end the command with an error: its Result is NotOk, and its Errors name the lines. The
        command takes from a second to several minutes, and works while a run is active. If the robot is still
        analyzing the same protocol, the command waits for that analysis first. Cancel ends the wait at once; the
        robot may still finish the analysis.

        Intermediate response: float
        Errors: ProtocolNotFound, AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, CommandCancelled, ProtocolInvalid,
        RobotFaulty, StorageFull
        """

    @abstractmethod
    def DeleteProtocol(self, ProtocolIdentifier: str, *, call: Any) -> None:
        """Deletes a protocol with its files and analyses from this server, and from the robot if it is there and no
        run of the robot uses it. Records of finished runs are kept. The command answers at once and moves nothing;
        it also works while the robot cannot be reached; the robot then deletes the protocol itself at some later
        time.

        Errors: ProtocolNotFound, ProtocolInUse, RobotFaulty, StorageFull
        """

    @abstractmethod
    def RetrieveProtocolFile(self, ProtocolIdentifier: str, FileName: str, *, call: Any) -> bytes:
        """Returns one file of a protocol as it was uploaded. It is read from the disk of this server, so the robot
        does not have to be reachable. The command answers at once.

        Errors: ProtocolNotFound, FileNotFound
        """

    @abstractmethod
    def UploadDataFile(self, FileName: str, Content: bytes, *, call: Any) -> str:
        """Takes a CSV file for use as a run-time parameter, and keeps it. Uploading the same content again returns the
        same identifier. The file is sent to the robot when a protocol is analyzed or run with it. The command
        answers at once.

        Errors: DataFileInvalid, DataFileTooLarge, StorageFull
        """

    @abstractmethod
    def DeleteDataFile(self, DataFileIdentifier: str, *, call: Any) -> None:
        """Deletes a data file from this server. A copy on the robot stays there until the robot deletes it. The
        command answers at once and moves nothing.

        Errors: DataFileNotFound, DataFileInUse, StorageFull
        """

    @abstractmethod
    def RetrieveAnalysisDocument(self, ProtocolIdentifier: str, AnalysisIdentifier: str, *, call: Any) -> bytes:
        """Returns a completed analysis as the JSON document that the robot wrote, with every command of the simulated
        run. It is read from the disk of this server, so the robot does not have to be reachable. The command
        answers within about a second.

        Errors: ProtocolNotFound, AnalysisNotFound
        """

    @abstractmethod
    def SupportedApiLevelRange(self, *, call: Any) -> ApiLevelRange:
        """The range of protocol API levels that the robot supports, as it last reported."""
