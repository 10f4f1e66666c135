"""The feature RunController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class WellUse(NamedTuple):
    """What a run has done to a well."""

    Slot: str
    """The slot where the labware stood when the run used it last."""
    LabwareIdentifier: str
    """The identifier of the labware in the run; labware that was exchanged in one slot differs by it."""
    DefinitionUri: str
    """The labware definition."""
    Well: str
    """The name of the well."""
    DrawnVolume: float
    """The volume drawn from it, mixing included, as far as it is certain."""
    DispensedVolume: float
    """The volume of liquid dispensed into it, mixing included, as far as it is certain. Air is not counted."""
    InDoubt: bool
    """Whether something else may have been drawn or dispensed: a command there failed after it had begun, too little
    was in the well, or what the tip held is not known.
    """


class TipRackUse(NamedTuple):
    """Which tips of a rack a run has used."""

    Slot: str
    """The slot where the labware stood when the run used it last."""
    LabwareIdentifier: str
    """The identifier of the labware in the run; labware that was exchanged in one slot differs by it."""
    DefinitionUri: str
    """The labware definition."""
    TakenTips: list[str]
    """The places from which the run took a tip."""
    ReturnedTips: list[str]
    """The places into which the run put a used tip back."""
    DoubtfulTips: list[str]
    """The places where picking up or dropping failed, or its outcome is not known."""


class RunFile(NamedTuple):
    """A file that the robot keeps of a run."""

    FileIdentifier: str
    """The identifier, for Retrieve Run File."""
    FileName: str
    """The name that the robot gives the file."""
    MediaType: str
    """The type of the content, for example image/jpeg; empty if the robot does not say it."""
    Generated: bool
    """True if the run made the file, false if one of its parameters took it."""
    Stored: bool
    """True if the robot has the content and Retrieve Run File can read it."""


class ParameterValue(NamedTuple):
    """A value for a run-time parameter of a protocol."""

    Name: str
    """The name of the variable that the protocol declares."""
    Value: str
    """The value as text. It is converted by the type that the protocol declares: a whole number, a decimal number with
    a point, true or false, or the text itself. NextFreeTip stands for the place of the next unused tip, for example
    C1, in the declared rack from which the protocol takes its first tip.
    """


class ParameterFile(NamedTuple):
    """A data file for a CSV parameter of a protocol."""

    Name: str
    """The name of the variable that the protocol declares."""
    DataFileIdentifier: str
    """The identifier that Upload Data File of the feature Protocol Service returned."""


class SupportFile(NamedTuple):
    """A further file of a protocol."""

    FileName: str
    """The name of the file. Only the last part of a path is used."""
    Content: bytes
    """The bytes of the file."""


class LabwareOffset(NamedTuple):
    """The difference between the position of a piece of labware and its position by definition."""

    DefinitionUri: str
    """The labware definition, written as namespace/load name/version."""
    Slot: str
    """The slot of the deck."""
    ModuleModel: str
    """The model of the module under the labware. Default: empty, which means none."""
    X: float
    """The offset to the right."""
    Y: float
    """The offset to the back."""
    Z: float
    """The offset upward."""


class LeftOutOffset(NamedTuple):
    """A stored labware offset that was not applied to a run."""

    DefinitionUri: str
    """The definition of the labware."""
    Slot: str
    """The slot of the deck."""
    ModuleModel: str
    """The model of the module under the labware; empty if there is none."""
    Reason: str
    """Why it was not applied."""


class RunProgress(NamedTuple):
    """The progress of a run."""

    RunIdentifier: str
    """The run. It is empty until the robot has created it."""
    Status: str
    """The status of the run."""
    CurrentCommandName: str
    """The robot's name for the current command, for example aspirate. It may be empty."""
    CurrentStepText: str
    """The current step, in words. It may be empty."""
    CompletedCommands: int
    """How many commands have ended."""
    TotalCommands: int
    """How many commands the run has according to the analysis. Zero means that this is not known."""
    PauseReason: str
    """Why the run is paused. ByClient means by a client of this server, or of the robot if another client started the
    run. BySomebodyElse means that this server did not ask for the pause of its own run: another client did, or
    somebody pressed the front button of the robot.
    """
    OperatorMessage: str
    """The message of the protocol to the operator. It may be empty."""


class CommandFailure(NamedTuple):
    """A command of a run that failed."""

    Index: int
    """The index of the command in the run, counted from 0."""
    CommandName: str
    """The robot's name for the command, for example aspirate."""
    ErrorCode: str
    """The error code or the error type of the robot."""
    ErrorDetail: str
    """The robot's own text."""
    Advice: str
    """What to do about it."""


class MountTipState(NamedTuple):
    """Whether a tip is on the pipette of a mount."""

    Mount: str
    """The mount."""
    TipState: str
    """The state that follows from the robot's commands; the robot has no sensor for tips."""


class ForeignAction(NamedTuple):
    """An action on a run that this server did not ask for."""

    Action: str
    """The action, as the robot names it: play, pause or stop. Play also resumes. Newer robots may have others."""
    OccurredAt: datetime.datetime
    """When the robot accepted the action, by the clock of the robot. If the robot does not report that, when this
    server first saw the action.
    """


class OwnAction(NamedTuple):
    """An action on a run that this server asked for."""

    Action: str
    """The action, as the robot names it: play, pause or stop. Play also resumes. Newer robots may have others."""
    OccurredAt: datetime.datetime
    """When the robot accepted the action, by the clock of the robot. If the robot does not report that, when this
    server first saw the action.
    """


class ActivePart(NamedTuple):
    """A part of a module that heats, cools, shakes, or is raised, or that is still hot."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it, for example temperatureModuleV2."""
    Part: str
    """Which part of the module it is."""
    Activity: str
    """What it does, in words, for example: set to 70 °C, at 62.1 °C."""


class CompletedRun(NamedTuple):
    """The record of a run that has ended."""

    RunIdentifier: str
    """The run."""
    Origin: str
    """Who started the run."""
    ProtocolIdentifier: str
    """The protocol on this server. It is empty if the run was started by another client or had no protocol."""
    Label: str
    """The label given with the run. It may be empty."""
    Result: str
    """How the run ended."""
    StartedAt: list[datetime.datetime]
    """When the run was started, by the clock of the robot. The list is empty if it was never started."""
    CompletedAt: list[datetime.datetime]
    """When the run ended, by the clock of the robot. The list is empty if the robot does not know, because it
    restarted in between.
    """
    Duration: float
    """The time from start to end, including pauses. It is zero if the run was never started or its end is not known."""
    CompletedCommands: int
    """How many commands were carried out."""
    TotalCommands: int
    """How many commands the run has according to the analysis. Zero means that this is not known."""
    Explanation: str
    """Why the run did not succeed, with the robot's own text if there is one. It is empty if the run succeeded."""
    FailedCommand: list[CommandFailure]
    """The command that failed. The list is empty if none failed."""
    TipsUsed: int
    """How many tips were picked up."""
    FinalTipState: list[MountTipState]
    """Whether a tip is on each pipette after the run."""
    RobotSoftwareVersion: str
    """The software release of the robot."""
    ForeignActions: list[ForeignAction]
    """What was done to a run of this server that this server did not ask for, oldest first: by another client, or with
    the front button of the robot. The server neither undoes nor repeats it.
    """
    OwnActions: list[OwnAction]
    """What this server asked of a run of its own for its clients, oldest first: its start, pauses, resumptions, and
    its stop.
    """
    AppliedOffsets: list[LabwareOffset]
    """The labware offsets that this server created the run with; empty for runs of other clients."""
    LeftOutOffsets: list[LeftOutOffset]
    """The stored labware offsets for labware of the protocol that were not applied, although Use Stored Offsets was
    true, and why.
    """
    ActiveParts: list[ActivePart]
    """What was still hot, heated, cooled, shaking or raised in the attached modules, as the robot reported it when
    this server saw the end of the run; if it did not answer then, as it had reported it last. No module switches
    off by itself. With the setting modules.switch_off_after it is switched off afterwards. The list is also empty
    if this server did not see the end of the run, or if the robot has not reported its modules.
    """
    Simulated: bool
    """True if the run was on the simulated robot of the feature Simulation Controller: nothing moved."""


class RunSummary(NamedTuple):
    """A run that is current on the robot."""

    RunIdentifier: str
    """The run."""
    Origin: str
    """Who started the run."""
    Status: str
    """The status of the run."""
    ProtocolIdentifier: str
    """The protocol on this server. It is empty if the run was started by another client or has no protocol."""
    Label: str
    """The label given with the run. It may be empty."""
    StartedAt: list[datetime.datetime]
    """When the run was started, by the clock of the robot. The list is empty if it has not been started."""
    CompletedCommands: int
    """How many commands have ended."""
    TotalCommands: int
    """How many commands the run has according to the analysis. Zero means that this is not known."""
    TipsUsed: int
    """How many tips the run has picked up so far."""
    RemainingTime: list[float]
    """How long the run is expected to continue. The list is empty if that is not known."""
    PauseReason: str
    """Why the run is paused. ByClient means by a client of this server, or of the robot if another client started the
    run. BySomebodyElse means that this server did not ask for the pause of its own run: another client did, or
    somebody pressed the front button of the robot.
    """
    PauseMessage: str
    """The message with which the protocol paused. It may be empty."""
    ForeignActions: list[ForeignAction]
    """What was done to a run of this server that this server did not ask for, oldest first: by another client, or with
    the front button of the robot. The server neither undoes nor repeats it.
    """


class Obstacle(NamedTuple):
    """A reason why a run may not start now, or a warning."""

    Code: str
    """The reason in one word. If the reason is also an error, this is the identifier of the error."""
    Explanation: str
    """The reason, in words."""
    Remedy: str
    """What to do."""


class Permission(NamedTuple):
    """Whether a run may start now."""

    Allowed: bool
    """True if a run may start now."""
    Reasons: list[Obstacle]
    """What prevents it, and warnings. If a run may start now, these are warnings only. The list is empty if there are
    none.
    """


class StopRunResponses(NamedTuple):
    """Responses of StopRun."""

    RunIdentifier: str
    """The run that was stopped."""
    FinalStatus: str
    """How the run ended. It may have ended by itself before the stop took effect."""
    DroppedTipMounts: list[str]
    """The mounts whose tip the robot dropped into the trash while it stopped. The list is empty if no tip was attached
    or if the run had not been started.
    """


class RetrieveDeckUseResponses(NamedTuple):
    """Responses of RetrieveDeckUse."""

    Wells: list[WellUse]
    """The wells that the run drew from or dispensed into."""
    Tips: list[TipRackUse]
    """The tip racks that the run used."""
    Complete: bool
    """Whether this is all that the run has done. If it is false, any well and any tip may have been used besides: the
    commands could not be read to the end, or liquid was moved at a place that is not known.
    """


class RunControllerBase(ABC):
    """Runs protocols on the robot and watches, pauses, resumes, and stops them. Only one run is current on the robot
    at a time. While another command of this server moves the robot, starting a run is refused as not accepted and
    the message names the command; there is no queue. Pause Run, Resume Run, and Stop Run never wait for other
    commands.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/RunController/v1"

    CurrentRun: ObservableProperty[list[RunSummary]]
    """The run that is current on the robot, whoever started it, as the robot last reported. The list is empty if there
    is none and has one element otherwise. The run of a session of single commands is not shown here.
    """

    RunStatus: ObservableProperty[str]
    """The status of the current run in one word, as the robot last reported. NoRun: no run is current; the run of a
    session of single commands does not count. Unknown: the robot cannot be reached, or reported a status that this
    server does not know.
    """

    StartPermission: ObservableProperty[Permission]
    """Whether a run may start now and, if not, why and what to do. The reasons are those for which a start would be
    refused, and warnings. If a run that was created on this server waits to be started, the needs of its protocol
    are included; for other protocols they are checked at the start. It is the same for each client: the lock of the
    server and the rights of a user are not among the reasons.
    """

    RunHistory: ObservableProperty[list[CompletedRun]]
    """The records of the last runs from the archive of this server, newest first, at most 50. The robot itself keeps
    only the last twenty runs.
    """

    OperatorPrompt: ObservableProperty[str]
    """The message with which the protocol paused the run, for example a request to change a plate. It is empty if
    there is none. A protocol for an API before 2.14 waits once for several messages that follow one another; all of
    them are shown, with semicolons between them. Continue with Resume Run.
    """

    NextSteps: ObservableProperty[list[str]]
    """What the current run does after its current step, in words: at most five steps, the next one first, from the
    analysis of the protocol. The list is empty if there is no analysis, if the run has ended, and once the run has
    done something that is not in the analysis.
    """

    @abstractmethod
    def RunProtocol(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Any,
    ) -> CompletedRun:
        """Runs a protocol from beginning to end and returns its record when it has succeeded. If the current run has
        ended, the new run replaces it. The command lasts as long as the run; it continues while no client is
        connected, and while the robot is unreachable for some time. Progress is the completed part of the estimated
        duration. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller pauses it. A run
        that fails or is stopped ends with an error.

        Intermediate response: RunProgress
        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated
        """

    @abstractmethod
    def RunUploadedFile(
        self,
        FileName: str,
        Content: bytes,
        SupportFiles: list[SupportFile],
        LabwareDefinitions: list[bytes],
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Any,
    ) -> CompletedRun:
        """Uploads a protocol with all its files, analyzes it, and runs it, in one call; see Upload Protocol and
        Analyze Protocol of the feature Protocol Service, and Run Protocol. A protocol with errors is refused before
        anything moves. The command lasts until the run has ended. Cancel stops the run like Stop Run, and Pause of
        the feature Pause Controller pauses it. If the command is cancelled before the run has started, the protocol
        stays uploaded and nothing moves.

        Intermediate response: RunProgress
        Errors: ProtocolInvalid, RobotTypeMismatch, LabwareDefinitionInvalid, ProtocolTooLarge, StorageFull,
        AnalysisFailed, AnalysisTimedOut, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, RunActionNotAllowed, RunNotFound,
        StopTimedOut, TipAlreadyAttached, NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def CreateRun(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        *,
        execution: Any,
    ) -> str:
        """Creates a run of a protocol without starting it, for example to let an operator confirm it first. If the
        current run has ended, the new run replaces it. Start the run with Start Run, or release it with Release
        Run. Nothing moves. The command takes from a second to about a minute. Cancel ends the wait; a run that the
        robot has created by then is released.

        Errors: ProtocolNotFound, ProtocolInvalid, ParameterUnknown, ParameterInvalid, LabwareOffsetInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RobotUnreachable, CommandCancelled,
        RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty, StorageFull, TipAlreadyAttached,
        NotEnoughLiquid, TipContaminated
        """

    @abstractmethod
    def StartRun(self, RunIdentifier: str, RequestKey: str, *, execution: Any) -> CompletedRun:
        """Starts a run that Create Run created and returns its record when it has succeeded. The command lasts as long
        as the run, like Run Protocol. Cancel stops the run like Stop Run, and Pause of the feature Pause Controller
        pauses it. A run that fails or is stopped ends with an error.

        Intermediate response: RunProgress
        Errors: ParameterInvalid, RunNotFound, RunActionNotAllowed, RobotBusy, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, PipetteMissing, ModuleMissing, DeckMismatch,
        NoTipAvailable, CameraDisabled, CalibrationMissing, DeckUnsafe, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, RobotFaulty, StopTimedOut, StorageFull, NotEnoughLiquid,
        TipContaminated
        """

    @abstractmethod
    def AttachToRun(self, RunIdentifier: str, *, execution: Any) -> CompletedRun:
        """Watches a run to its end, whoever started it, and returns its record when it has succeeded. It is for
        clients that connect again after this server was restarted. The command lasts until the run has ended and
        never moves or changes anything. After Cancel, the run continues. A run that fails or is stopped ends with
        an error.

        Intermediate response: RunProgress
        Errors: RunNotFound, RunFailed, RunStopped, RobotRestarted, RobotUnreachable, CommandCancelled,
        OutcomeUnknown, RobotFaulty, StorageFull
        """

    @abstractmethod
    def PauseRun(self, RunIdentifier: str, *, call: Any) -> None:
        """Pauses a running run after the current movement. The command answers as soon as the robot reports the pause,
        usually within a second. The run stays paused until Resume Run or Stop Run.

        Errors: RunNotFound, RunActionNotAllowed, RobotUnreachable, RobotRejected, OutcomeUnknown, RobotChanged,
        RobotFaulty, StorageFull
        """

    @abstractmethod
    def ResumeRun(self, RunIdentifier: str, *, call: Any) -> None:
        """Resumes a paused run, also one that was paused by the protocol with a message to the operator, or by an open
        door. The command answers as soon as the robot reports that it runs, usually within a second. Close the door
        first. A run that is not paused is not resumed: the command ends with Run Action Not Allowed.

        Errors: RunNotFound, RunActionNotAllowed, RobotBusy, SafetyStopActive, DoorOpen, RobotUnreachable,
        RobotRejected, OutcomeUnknown, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def StopRun(self, RunIdentifier: str, Force: bool, *, execution: Any) -> StopRunResponses:
        """Stops a run, which cannot be resumed, and ends when the robot has stopped. The robot stops its movement,
        homes, and, if the run had been started, drops its tips into the trash with any liquid in them. This takes
        up to about half a minute, and the command waits only for a limited time. A session of single commands that
        is named with Force is aborted: its movement ends where it is, the position of the robot is lost, and tips
        stay attached. This is not an emergency stop. Cancel ends only the wait; the stop stays in effect.

        Errors: RunNotFound, RunActionNotAllowed, StopTimedOut, RobotRestarted, RobotUnreachable, RobotRejected,
        OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def ReleaseRun(self, RunIdentifier: str, Force: bool, *, execution: Any) -> None:
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

        Errors: RunNotFound, RunStillActive, TipAlreadyAttached, NotReconciled, StopTimedOut, RobotBusy,
        RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled, RobotChanged, RobotFaulty,
        RobotRestarted, StorageFull
        """

    @abstractmethod
    def DeleteRun(self, RunIdentifier: str, *, call: Any) -> None:
        """Deletes a run that has ended from the robot. The record in the archive of this server is kept, so Run
        History and Retrieve Run Log still show it. The command answers within about a second and moves nothing.

        Errors: RunNotFound, RunStillActive, RobotBusy, RobotUnreachable, RobotRejected, OutcomeUnknown,
        RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def RetrieveRunLog(self, RunIdentifier: str, Format: str, *, execution: Any) -> bytes:
        """Returns every command of a run with its parameters, times, and outcome. Ended runs are read from the archive
        of this server, others from the robot page by page, which takes several seconds for thousands of commands.
        Nothing moves. After Cancel, the command ends without a result.

        Errors: RunNotFound, RobotUnreachable, CommandCancelled, RobotFaulty, StorageFull
        """

    @abstractmethod
    def RetrieveDeckUse(self, RunIdentifier: str, *, call: Any) -> RetrieveDeckUseResponses:
        """Returns what a run has done to the wells and tip racks of the deck, whoever started it: what it drew from
        each well and dispensed into it, and which tips it took. Of a run that goes on, these are the commands that
        have ended so far; of a session, all its commands up to now. It follows from the reported outcome of each
        command, since the robot has no sensor for liquid or tips. Nothing moves, and no request is sent to the
        robot.

        Errors: RunNotFound
        """

    @abstractmethod
    def RetrieveRunPackage(self, RunIdentifier: str, *, execution: Any) -> bytes:
        """Returns everything that this server keeps of an ended run in one zip file: record, log, protocol, data
        files, the newest analysis with the same parameters, what was known of the deck before and after the run,
        what each well got, pictures, versions, and a description of all files as an RO-Crate. What has been deleted
        since is left out, and the manifest says so. The file is signed with the key of the server; a change of any
        byte is found. Nothing moves. The command takes some seconds. After Cancel, it ends without a result.

        Errors: RunNotFound, RunActionNotAllowed, CommandCancelled
        """

    @abstractmethod
    def ListRunFiles(self, RunIdentifier: str, *, call: Any) -> list[RunFile]:
        """Lists the files that the robot keeps of a run, whoever started it: the data files that its parameters took,
        and what the run itself made, such as the pictures that its protocol took. Robots list them from release 8.8
        on; Abilities of OT2 Information Provider shows whether this one does. The robot deletes the pictures with
        the run. Nothing moves.

        Errors: RunNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty
        """

    @abstractmethod
    def RetrieveRunFile(self, RunIdentifier: str, FileIdentifier: str, *, execution: Any) -> bytes:
        """Reads a file of a run from the robot. Nothing moves. The command takes some seconds for a large file. After
        Cancel, it ends without a result.

        Errors: RunNotFound, FileNotFound, UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty,
        CommandCancelled
        """
