"""The feature OT2TemperatureModuleController.

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
class TemperatureModule:
    """A temperature module.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it.
        status: What the module does, as the robot reports it: idle, heating, cooling, holding at target, or error.
        current_temperature: The temperature of the plate. In °C.
        target_temperature: The target temperature of the plate. The list is empty if there is none; otherwise it
            has one element. Each in °C.
        reported_at: When the robot reported these values; the time is not updated while no module reports another
            value.
    """

    serial_number: str
    model: str
    status: str
    current_temperature: float
    target_temperature: list[float]
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1")
_TEMPERATURE_PROGRESS = wire.Structure(TemperatureProgress, current_temperature=wire.REAL, target_temperature=wire.REAL)
_DEFINED_TEMPERATURE_PROGRESS = wire.Defined(_TEMPERATURE_PROGRESS)
_TEMPERATURE_MODULE = wire.Structure(
    TemperatureModule,
    serial_number=wire.STRING,
    model=wire.STRING,
    status=wire.STRING,
    current_temperature=wire.REAL,
    target_temperature=wire.Repeated(wire.REAL),
    reported_at=wire.TIMESTAMP,
)
_DEFINED_TEMPERATURE_MODULE = wire.Defined(_TEMPERATURE_MODULE)
SET_TEMPERATURE: CallDefinition[float] = _FEATURE.command(
    "SetTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ModuleIdentifier=wire.STRING,
    TargetTemperature=wire.REAL,
)
WAIT_FOR_TEMPERATURE: ObservableCommand[float, TemperatureProgress] = _FEATURE.observable_command(
    "WaitForTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_TEMPERATURE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    Timeout=wire.REAL,
)
DEACTIVATE: CallDefinition[None] = _FEATURE.command(
    "Deactivate", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
TEMPERATURE_MODULES: CallDefinition[list[TemperatureModule]] = _FEATURE.observable_property(
    "TemperatureModules", wire.Repeated(_DEFINED_TEMPERATURE_MODULE)
)


class OT2TemperatureModuleController(Feature[Link]):
    """Heats and cools the temperature modules of the robot. The commands work with and without an open session, also
    while another command moves the robot; they are refused while a run is active, whose protocol then controls the
    modules. Nothing switches a module off by itself: it keeps its target when a session or a run ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1"

    def set_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
        """Sets the temperature of the plate and returns when the robot has accepted it; use Wait For Temperature to
        wait until it is reached. Modules of both generations take whole degrees, and round. They are specified from
        4 to 95 °C. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            target_temperature: The temperature to reach. In °C, at least -9, at most 99.

        Returns:
            accepted_target: The target that the module has now. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        return self._link.command(
            SET_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    def wait_for_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> Execution[float, TemperatureProgress]:
        """Waits until the plate holds its target, or the time is over. It lasts until then, at most as long as the
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
            WAIT_FOR_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    def deactivate(self, *, module_identifier: str | None = None) -> None:
        """Ends heating and cooling: the module has no target afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DEACTIVATE, ("" if module_identifier is None else module_identifier,))

    @property
    def temperature_modules(self) -> ObservableProperty[list[TemperatureModule]]:
        """The attached temperature modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return ObservableProperty(self._link, TEMPERATURE_MODULES)
