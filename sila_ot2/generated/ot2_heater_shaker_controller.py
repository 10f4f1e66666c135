"""The feature OT2HeaterShakerController as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

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
    """The target temperature of the heater. The list is empty if there is none; otherwise it has one element."""
    SpeedStatus: str
    """What the shaker does, as the robot reports it: idle, speeding up, slowing down, holding at target, or error."""
    CurrentSpeed: float
    """How fast the module shakes, in revolutions per minute."""
    TargetSpeed: list[float]
    """The target speed of the shaker, in revolutions per minute. The list is empty if there is none; otherwise it has
    one element.
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


@dataclass(frozen=True, kw_only=True)
class SetHeaterTemperatureParameters:
    """Parameters of SetHeaterTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    target_temperature_c: Annotated[float, Field(alias="TargetTemperature", ge=37, le=95)]
    """The temperature to reach. In °C, at least 37, at most 95."""


@dataclass(frozen=True, kw_only=True)
class WaitForHeaterTemperatureParameters:
    """Parameters of WaitForHeaterTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    timeout_s: Annotated[float, Field(alias="Timeout", ge=1, le=86400)]
    """How long to wait, from 1 second to 24 hours. In s, at least 1, at most 86400."""


@dataclass(frozen=True, kw_only=True)
class DeactivateHeaterParameters:
    """Parameters of DeactivateHeater."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class SetShakeSpeedParameters:
    """Parameters of SetShakeSpeed."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    target_speed_rpm: Annotated[float, Field(alias="TargetSpeed", ge=200, le=3000)]
    """The speed to reach, in revolutions per minute; the module rounds to whole ones. In 1/min, at least 200, at most
    3000.
    """


@dataclass(frozen=True, kw_only=True)
class DeactivateShakerParameters:
    """Parameters of DeactivateShaker."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class OpenLatchParameters:
    """Parameters of OpenLatch."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class CloseLatchParameters:
    """Parameters of CloseLatch."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


class OT2HeaterShakerControllerBase(ABC):
    """Heats and shakes with the heater-shaker modules of the robot, and opens and closes their labware latch. Heating,
    and everything that switches off, works with and without an open session, also while another command moves the
    robot; it is refused while a run is active, whose protocol then controls the modules. Nothing switches a module
    off by itself: it goes on heating and shaking when a session or a run ends.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1"

    PARAMETERS: ClassVar[Mapping[str, type]] = {
        "SetHeaterTemperature": SetHeaterTemperatureParameters,
        "WaitForHeaterTemperature": WaitForHeaterTemperatureParameters,
        "DeactivateHeater": DeactivateHeaterParameters,
        "SetShakeSpeed": SetShakeSpeedParameters,
        "DeactivateShaker": DeactivateShakerParameters,
        "OpenLatch": OpenLatchParameters,
        "CloseLatch": CloseLatchParameters,
    }
    """The class of each command's parameters: its method takes one object of it."""

    HeaterShakers: ObservableProperty[list[HeaterShaker]]
    """The attached heater-shaker modules with what they report, in the order of the robot. The values also follow what
    protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the first
    time, and keeps its last value while the robot cannot be reached.
    """

    @abstractmethod
    def SetHeaterTemperature(self, given: SetHeaterTemperatureParameters, *, call: Any) -> float:
        """Sets the temperature of the heater and returns when the robot has accepted it; use Wait For Heater
        Temperature to wait until it is reached. The module may shake meanwhile. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def WaitForHeaterTemperature(self, given: WaitForHeaterTemperatureParameters, *, execution: Any) -> float:
        """Waits until the heater holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Intermediate response: TemperatureProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def DeactivateHeater(self, given: DeactivateHeaterParameters, *, call: Any) -> None:
        """Ends heating: the module has no target temperature afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def SetShakeSpeed(self, given: SetShakeSpeedParameters, *, execution: Any) -> None:
        """Shakes at a speed, and ends when the speed is reached, which lasts some seconds. The labware latch must be
        closed; a module that shakes changes its speed. The gantry may move out of the way first, so the command is
        not accepted while another command moves the robot. While a session is open, it is a command of the session,
        and the module must be loaded there. After Cancel nothing further is sent; the module ends what it has
        begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """

    @abstractmethod
    def DeactivateShaker(self, given: DeactivateShakerParameters, *, call: Any) -> None:
        """Ends shaking. It may be called at any time when no run is active, also more than once. The gantry does not
        move.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def OpenLatch(self, given: OpenLatchParameters, *, execution: Any) -> None:
        """Opens the labware latch, which lasts some seconds. It is refused while the module shakes. The gantry may
        move out of the way first, so the command is not accepted while another command moves the robot. While a
        session is open, it is a command of the session, and the module must be loaded there. After Cancel nothing
        further is sent; the module ends what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """

    @abstractmethod
    def CloseLatch(self, given: CloseLatchParameters, *, execution: Any) -> None:
        """Closes the labware latch, which lasts some seconds. It may be called more than once. The gantry may move out
        of the way first, so the command is not accepted while another command moves the robot. While a session is
        open, it is a command of the session, and the module must be loaded there. After Cancel nothing further is
        sent; the module ends what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled
        """
