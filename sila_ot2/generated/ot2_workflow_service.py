"""The feature OT2WorkflowService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class UploadProtocolTextResponses(NamedTuple):
    """Responses of UploadProtocolText."""

    ProtocolIdentifier: str
    """The identifier of the protocol on this server."""
    ProtocolName: str
    """The name under which Run Stored Protocol finds it: the name in the metadata of the protocol, or else the name of
    the file.
    """


class RunProtocolTextResponses(NamedTuple):
    """Responses of RunProtocolText."""

    RunIdentifier: str
    """The run."""
    Result: str
    """How the run ended. A run that failed or was stopped ends the command with an error instead."""
    CompletedCommands: int
    """How many of the robot's commands were carried out."""
    Duration: float
    """How long the run took, including pauses."""


class RunStoredProtocolResponses(NamedTuple):
    """Responses of RunStoredProtocol."""

    RunIdentifier: str
    """The run."""
    Result: str
    """How the run ended. A run that failed or was stopped ends the command with an error instead."""
    CompletedCommands: int
    """How many of the robot's commands were carried out."""
    Duration: float
    """How long the run took, including pauses."""


class ExecuteWorklistTextResponses(NamedTuple):
    """Responses of ExecuteWorklistText."""

    RunIdentifier: str
    """The run."""
    Result: str
    """How the run ended. A run that failed or was stopped ends the command with an error instead."""
    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many times tips were picked up."""
    Duration: float
    """How long the run took, including pauses."""


class RetrieveRunResultResponses(NamedTuple):
    """Responses of RetrieveRunResult."""

    RunIdentifier: str
    """The run."""
    Result: str
    """How the run has ended."""
    Explanation: str
    """Why the run did not succeed, with the robot's own text if there is one. It is empty if the run succeeded or has
    not ended.
    """
    FailedStep: str
    """The robot's command that failed. It is empty if none failed."""
    Label: str
    """The label that the run was started with."""
    CompletedCommands: int
    """How many of the robot's commands have been carried out."""
    Duration: float
    """How long the run took, including pauses; zero if it has not ended."""


class RetrieveUnfinishedWorkResponses(NamedTuple):
    """Responses of RetrieveUnfinishedWork."""

    Outcome: str
    """How the command ended. AtWork: it has not ended. Unknown: it is not known what the robot did. Interrupted: this
    server ended meanwhile, so that it is not known how far the command came. Nothing: there was no such command.
    """
    Report: str
    """A JSON object: the command, its error, its run if it was a queued run; how many movements of the robot are done,
    in doubt and not begun, and which are in doubt; by well what each tip has drawn and dispensed, in microliters
    without air; the tips; the lines of the worklist that are done, in doubt and not begun. What is in doubt counts
    for no well, and its tips count as used.
    """
    RemainingWorklist: str
    """The rows of the worklist after the last one of which anything was begun, in its own format with its own first
    row. It is empty if there are none, if the command was no worklist, or if it is not known how far the command
    came. Look at the deck and the report before you execute it.
    """


class RetrieveUnfinishedRunWorkResponses(NamedTuple):
    """Responses of RetrieveUnfinishedRunWork."""

    RunIdentifier: str
    """The run."""
    Result: str
    """How the run has ended; NotEnded: this server does not know that it has."""
    Report: str
    """A JSON object: how many commands the protocol has, how many are done and how many were not begun; which are in
    doubt; which commands clients have added to the run that may have changed tips, wells or labware; what was
    carried out since. If it is not known what is left, its member unknown says why.
    """
    CommandsNotBegun: str
    """The commands of the protocol that were not begun, at most the first 10,000, as CSV: number in the protocol from
    1, command type of the robot, text, mount, labware definition, slot, well, volume in µL. The slot is where the
    labware stands before the command, if everything before was carried out as in the protocol. The list is empty if
    nothing is left or it is not known what is. What a tip held when the run ended is gone with it: the first
    commands may belong to a tip load that was begun before. Look at the deck.
    """
    CarriedOutSince: str
    """What has used tips or wells since the run has ended, or may have, one in each line, with the time at which it
    was noticed: sessions, worklists and runs of any client, and times in which the robot was not followed (a
    restart of this server, lost contact, work with the Opentrons App). Commands of the list may be done by it.
    Empty: nothing has; or the run is not known to have ended.
    """


class OT2WorkflowServiceBase(ABC):
    """Runs protocols with commands that take only texts and return only texts and numbers, for workflow tools that
    cannot send structures, files, or metadata. Each command is one step of a workflow and ends when that step has
    ended. It does what the features Protocol Service and Run Controller do in several calls. Commands that move the
    robot are refused as not accepted while another command of this server moves it.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2WorkflowService/v1"

    @abstractmethod
    def UploadProtocolText(self, FileName: str, ProtocolText: str, *, execution: Any) -> UploadProtocolTextResponses:
        """Takes a protocol as one text, checks it, and keeps it, like Upload Protocol of the feature Protocol Service.
        Uploading the same text again returns the same identifier and sends nothing. Nothing moves. The command
        takes from a second to a few minutes. Cancel stops it: a protocol that is not kept yet is discarded.

        Errors: ProtocolInvalid, RobotTypeMismatch, ProtocolTooLarge, StorageFull, RobotRejected, RobotUnreachable,
        CommandCancelled, RobotFaulty, UnsupportedByRobot
        """

    @abstractmethod
    def UploadDataText(self, FileName: str, DataText: str, *, call: Any) -> str:
        """Takes a CSV file as one text, for use as a run-time parameter, and keeps it, like Upload Data File of the
        feature Protocol Service. Uploading the same text again returns the same identifier. The command answers at
        once.

        Errors: DataFileInvalid, DataFileTooLarge, StorageFull
        """

    @abstractmethod
    def RunProtocolText(
        self,
        FileName: str,
        ProtocolText: str,
        ParameterValuesText: str,
        ParameterFilesText: str,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Any,
    ) -> RunProtocolTextResponses:
        """Uploads a protocol as one text, analyzes it, and runs it from beginning to end, in one call. A protocol with
        errors is refused before anything moves. The command lasts until the run has ended; it continues while no
        client is connected. Cancel stops the run like Stop Run of the feature Run Controller, and Pause of the
        feature Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Errors: ProtocolInvalid, RobotTypeMismatch, ProtocolTooLarge, StorageFull, NameAmbiguous, ParameterUnknown,
        ParameterInvalid, DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive,
        NotReconciled, OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, DeckUnsafe, PipetteMissing,
        ModuleMissing, DeckMismatch, NoTipAvailable, CameraDisabled, CalibrationMissing, RunFailed, RunStopped,
        RobotRestarted, RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut,
        RobotFaulty, RunActionNotAllowed, RunNotFound, StopTimedOut, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated
        """

    @abstractmethod
    def RunStoredProtocol(
        self,
        ProtocolName: str,
        ParameterValuesText: str,
        ParameterFilesText: str,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Any,
    ) -> RunStoredProtocolResponses:
        """Runs a protocol that this server keeps, from beginning to end. The command lasts until the run has ended; it
        continues while no client is connected. Cancel stops the run like Stop Run of the feature Run Controller,
        and Pause of the feature Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Errors: ProtocolNotFound, NameAmbiguous, ProtocolInvalid, ParameterUnknown, ParameterInvalid,
        DataFileNotFound, UnsupportedByRobot, RobotBusy, RunStillActive, SessionActive, NotReconciled,
        OutcomeUnknown, RobotRejected, SafetyStopActive, DoorOpen, DeckUnsafe, PipetteMissing, ModuleMissing,
        DeckMismatch, NoTipAvailable, CameraDisabled, CalibrationMissing, RunFailed, RunStopped, RobotRestarted,
        RobotUnreachable, CommandCancelled, RobotChanged, AnalysisFailed, AnalysisTimedOut, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, TipAlreadyAttached, NotEnoughLiquid,
        TipContaminated
        """

    @abstractmethod
    def ExecuteWorklistText(
        self, WorklistText: str, RequestKey: str, *, execution: Any
    ) -> ExecuteWorklistTextResponses:
        """Executes a worklist, given as one text, as a queued run, like Execute Worklist of the feature Atomic Liquid
        Handling. Load the labware first with Load Labware of that feature. The whole list is checked before
        anything moves. The command lasts until the run has ended. Cancel stops the run, and Pause of the feature
        Pause Controller pauses it. A run that fails or is stopped ends with an error.

        Errors: ParameterInvalid, LiquidClassUnknown, WorklistInvalid, PipetteMissing, TipNotAttached,
        TipAlreadyAttached, DeckMismatch, NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid,
        LabwareNotLoaded, WellUnknown, PositionOutOfBounds, SafetyStopActive, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, DeckUnsafe, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RunFailed, RunStopped, RobotChanged, RobotFaulty,
        RunActionNotAllowed, RunNotFound, StopTimedOut, StorageFull, ModuleMissing, ModuleNotLoaded,
        ModuleAmbiguous, TargetNotSet, TargetOutOfRange, TipContaminated
        """

    @abstractmethod
    def RetrieveRunResult(self, RunIdentifier: str, *, call: Any) -> RetrieveRunResultResponses:
        """Reports how a run ended, or that it has not ended. It works at any time, also after a restart of this
        server. The command answers at once.

        Errors: RunNotFound
        """

    @abstractmethod
    def RetrieveUnfinishedWork(self, *, call: Any) -> RetrieveUnfinishedWorkResponses:
        """Reports how far the last Transfer, Distribute, Consolidate or worklist came that has begun anything: what
        was dispensed into which wells, which tips were used, what is in doubt, and the worklist of the rows that
        were not begun. What was begun and is not known to have ended as it should is in doubt; it is never in the
        worklist. It works at any time, also after a restart of this server. The command answers at once, and
        nothing moves.
        """

    @abstractmethod
    def RetrieveUnfinishedRunWork(self, RunIdentifier: str, *, call: Any) -> RetrieveUnfinishedRunWorkResponses:
        """Reports how far a run of a protocol came that has ended, and lists the commands of the protocol that it has
        not begun. The commands of the run are compared with those of its analysis. What was begun is never in the
        list; what was begun and is not known to have ended as it should is in doubt. The list is for people: it is
        not a worklist, because nobody can tell whether deck, tips and liquids are still as the protocol expects. It
        works at any time, also after a restart of this server. Nothing moves.

        Errors: RunNotFound
        """

    @abstractmethod
    def AnswerError(self, CommandExecutionUUID: str, OptionIdentifier: str, *, call: Any) -> None:
        """Executes one of the options of a recoverable error, like Execute Continuation Option of the standard feature
        Error Recovery Service. If the option resumes a run, the command answers when the run is running; any other
        option is only started. The property Polled Recoverable Errors lists the errors with their options. An
        option fits one error only: a repeated call never answers what the execution waits for next.

        Errors: InvalidCommandExecutionUUID, UnknownContinuationOption, RunNotFound, RunActionNotAllowed, RobotBusy,
        SafetyStopActive, DoorOpen, RobotUnreachable, RobotRejected, OutcomeUnknown, RobotChanged, RobotFaulty,
        StorageFull
        """

    @abstractmethod
    def PolledDeviceStatus(self, *, call: Any) -> str:
        """The property Device Status of the feature OT2 Status Provider, for tools that cannot subscribe."""

    @abstractmethod
    def PolledRunStatus(self, *, call: Any) -> str:
        """The property Run Status of the feature Run Controller, for tools that cannot subscribe."""

    @abstractmethod
    def PolledOperatorPrompt(self, *, call: Any) -> str:
        """The property Operator Prompt of the feature Run Controller, for tools that cannot subscribe."""

    @abstractmethod
    def PolledRecoverableErrors(self, *, call: Any) -> str:
        """The property Recoverable Errors of the standard feature Error Recovery Service, for tools that cannot
        subscribe: one line for each error, empty if there is none. A line has four parts with a tab between them:
        the command execution UUID, the identifier of the error, the identifiers of its options with commas between
        them, and the message.
        """
