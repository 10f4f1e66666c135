"""The feature OT2MaintenanceController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class Setting(NamedTuple):
    """A setting of the robot."""

    SettingIdentifier: str
    """The identifier, for example disableOT2FrontButton."""
    Title: str
    """The title in the Opentrons App."""
    Value: bool
    """True if the setting is on. A setting that nobody has changed is off."""
    RestartRequired: bool
    """True if a change takes effect only after a restart of the robot."""
    Changeable: bool
    """True if Change Setting may change it."""


class OT2MaintenanceControllerBase(ABC):
    """Takes care of the motors, the clock, and the settings of the robot, parks its gantry, and restarts it. Every
    command is refused while anything runs on the robot: a command of this server, a run of anybody, a session of
    single commands, or work with the Opentrons App. The server reads from the robot at that moment whether anything
    does. Only Park Gantry is also possible in the open session of single commands.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1"

    Settings: ObservableProperty[list[Setting]]
    """The settings of the robot, as the robot last reported them. The server reads them about once a minute. The list
    is empty until then.
    """

    @abstractmethod
    def DisengageMotors(self, *, execution: Any) -> None:
        """Switches all motors of the robot off, so that the gantry and the pipettes can be moved by hand. It ends when
        the robot reports that no motor is on. A mount may sink. The robot does not know its position afterwards:
        home it with Initialize of OT2 Initialization Controller before anything else moves. Cancel ends the command
        only as long as nothing was sent. The command lasts less than a second.

        Errors: RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown, RobotUnreachable,
        RobotRejected, RobotFaulty, UnsupportedByRobot, CommandCancelled
        """

    @abstractmethod
    def ParkGantry(self, Place: str, *, execution: Any) -> None:
        """Homes the gantry, and moves it away from the part of the deck that a person or an arm has to reach. An open
        session of single commands stays open with its deck; if none was open, none is open afterwards. The command
        is refused while a pipette holds a tip, or may hold one. It lasts about half a minute. Cancel stops it
        between two movements. The gantry stays there only until the next command moves it: prepare a hand-over if
        an arm needs the deck.

        Errors: SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen, UnsupportedByRobot, DeckUnsafe,
        MotionFailed, CommandFailed, PipetteMissing, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged, RobotFaulty, StorageFull
        """

    @abstractmethod
    def SynchronizeClock(self, *, call: Any) -> float:
        """Sets the clock of the robot to the clock of the server. The times of runs are by the clock of the robot. A
        robot with access to a time server of its own refuses this with RobotRejected. Nothing moves.

        Errors: RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown, RobotUnreachable,
        RobotRejected, RobotFaulty, UnsupportedByRobot
        """

    @abstractmethod
    def ChangeSetting(self, SettingIdentifier: str, Value: bool, *, call: Any) -> bool:
        """Changes a setting of the robot, if the operator of this server has allowed that with the setting
        maintenance.changeable_settings. By default, only disableOT2FrontButton may be changed. Settings shows which
        settings there are, which of them may be changed, and which take effect only after a restart of the robot.
        Nothing moves.

        Errors: SettingNotAllowed, SettingNotFound, RobotBusy, RunStillActive, SessionActive, RobotChanged,
        OutcomeUnknown, RobotUnreachable, RobotRejected, RobotFaulty, UnsupportedByRobot
        """

    @abstractmethod
    def RestartRobot(self, *, execution: Any) -> None:
        """Restarts the computer of the robot, and ends when it has restarted and the server has read it again, about
        one and a half minutes later. When it starts, the robot may home. The command is refused while anything runs
        on the robot, while a pipette may hold a tip, while a profile runs on a thermocycler, while the safety stop
        is active, and while the door is open if the robot wants it closed. The restart is requested once; the
        robot's boot ID tells whether it has happened. If the robot has not restarted half a minute after it
        accepted, or a minute after its answer was lost, the command ends with OutcomeUnknown, and nothing that
        moves the robot is accepted until it has restarted or Reconcile State was called. Cancel before the request
        ends the command without a restart; after it, cancel ends only the wait for a robot that has begun to
        restart. Robots keep their runs and protocols over a restart from release 6.0 on.

        Errors: RobotBusy, RunStillActive, SessionActive, SafetyStopActive, NotReconciled, DoorOpen, ModuleBusy,
        StorageFull, RobotChanged, OutcomeUnknown, RobotUnreachable, RobotRejected, RobotFaulty, UnsupportedByRobot,
        CommandCancelled
        """
