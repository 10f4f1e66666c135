"""The feature OT2HeaterShakerController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from sila_ot2.generated import ObservableProperty


class HeaterShaker(NamedTuple):
    """A heater-shaker module."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it."""
    TemperatureStatus: str
    """What the heater does, as the robot reports it: idle, heating, cooling, holding at target, or error."""
    CurrentTemperature: float
    """The temperature of the heater."""
    TargetTemperature: list[float]
    """The temperature that the heater shall have. The list is empty if there is none; otherwise it has one element."""
    SpeedStatus: str
    """What the shaker does, as the robot reports it: idle, speeding up, slowing down, holding at target, or error."""
    CurrentSpeed: float
    """How fast the module shakes, in revolutions per minute."""
    TargetSpeed: list[float]
    """How fast the module shall shake, in revolutions per minute. The list is empty if it shall not shake; otherwise
    it has one element.
    """
    LatchStatus: str
    """The state of the labware latch, as the robot reports it: idle_open, idle_closed, opening, closing, or
    idle_unknown after power-up.
    """
    ReportedAt: datetime.datetime
    """When the robot reported these values; the time is not updated while no module reports another value."""


class TemperatureProgress(NamedTuple):
    """How far a temperature is."""

    CurrentTemperature: float
    """The temperature that the module reported last."""
    TargetTemperature: float
    """The temperature that is waited for."""


class OT2HeaterShakerControllerBase(ABC):
    """Heats and shakes with the heater-shaker modules of the robot, and opens and closes their labware latch. Heating,
    and everything that switches off, works with and without an open session, also while another command moves the
    robot; it is refused while a run is active, whose protocol then controls the modules. Nothing switches a module
    off by itself: it goes on heating and shaking when a session or a run ends.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1"

    HeaterShakers: ObservableProperty[list[HeaterShaker]]
    """The attached heater-shaker modules with what they report, in the order of the robot. The values also follow what
    protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the first
    time, and keeps its last value while the robot cannot be reached.
    """

    @abstractmethod
    def SetHeaterTemperature(self, ModuleIdentifier: str, TargetTemperature: float, *, call: Any) -> float:
        """Sets the temperature of the heater and returns when the robot has accepted it; use Wait For Heater
        Temperature to wait until it is reached. The module may shake meanwhile. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def WaitForHeaterTemperature(self, ModuleIdentifier: str, Timeout: float, *, execution: Any) -> float:
        """Waits until the heater holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Intermediate response: TemperatureProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def DeactivateHeater(self, ModuleIdentifier: str, *, call: Any) -> None:
        """Ends heating: the module has no target temperature afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def SetShakeSpeed(self, ModuleIdentifier: str, TargetSpeed: float, *, execution: Any) -> None:
        """Shakes at a speed, and ends when the speed is reached, which lasts some seconds. The labware latch must be
        closed; a module that shakes changes its speed. The gantry may move out of the way first, so it needs the
        turn: it is not accepted while another command moves the robot. In an open session it is a command of the
        session, and the module must be loaded in it. Cancel keeps what has not been sent from being sent; the
        module ends what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """

    @abstractmethod
    def DeactivateShaker(self, ModuleIdentifier: str, *, call: Any) -> None:
        """Ends shaking. It may be called at any time when no run is active, also more than once. The gantry does not
        move.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def OpenLatch(self, ModuleIdentifier: str, *, execution: Any) -> None:
        """Opens the labware latch, which lasts some seconds. It is refused while the module shakes. The gantry may
        move out of the way first, so it needs the turn: it is not accepted while another command moves the robot.
        In an open session it is a command of the session, and the module must be loaded in it. Cancel keeps what
        has not been sent from being sent; the module ends what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """

    @abstractmethod
    def CloseLatch(self, ModuleIdentifier: str, *, execution: Any) -> None:
        """Closes the labware latch, which lasts some seconds. It may be called more than once. The gantry may move out
        of the way first, so it needs the turn: it is not accepted while another command moves the robot. In an open
        session it is a command of the session, and the module must be loaded in it. Cancel keeps what has not been
        sent from being sent; the module ends what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """
