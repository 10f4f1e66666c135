"""The feature OT2MaintenanceController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing, same
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message

Place = Literal["Home", "Front"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting of the robot.

    Attributes:
        setting_identifier: The identifier, for example disableOT2FrontButton.
        title: The title in the Opentrons App.
        value: True if the setting is on. A setting that nobody has changed is off.
        restart_required: True if a change takes effect only after a restart of the robot.
        changeable: True if Change Setting may change it.
    """

    setting_identifier: str
    title: str
    value: bool
    restart_required: bool
    changeable: bool


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1")
_SETTING = wire.Structure(
    Setting,
    setting_identifier=wire.STRING,
    title=wire.STRING,
    value=wire.BOOLEAN,
    restart_required=wire.BOOLEAN,
    changeable=wire.BOOLEAN,
)
_DEFINED_SETTING = wire.Defined(_SETTING)
DISENGAGE_MOTORS: ObservableCommand[None, None] = _FEATURE.observable_command(
    "DisengageMotors", ResponseMessage(Message(), nothing), None
)
PARK_GANTRY: ObservableCommand[None, None] = _FEATURE.observable_command(
    "ParkGantry", ResponseMessage(Message(), nothing), None, Place=wire.STRING
)
SYNCHRONIZE_CLOCK: CallDefinition[float] = _FEATURE.command(
    "SynchronizeClock", ResponseMessage(Message(wire.REAL), same)
)
CHANGE_SETTING: CallDefinition[bool] = _FEATURE.command(
    "ChangeSetting", ResponseMessage(Message(wire.BOOLEAN), same), SettingIdentifier=wire.STRING, Value=wire.BOOLEAN
)
RESTART_ROBOT: ObservableCommand[None, None] = _FEATURE.observable_command(
    "RestartRobot", ResponseMessage(Message(), nothing), None
)
SETTINGS: CallDefinition[list[Setting]] = _FEATURE.observable_property("Settings", wire.Repeated(_DEFINED_SETTING))


class OT2MaintenanceController(Feature[Link]):
    """Takes care of the motors, the clock, and the settings of the robot, parks its gantry, and restarts it. Every
    command is refused while anything runs on the robot: a command of this server, a run of anybody, a session of
    single commands, or work with the Opentrons App. The server reads from the robot at that moment whether anything
    does. Only Park Gantry is also possible in the open session of single commands.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2MaintenanceController/v1"

    def disengage_motors(self) -> Execution[None, None]:
        """Switches all motors of the robot off, so that the gantry and the pipettes can be moved by hand. It ends when
        the robot reports that no motor is on. A mount may sink. The robot does not know its position afterwards:
        home it with Initialize of OT2 Initialization Controller before anything else moves. Cancel ends the command
        only as long as nothing was sent. The command lasts less than a second.

        Errors: RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown, RobotUnreachable,
        RobotRejected, RobotFaulty, UnsupportedByRobot, CommandCancelled.
        """
        return Execution.start(self._link, DISENGAGE_MOTORS, ())

    def park_gantry(self, place: Place) -> Execution[None, None]:
        """Homes the gantry, and moves it away from the part of the deck that a person or an arm has to reach. An open
        session of single commands stays open with its deck; if none was open, none is open afterwards. The command
        is refused while a pipette holds a tip, or may hold one. It lasts about half a minute. Cancel stops it
        between two movements. The gantry stays there only until the next command moves it: prepare a hand-over if
        an arm needs the deck.

        Args:
            place: Home is at the back right, over slot 12, and leaves the slots at the front free. Front is over
                the middle of slot 2, as high as the pipette can be, and leaves the slots at the back free; it needs
                a pipette.

        Errors: SafetyStopActive, NotReconciled, RobotBusy, SessionLost, DoorOpen, UnsupportedByRobot, DeckUnsafe,
        MotionFailed, CommandFailed, PipetteMissing, RobotUnreachable, RobotRejected, RobotRestarted,
        OutcomeUnknown, TipAlreadyAttached, CommandCancelled, RobotChanged, RobotFaulty, StorageFull.
        """
        return Execution.start(self._link, PARK_GANTRY, (place,))

    def synchronize_clock(self) -> float:
        """Sets the clock of the robot to the clock of the server. The times of runs are by the clock of the robot. A
        robot with access to a time server of its own refuses this with RobotRejected. Nothing moves.

        Returns:
            clock_difference: How far the clock of the robot was ahead before. It is negative if the clock was
                behind. In s.

        Errors: RobotBusy, RunStillActive, SessionActive, RobotChanged, OutcomeUnknown, RobotUnreachable,
        RobotRejected, RobotFaulty, UnsupportedByRobot.
        """
        return self._link.command(SYNCHRONIZE_CLOCK, ())

    def change_setting(self, setting_identifier: str, value: bool) -> bool:
        """Changes a setting of the robot, if the operator of this server has allowed that with the setting
        maintenance.changeable_settings. By default, only disableOT2FrontButton may be changed. Settings shows which
        settings there are, which of them may be changed, and which take effect only after a restart of the robot.
        Nothing moves.

        Args:
            setting_identifier: The identifier of the setting, from Settings.
            value: The new value.

        Returns:
            restart_required: True if the setting takes effect only after a restart of the robot.

        Errors: SettingNotAllowed, SettingNotFound, RobotBusy, RunStillActive, SessionActive, RobotChanged,
        OutcomeUnknown, RobotUnreachable, RobotRejected, RobotFaulty, UnsupportedByRobot.
        """
        return self._link.command(
            CHANGE_SETTING,
            (
                setting_identifier,
                value,
            ),
        )

    def restart_robot(self) -> Execution[None, None]:
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
        CommandCancelled.
        """
        return Execution.start(self._link, RESTART_ROBOT, ())

    @property
    def settings(self) -> ObservableProperty[list[Setting]]:
        """The settings of the robot, as the robot last reported them. The server reads them about once a minute. The
        list is empty until then.
        """
        return ObservableProperty(self._link, SETTINGS)
