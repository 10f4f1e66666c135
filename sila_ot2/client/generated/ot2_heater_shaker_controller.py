"""The feature OT2HeaterShakerController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, nothing, same
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureProgress:
    """How far a temperature is.

    Attributes:
        current_temperature: The temperature that the module reported last. In °C.
        target_temperature: The temperature that is waited for. In °C.
    """

    current_temperature: float
    target_temperature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaterShaker:
    """A heater-shaker module.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it.
        temperature_status: What the heater does, as the robot reports it: idle, heating, cooling, holding at
            target, or error.
        current_temperature: The temperature of the heater. In °C.
        target_temperature: The target temperature of the heater. The list is empty if there is none; otherwise it
            has one element. Each in °C.
        speed_status: What the shaker does, as the robot reports it: idle, speeding up, slowing down, holding at
            target, or error.
        current_speed: How fast the module shakes, in revolutions per minute. In 1/min.
        target_speed: The target speed of the shaker, in revolutions per minute. The list is empty if there is none;
            otherwise it has one element. Each in 1/min.
        latch_status: The state of the labware latch, as the robot reports it: idle_open, idle_closed, opening,
            closing, or idle_unknown after power-up.
        reported_at: When the robot reported these values; the time is not updated while no module reports another
            value.
    """

    serial_number: str
    model: str
    temperature_status: str
    current_temperature: float
    target_temperature: list[float]
    speed_status: str
    current_speed: float
    target_speed: list[float]
    latch_status: str
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1")
_TEMPERATURE_PROGRESS = wire.Structure(TemperatureProgress, current_temperature=wire.REAL, target_temperature=wire.REAL)
_DEFINED_TEMPERATURE_PROGRESS = wire.Defined(_TEMPERATURE_PROGRESS)
_HEATER_SHAKER = wire.Structure(
    HeaterShaker,
    serial_number=wire.STRING,
    model=wire.STRING,
    temperature_status=wire.STRING,
    current_temperature=wire.REAL,
    target_temperature=wire.Repeated(wire.REAL),
    speed_status=wire.STRING,
    current_speed=wire.REAL,
    target_speed=wire.Repeated(wire.REAL),
    latch_status=wire.STRING,
    reported_at=wire.TIMESTAMP,
)
_DEFINED_HEATER_SHAKER = wire.Defined(_HEATER_SHAKER)
SET_HEATER_TEMPERATURE: CallDefinition[float] = _FEATURE.command(
    "SetHeaterTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ModuleIdentifier=wire.STRING,
    TargetTemperature=wire.REAL,
)
WAIT_FOR_HEATER_TEMPERATURE: ObservableCommand[float, TemperatureProgress] = _FEATURE.observable_command(
    "WaitForHeaterTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_TEMPERATURE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    Timeout=wire.REAL,
)
DEACTIVATE_HEATER: CallDefinition[None] = _FEATURE.command(
    "DeactivateHeater", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
SET_SHAKE_SPEED: ObservableCommand[None, None] = _FEATURE.observable_command(
    "SetShakeSpeed", ResponseMessage(Message(), nothing), None, ModuleIdentifier=wire.STRING, TargetSpeed=wire.REAL
)
DEACTIVATE_SHAKER: CallDefinition[None] = _FEATURE.command(
    "DeactivateShaker", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
OPEN_LATCH: ObservableCommand[None, None] = _FEATURE.observable_command(
    "OpenLatch", ResponseMessage(Message(), nothing), None, ModuleIdentifier=wire.STRING
)
CLOSE_LATCH: ObservableCommand[None, None] = _FEATURE.observable_command(
    "CloseLatch", ResponseMessage(Message(), nothing), None, ModuleIdentifier=wire.STRING
)
HEATER_SHAKERS: CallDefinition[list[HeaterShaker]] = _FEATURE.observable_property(
    "HeaterShakers", wire.Repeated(_DEFINED_HEATER_SHAKER)
)


class OT2HeaterShakerController(Feature[Link]):
    """Heats and shakes with the heater-shaker modules of the robot, and opens and closes their labware latch. Heating,
    and everything that switches off, works with and without an open session, also while another command moves the
    robot; it is refused while a run is active, whose protocol then controls the modules. Nothing switches a module
    off by itself: it goes on heating and shaking when a session or a run ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1"

    def set_heater_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
        """Sets the temperature of the heater and returns when the robot has accepted it; use Wait For Heater
        Temperature to wait until it is reached. The module may shake meanwhile. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            target_temperature: The temperature to reach. In °C, at least 37, at most 95.

        Returns:
            accepted_target: The target that the module has now. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        return self._link.command(
            SET_HEATER_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    def wait_for_heater_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> Execution[float, TemperatureProgress]:
        """Waits until the heater holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            timeout: How long to wait, from 1 second to 24 hours. In s, at least 1, at most 86400.

        The result of the execution:
            reached_temperature: The temperature when the target was reached. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled.
        """
        return Execution.start(
            self._link,
            WAIT_FOR_HEATER_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    def deactivate_heater(self, *, module_identifier: str | None = None) -> None:
        """Ends heating: the module has no target temperature afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DEACTIVATE_HEATER, ("" if module_identifier is None else module_identifier,))

    def set_shake_speed(self, target_speed: float, *, module_identifier: str | None = None) -> Execution[None, None]:
        """Shakes at a speed, and ends when the speed is reached, which lasts some seconds. The labware latch must be
        closed; a module that shakes changes its speed. The gantry may move out of the way first, so the command is
        not accepted while another command moves the robot. While a session is open, it is a command of the session,
        and the module must be loaded there. After Cancel nothing further is sent; the module ends what it has
        begun.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            target_speed: The speed to reach, in revolutions per minute; the module rounds to whole ones. In 1/min,
                at least 200, at most 3000.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled.
        """
        return Execution.start(
            self._link,
            SET_SHAKE_SPEED,
            (
                "" if module_identifier is None else module_identifier,
                target_speed,
            ),
        )

    def deactivate_shaker(self, *, module_identifier: str | None = None) -> None:
        """Ends shaking. It may be called at any time when no run is active, also more than once. The gantry does not
        move.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DEACTIVATE_SHAKER, ("" if module_identifier is None else module_identifier,))

    def open_latch(self, *, module_identifier: str | None = None) -> Execution[None, None]:
        """Opens the labware latch, which lasts some seconds. It is refused while the module shakes. The gantry may
        move out of the way first, so the command is not accepted while another command moves the robot. While a
        session is open, it is a command of the session, and the module must be loaded there. After Cancel nothing
        further is sent; the module ends what it has begun.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled.
        """
        return Execution.start(self._link, OPEN_LATCH, ("" if module_identifier is None else module_identifier,))

    def close_latch(self, *, module_identifier: str | None = None) -> Execution[None, None]:
        """Closes the labware latch, which lasts some seconds. It may be called more than once. The gantry may move out
        of the way first, so the command is not accepted while another command moves the robot. While a session is
        open, it is a command of the session, and the module must be loaded there. After Cancel nothing further is
        sent; the module ends what it has begun.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DeckUnsafe, DoorOpen, NotReconciled, SessionLost, RobotRestarted,
        MotionFailed, CommandCancelled.
        """
        return Execution.start(self._link, CLOSE_LATCH, ("" if module_identifier is None else module_identifier,))

    @property
    def heater_shakers(self) -> ObservableProperty[list[HeaterShaker]]:
        """The attached heater-shaker modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return ObservableProperty(self._link, HEATER_SHAKERS)
