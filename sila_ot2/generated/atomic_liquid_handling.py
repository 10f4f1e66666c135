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

    @abstractmethod
    def OpenSession(self, *, execution: Any) -> str:
        """Opens a session: it makes a run on the robot, loads the pipettes that are attached, and homes. An ended run
        that is current gives way. If a session is open already, the command does nothing and returns it. Labware
        that the session held before it was lost or the robot restarted has to be loaded again. The command takes
        from some seconds to about a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement. A session whose opening was cancelled is not open.

        Errors: RobotBusy, NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def CloseSession(self, *, execution: Any) -> None:
        """Closes the session, so that runs can begin. Nothing moves: tips stay attached and labware stays where it is.
        Closing when no session is open, or after it was lost, does nothing. The command takes about a second.
        Cancel before it has been sent leaves the session open.

        Errors: RobotUnreachable, RobotRejected, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def LoadLabware(
        self, LoadName: str, Namespace: str, Version: int, Location: str, DisplayName: str, *, execution: Any
    ) -> LoadLabwareResponses:
        """Tells the robot that a piece of labware stands at a location. Nothing moves, unless a session has to be
        opened first, which homes the robot. The command takes about a second. Cancel before it has been sent loads
        nothing.

        Errors: LabwareDefinitionNotFound, SlotNotAvailable, RobotBusy, SessionLost, NotReconciled,
        UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def DefineLabware(self, Definition: bytes, *, execution: Any) -> str:
        """Gives the session a custom labware definition, so that Load Labware can load it. Nothing moves, unless a
        session has to be opened first. The command takes about a second. Sending the same definition again is
        allowed. Cancel before it has been sent defines nothing.

        Errors: LabwareDefinitionInvalid, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def LoadPipette(self, Mount: str, *, execution: Any) -> LoadPipetteResponses:
        """Tells the robot to use the pipette that is attached to a mount. Other commands do this by themselves; use it
        to check beforehand. Loading a pipette that is loaded already returns the same identifier. Nothing moves,
        unless a session has to be opened first, which homes the robot. The command takes about a second. Cancel
        before it has been sent loads nothing.

        Errors: PipetteMissing, RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, MotionFailed,
        CommandFailed, RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def Home(self, Axes: list[str], *, execution: Any) -> CommandRecord:
        """Moves the axes to their reference positions. It is the way back to a known position after a failed movement.
        It takes up to about half a minute. Cancel before the command has been sent keeps the robot still; later,
        the command ends as cancelled after its movement.

        Errors: RobotBusy, SessionLost, NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed,
        RobotUnreachable, RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def PickUpTip(self, Mount: str, TipRackIdentifier: str, Well: str, *, execution: Any) -> PickUpTipResponses:
        """Picks up a tip, or a column of tips with a pipette of eight channels, from a tip rack. It takes some
        seconds. The robot has no sensor for tips: success means that the movement was carried out. Cancel before
        the command has been sent keeps the robot still; later, the command ends as cancelled after its movement.

        Errors: PipetteMissing, TipAlreadyAttached, NoTipAvailable, LabwareNotLoaded, WellUnknown, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """

    @abstractmethod
    def DropTip(self, Mount: str, Destination: str, Well: str, Alternate: bool, *, execution: Any) -> CommandRecord:
        """Drops the attached tip with whatever it holds into the trash or into labware. It takes some seconds. Cancel
        before the command has been sent keeps the robot still; later, the command ends as cancelled after its
        movement.

        Errors: PipetteMissing, TipNotAttached, LabwareNotLoaded, WellUnknown, RobotBusy, SessionLost,
        NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable, RobotRejected,
        RobotRestarted, OutcomeUnknown, CommandCancelled
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

        Errors: PipetteMissing, TipNotAttached, VolumeOutOfRange, LabwareNotLoaded, WellUnknown, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
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

        Errors: PipetteMissing, TipNotAttached, NotEnoughLiquid, LabwareNotLoaded, WellUnknown, RobotBusy,
        SessionLost, NotReconciled, UnsupportedByRobot, MotionFailed, CommandFailed, RobotUnreachable,
        RobotRejected, RobotRestarted, OutcomeUnknown, CommandCancelled
        """
