"""The feature AtomicLiquidHandling as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class CommandRecord(NamedTuple):
    """When and as what the robot carried out a command."""

    CommandIdentifier: str
    """The identifier of the robot's command. It is empty if the robot was asked for nothing."""
    StartedAt: datetime.datetime
    """When the command began, by the clock of the robot."""
    CompletedAt: datetime.datetime
    """When the command ended, by the clock of the robot."""


class SessionSummary(NamedTuple):
    """A session of atomic commands."""

    State: str
    """Opening while it is made, Ready when it takes commands, Busy while one is at work, Lost if another client or a
    restart of the robot ended it; a lost session is shown until it is closed or a new one opened.
    """
    RunIdentifier: str
    """The run behind the session. It is empty while it is opening."""
    OpenedAt: datetime.datetime
    """When the opening began, by the clock of this server."""
    DisplacedBy: str
    """The run that took the place of a lost session. It is empty otherwise or if that is not known."""


class CommandOutcome(NamedTuple):
    """What became of a command."""

    CommandName: str
    """The identifier of the command of this feature, for example Aspirate."""
    CommandIdentifier: str
    """The identifier of the robot's command. It is empty until the robot has given one."""
    Outcome: str
    """How it ended, or AtWork as long as it has not."""
    StartedAt: datetime.datetime
    """When the command began, by the clock of this server."""
    CompletedAt: list[datetime.datetime]
    """When the command ended, by the clock of this server. The list is empty as long as it has not."""
    ErrorIdentifier: str
    """The identifier of the error it ended with, for example TipNotAttached. It is empty if there was none."""
    Detail: str
    """The text of the error. It is empty if there was none."""


class StatedTipState(NamedTuple):
    """What somebody has seen on the pipette of a mount."""

    Mount: str
    """The mount."""
    TipState: str
    """What is there."""


class StepProgress(NamedTuple):
    """Where a command of several movements stands."""

    CompletedSteps: int
    """How many movements have been carried out."""
    TotalSteps: int
    """How many there are."""
    CurrentWell: str
    """The well of the movement under way, with its labware. It may be empty."""


class PipetteState(NamedTuple):
    """What is known of a pipette."""

    Mount: str
    """The mount."""
    PipetteIdentifier: str
    """The identifier of the pipette in this session."""
    PipetteName: str
    """The robot's name of the pipette, for example p300_single_gen2."""
    Channels: int
    """How many channels it has."""
    ActiveNozzles: int
    """How many of them take tips."""
    MinimumVolume: float
    """The smallest volume that it is made for."""
    MaximumVolume: float
    """The largest volume that it takes with the tip that is attached, or else at all."""
    TipState: str
    """Whether a tip is attached."""
    TipRackIdentifier: str
    """The rack that the tip came from. It is empty if there is no tip or if that is not known."""
    TipWell: str
    """The place in the rack that the tip came from. It is empty if there is no tip or if that is not known."""
    ContainedVolume: float
    """How much the tip holds, air included."""
    Evidence: str
    """Tracked if it follows from commands that the robot carried out, Assumed if nothing was picked up in this session
    or somebody has stated it, Unknown if a command failed, its outcome was lost, or the robot has forgotten a tip.
    """


class LabwareState(NamedTuple):
    """A piece of labware that is loaded in the session."""

    LabwareIdentifier: str
    """The identifier of the labware in this session."""
    DefinitionUri: str
    """The labware definition, written as namespace/load name/version."""
    DisplayName: str
    """The name for people. It may be empty."""
    Location: str
    """The slot, the identifier of the module or the labware that carries it, or offDeck."""


class ModuleState(NamedTuple):
    """A module that is loaded in the session."""

    ModuleIdentifier: str
    """The identifier of the module in this session."""
    ModuleModel: str
    """The robot's name of the model."""
    SerialNumber: str
    """The serial number of the module."""
    Slot: str
    """The slot."""


class ReportedPosition(NamedTuple):
    """Where the tip of a pipette is, or its nozzle if there is no tip."""

    Mount: str
    """The mount."""
    X: float
    """How far to the right of the front left corner of slot 1."""
    Y: float
    """How far to the back of it."""
    Z: float
    """How far above the deck."""
    ReportedAt: datetime.datetime
    """When the robot reported it, by the clock of the robot."""


class LoadLabwareResponses(NamedTuple):
    """Responses of LoadLabware."""

    LabwareIdentifier: str
    """The identifier of the labware in this session."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class LoadPipetteResponses(NamedTuple):
    """Responses of LoadPipette."""

    PipetteIdentifier: str
    """The identifier of the pipette in this session."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class PickUpTipResponses(NamedTuple):
    """Responses of PickUpTip."""

    TipRackIdentifier: str
    """The tip rack that the tip came from."""
    Well: str
    """The place in the rack that the tip came from."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class LoadModuleResponses(NamedTuple):
    """Responses of LoadModule."""

    ModuleIdentifier: str
    """The identifier of the module in this session."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class TransferResponses(NamedTuple):
    """Responses of Transfer."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class DistributeResponses(NamedTuple):
    """Responses of Distribute."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class ConsolidateResponses(NamedTuple):
    """Responses of Consolidate."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class ExecuteWorklistResponses(NamedTuple):
    """Responses of ExecuteWorklist."""

    CompletedSteps: int
    """How many movements of the robot were carried out."""
    TipsUsed: int
    """How many tips were picked up."""
    RunIdentifier: str
    """The run in which the steps were carried out."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class SavePositionResponses(NamedTuple):
    """Responses of SavePosition."""

    X: float
    """How far to the right of the front left corner of slot 1."""
    Y: float
    """How far to the back of it."""
    Z: float
    """How far above the deck."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class ExecuteRawCommandResponses(NamedTuple):
    """Responses of ExecuteRawCommand."""

    Result: bytes
    """The result as the robot gave it."""
    Record: CommandRecord
    """When and as what the robot carried out the command."""


class AtomicLiquidHandlingBase(ABC):
    """Moves the robot step by step, one command at a time, without a protocol. The commands share a session, which is
    a run of its own on the robot; it is opened by Open Session or by the first command that needs it. Each command
    ends when its movement has ended. A single movement cannot be interrupted: Cancel keeps everything that has not
    begun from being sent, and the command ends as cancelled when the movement under way has ended, usually within
    seconds. While another command of this server moves the robot, a command is refused as not accepted and the
    message names the other one; nothing queues. What can be checked beforehand is checked beforehand, and then
    nothing moves.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/AtomicLiquidHandling/v1"

    Session: ObservableProperty[list[SessionSummary]]
    """The session of this server. The list is empty if none is open and has one element otherwise."""

    LastCommand: ObservableProperty[list[CommandOutcome]]
    """The last command of this feature that was sent to the robot. The list is empty before the first one and has one
    element from then on.
    """

    PipetteStates: ObservableProperty[list[PipetteState]]
    """What is known of the pipettes of the session. A pipette that may hold a tip of which the robot does not know is
    listed also while no session is open, with an empty identifier; otherwise the list is empty then. The robot has
    no sensors for tips or liquid, so all of it follows from the commands that were carried out.
    """

    LoadedLabware: ObservableProperty[list[LabwareState]]
    """The labware that is loaded in the session. The list is empty if no session is open."""

    LoadedModules: ObservableProperty[list[ModuleState]]
    """The modules that are loaded in the session. The list is empty if no session is open."""

    Position: ObservableProperty[list[ReportedPosition]]
    """The position that the robot reported with its last movement or with Save Position. The list is empty before the
    first report and after homing, and has one element otherwise.
    """

    @abstractmethod
    def OpenSession(self, *, execution: Any) -> str:
        """Opens a session: it makes a run on the robot, loads the pipettes that are attached, and homes. An ended run
        that is current gives way. If a session is open already, the command does nothing and returns it. Labware
        that the session held before it was lost or the robot restarted has to be loaded again. The command takes
        from some seconds to about a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement. A session whose opening was cancelled is not open.

        Errors: RobotBusy, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def CloseSession(self, *, execution: Any) -> None:
        """Closes the session, so that runs can begin. Nothing moves, and labware stays where it is. While a pipette
        holds a tip, or may hold one, the command is refused: the robot forgets a tip with the end of the session,
        and its next run would move too low. Closing when no session is open, or after it was lost, does nothing.
        The command takes about a second. Cancel before it has been sent leaves the session open.

        Errors: TipAlreadyAttached, NotReconciled, RobotUnreachable, RobotRejected, OutcomeUnknown,
        CommandCancelled, RobotChanged
        """

    @abstractmethod
    def LoadLabware(
        self, LoadName: str, Namespace: str, Version: int, Location: str, DisplayName: str, *, execution: Any
    ) -> LoadLabwareResponses:
        """Tells the robot that a piece of labware stands at a location. Nothing moves, unless a session has to be
        opened first, which homes the robot. The command takes about a second. Cancel before it has been sent loads
        nothing.

        Errors: LabwareDefinitionNotFound, SlotNotAvailable, LocationUnknown, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def DefineLabware(self, Definition: bytes, *, execution: Any) -> str:
        """Gives the session a custom labware definition, so that Load Labware can load it. Nothing moves, unless a
        session has to be opened first. The command takes about a second. Sending the same definition again is
        allowed. Cancel before it has been sent defines nothing.

        Errors: LabwareDefinitionInvalid, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, DoorOpen, CommandFailed,
        MotionFailed, RobotChanged
        """

    @abstractmethod
    def LoadPipette(self, Mount: str, *, execution: Any) -> LoadPipetteResponses:
        """Tells the robot to use the pipette that is attached to a mount. Other commands do this by themselves; use it
        to check beforehand. Loading a pipette that is loaded already returns the same identifier. Nothing moves,
        unless a session has to be opened first, which homes the robot. The command takes about a second. Cancel
        before it has been sent loads nothing.

        Errors: PipetteMissing, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def Home(self, Axes: list[str], *, execution: Any) -> CommandRecord:
        """Moves the axes to their reference positions. It is the way back to a known position after a failed movement.
        It takes up to about half a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement.

        Errors: RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def PickUpTip(self, Mount: str, TipRackIdentifier: str, Well: str, *, execution: Any) -> PickUpTipResponses:
        """Picks up a tip, or a column of tips with a pipette of eight channels, from a tip rack. It takes some
        seconds. The robot has no sensor for tips: success means that the movement was carried out. Cancel before
        the command has been sent keeps the robot still; later, the command ends as cancelled after its movement.

        Errors: PipetteMissing, TipAlreadyAttached, NoTipAvailable, LabwareNotLoaded, WellUnknown, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def DropTip(self, Mount: str, Destination: str, Well: str, Alternate: bool, *, execution: Any) -> CommandRecord:
        """Drops the attached tip with whatever it holds into the trash or into labware. It takes some seconds. Cancel
        before the command has been sent keeps the robot still; later, the command ends as cancelled after its
        movement.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def Aspirate(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Moves to a well and draws liquid into the tip. If the tip is empty, the plunger is prepared above the well
        first. It takes some seconds, plus the volume divided by the flow rate. Cancel before the command has been
        sent keeps the robot still; later, the command ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def Dispense(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        PushOut: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Moves to a well and pushes liquid out of the tip. It takes some seconds, plus the volume divided by the flow
        rate. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def LoadModule(self, ModuleModel: str, Slot: str, *, execution: Any) -> LoadModuleResponses:
        """Tells the robot to use a module that is connected to it and stands in a slot. Nothing moves, unless a
        session has to be opened first, which homes the robot. The command takes about a second. Cancel before it
        has been sent loads nothing.

        Errors: ModuleMissing, SlotNotAvailable, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged
        """

    @abstractmethod
    def MoveLabware(self, LabwareIdentifier: str, NewLocation: str, *, execution: Any) -> CommandRecord:
        """Tells the robot that a person or another device has moved labware, or is about to while the robot stands
        still. The robot moves nothing and does not wait. The command takes about a second. Cancel before it has
        been sent changes nothing.

        Errors: LabwareNotLoaded, LocationUnknown, SlotNotAvailable, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def RemoveLabware(self, LabwareIdentifier: str, *, execution: Any) -> CommandRecord:
        """Tells the robot that labware has been taken off the deck, so that its place is free. It stays known and can
        be put back with Move Labware. The robot moves nothing. The command takes about a second. Cancel before it
        has been sent changes nothing.

        Errors: LabwareNotLoaded, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def ReturnTip(self, Mount: str, *, execution: Any) -> CommandRecord:
        """Puts the attached tip, with whatever it holds, back to the place in the rack that it was picked up from. It
        counts as used from then on. It takes some seconds. Cancel before the command has been sent keeps the robot
        still; later, the command ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def DiscardTipUntracked(self, Mount: str, *, execution: Any) -> CommandRecord:
        """Ejects over the fixed trash whatever the pipette may hold, also a tip that the robot does not know of, for
        example after it restarted. For such a tip the robot homes first and travels as high as it can, because it
        cannot know how far the tip reaches down. The command takes up to about half a minute, and for a tip that
        the robot does not know of it needs a robot of release 7.1 or later. Cancel before the command has been sent
        keeps the robot still; later, the command ends as cancelled after the movement under way.

        Errors: PipetteMissing, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def AspirateInPlace(self, Mount: str, Volume: float, FlowRate: float, *, execution: Any) -> CommandRecord:
        """Draws liquid into the tip where the tip is, without moving the gantry. If the tip is empty, Prepare To
        Aspirate has to come before, while the tip is above the liquid. It takes the volume divided by the flow
        rate, in seconds. Cancel before the command has been sent keeps the robot still; later, the command ends as
        cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def DispenseInPlace(
        self, Mount: str, Volume: float, FlowRate: float, PushOut: float, *, execution: Any
    ) -> CommandRecord:
        """Pushes liquid out of the tip where the tip is, without moving the gantry. It takes the volume divided by the
        flow rate, in seconds. Cancel before the command has been sent keeps the robot still; later, the command
        ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, NotEnoughLiquid, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def BlowOutInPlace(self, Mount: str, FlowRate: float, *, execution: Any) -> CommandRecord:
        """Pushes the plunger beyond its end where the tip is, so that the last drops leave the tip. It takes about a
        second. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def AirGap(self, Mount: str, Volume: float, FlowRate: float, *, execution: Any) -> CommandRecord:
        """Moves the tip 5 millimeters above the well that it was in last and draws air. It takes some seconds. Cancel
        stops between two movements; the message of the error says what had been done.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LocationUnknown, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def Mix(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Volume: float,
        Repetitions: int,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        AspirateFlowRate: float,
        DispenseFlowRate: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Draws liquid and pushes it out again in one well, again and again. It takes some seconds for each
        repetition. Cancel stops between two movements; the message of the error says what had been done.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def BlowOut(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        FlowRate: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Moves to a well and pushes the plunger beyond its end, so that the last drops leave the tip. It takes some
        seconds. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def TouchTip(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        Radius: float,
        Speed: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Touches the wall of a well with the tip on four sides, so that drops stay behind. It takes some seconds.
        Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled after
        its movement.

        Errors: SpeedOutOfRange, PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, PositionOutOfBounds,
        RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def PrepareToAspirate(self, Mount: str, *, execution: Any) -> CommandRecord:
        """Moves the plunger to where drawing begins, while the tip is above the liquid. The tip has to be empty. It
        takes about a second. Cancel before the command has been sent keeps the robot still; later, the command ends
        as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ConfigureForVolume(self, Mount: str, Volume: float, *, execution: Any) -> CommandRecord:
        """Tells the robot the largest volume that will be handled next, for pipettes that have a mode for small
        volumes; for others it changes nothing. The tip has to be empty. It takes about a second and needs a robot
        of release 7.0 or later. Cancel before the command has been sent keeps the robot still; later, the command
        ends as cancelled after its movement.

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ConfigureNozzleLayout(
        self, Mount: str, ActiveNozzles: int, StartingFrom: str, *, execution: Any
    ) -> CommandRecord:
        """Chooses how many channels of a pipette of eight channels take tips from now on. No tip may be attached.
        Nothing moves, unless a session has to be opened first, which homes the robot. It takes about a second and
        needs a robot of release 7.1 or later. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement.

        Errors: PipetteMissing, TipAlreadyAttached, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged
        """

    @abstractmethod
    def Transfer(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWells: list[str],
        TargetLabwareIdentifier: str,
        TargetWells: list[str],
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        *,
        execution: Any,
    ) -> TransferResponses:
        """Transfers liquid from source wells to target wells, one by one. With a single source well it goes to all
        targets, and with a single target well all sources go there. Everything is checked before anything moves. It
        lasts some seconds for each movement. Tips are taken from the racks that are loaded and dropped into the
        trash. Cancel stops between two movements; the message of the error says what had been done, and a tip may
        still be attached.

        Intermediate response: StepProgress
        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def Distribute(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWell: str,
        TargetLabwareIdentifier: str,
        TargetWells: list[str],
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        DisposalVolume: float,
        *,
        execution: Any,
    ) -> DistributeResponses:
        """Distributes liquid from one well to many, drawing for as many of them at once as the tip holds. What is left
        in the tip, the disposal volume, goes back to the source or to where Blow Out says. Everything is checked
        before anything moves. It lasts some seconds for each movement. Tips are taken from the racks that are
        loaded and dropped into the trash. Cancel stops between two movements; the message of the error says what
        had been done, and a tip may still be attached.

        Intermediate response: StepProgress
        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def Consolidate(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWells: list[str],
        TargetLabwareIdentifier: str,
        TargetWell: str,
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        *,
        execution: Any,
    ) -> ConsolidateResponses:
        """Consolidates liquid from many wells into one, drawing from as many of them as the tip holds before it
        dispenses. Everything is checked before anything moves. It lasts some seconds for each movement. Tips are
        taken from the racks that are loaded and dropped into the trash. Cancel stops between two movements; the
        message of the error says what had been done, and a tip may still be attached.

        Intermediate response: StepProgress
        Errors: TransferInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached, NoTipAvailable,
        VolumeOutOfRange, SpeedOutOfRange, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ExecuteWorklist(
        self, Worklist: bytes, Format: str, Mode: str, RequestKey: str, *, execution: Any
    ) -> ExecuteWorklistResponses:
        """Executes a list of steps, each a command of this feature with its parameters. The whole list is checked
        before anything moves. Stepwise, the steps are sent one after the other in the session, and Cancel stops
        between two movements. As a queued run, all are given to the robot as one run and started: it can be paused,
        resumed, and stopped like any run, and Cancel stops it; the robot homes before and after it and drops
        attached tips into the trash at its end, and the session is opened again afterwards. The command lasts as
        long as the steps take.

        Intermediate response: StepProgress
        Errors: ParameterInvalid, WorklistInvalid, PipetteMissing, TipNotAttached, TipAlreadyAttached,
        NoTipAvailable, VolumeOutOfRange, SpeedOutOfRange, NotEnoughLiquid, LabwareNotLoaded, WellUnknown,
        PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RunFailed,
        RunStopped, RobotChanged
        """

    @abstractmethod
    def MoveToWell(
        self,
        Mount: str,
        LabwareIdentifier: str,
        Well: str,
        Origin: str,
        OffsetX: float,
        OffsetY: float,
        OffsetZ: float,
        Speed: float,
        MinimumClearance: float,
        *,
        execution: Any,
    ) -> CommandRecord:
        """Moves the tip, or the nozzle if there is none, to a point of a well. It takes some seconds. Cancel before
        the command has been sent keeps the robot still; later, the command ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, LabwareNotLoaded, WellUnknown, PositionOutOfBounds, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def MoveToCoordinates(
        self, Mount: str, X: float, Y: float, Z: float, Speed: float, MinimumClearance: float, *, execution: Any
    ) -> CommandRecord:
        """Moves the tip, or the nozzle if there is none, to a point of the deck. It takes some seconds and needs a
        robot of release 6.1 or later. Cancel before the command has been sent keeps the robot still; later, the
        command ends as cancelled after its movement.

        Errors: SpeedOutOfRange, PipetteMissing, PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def MoveRelative(self, Mount: str, Axis: str, Distance: float, *, execution: Any) -> CommandRecord:
        """Moves the tip straight along one axis from where it is, whatever is in the way. It takes about a second.
        Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled after
        its movement.

        Errors: PipetteMissing, PositionOutOfBounds, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged
        """

    @abstractmethod
    def SavePosition(self, Mount: str, *, execution: Any) -> SavePositionResponses:
        """Asks the robot where the tip is, or the nozzle if there is none. Nothing moves, unless a session has to be
        opened first, which homes the robot. It takes about a second. Cancel before the command has been sent keeps
        the robot still; later, the command ends as cancelled after its movement.

        Errors: PipetteMissing, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def SetFlowRates(
        self, Mount: str, AspirateFlowRate: float, DispenseFlowRate: float, BlowOutFlowRate: float, *, execution: Any
    ) -> None:
        """Sets the flow rates of a pipette for commands that name none, until the session is closed. Nothing moves,
        unless a session has to be opened first, which homes the robot and takes up to a minute. Cancel before that
        leaves everything as it is.

        Errors: SpeedOutOfRange, PipetteMissing, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown,
        CommandCancelled, RobotChanged
        """

    @abstractmethod
    def SetMovementSpeed(self, Speed: float, *, execution: Any) -> None:
        """Sets the speed of Move To Well and Move To Coordinates for calls that name none, until the session is
        closed. Nothing moves, unless a session has to be opened first, which homes the robot and takes up to a
        minute. Cancel before that leaves everything as it is.

        Errors: SpeedOutOfRange, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, DoorOpen, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled,
        RobotChanged
        """

    @abstractmethod
    def Delay(self, Duration: float, *, execution: Any) -> None:
        """Waits while the robot stands still and no other command can move it. It lasts as long as the duration says.
        This server does the waiting, so Cancel ends it at once.

        Errors: CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ExecuteRawCommand(self, Command: bytes, *, execution: Any) -> ExecuteRawCommandResponses:
        """Executes one command in the robot's own words, for what this feature does not offer. It is refused unless
        the configuration of this server allows it, and if it would make the robot wait for an operator or a
        temperature; waitForDuration is carried out as Delay. What the robot knows of the command is checked before;
        what the command does to tips and liquid is taken from the robot's answer. It lasts as long as the robot
        takes. Cancel before the command has been sent keeps the robot still; later, the command ends as cancelled
        after its movement.

        Errors: SpeedOutOfRange, CommandNotAllowed, RawCommandInvalid, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, DoorOpen, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled, RobotChanged
        """

    @abstractmethod
    def ReconcileState(self, TipStates: list[StatedTipState], Confirm: bool, *, execution: Any) -> None:
        """Settles what is unknown after a lost answer, a failed command, or a restart. The robot is asked first; what
        it cannot tell is taken from the statement of the person who has looked. If the robot believes in a tip that
        is not there, the session is closed, since nothing else makes the robot forget it; that is refused while
        another pipette holds a tip. A tip that the robot does not know of has to be discarded with Discard Tip
        Untracked, or taken off by hand before it is stated that there is none. Nothing moves. The command takes
        some seconds. Cancel leaves unsettled what has not been settled by then.

        Errors: NotReconciled, RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled, RobotChanged
        """
