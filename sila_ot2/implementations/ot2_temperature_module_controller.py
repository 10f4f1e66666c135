"""The feature OT2TemperatureModuleController."""

from __future__ import annotations

import datetime
from typing import ClassVar

from sila_ot2.driver.modules import temperature_module
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.temperatures import PLATE
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_temperature_module_controller import (
    DeactivateParameters,
    OT2TemperatureModuleControllerBase,
    SetTemperatureParameters,
    TemperatureModule,
    TemperatureProgress,
    WaitForTemperatureParameters,
)
from sila_ot2.implementations.modules import accepted_target, listed, show_modules, wait_until_reached
from sila_ot2.robot import wire
from sila_ot2.sila import Call, Execution, ObservableProperty


class OT2TemperatureModuleController(OT2TemperatureModuleControllerBase):
    """Temperature modules. Nothing here needs the turn."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"WaitForTemperature"})

    def __init__(self, state: Observable[RobotState], set_points: SetPoints, waits: ModuleWaits) -> None:
        self._set_points = set_points
        self._waits = waits
        self.TemperatureModules: ObservableProperty[list[TemperatureModule]] = ObservableProperty([])
        show_modules(state, temperature_module.KIND, _row, self.TemperatureModules.set)

    def SetTemperature(self, given: SetTemperatureParameters, *, call: Call) -> float:
        """Set the target."""
        command = self._set_points.set(
            temperature_module.temperature(given.target_temperature_c), given.module_identifier
        )
        return accepted_target(command, "targetTemperature", round(given.target_temperature_c))

    def WaitForTemperature(self, given: WaitForTemperatureParameters, *, execution: Execution) -> float:
        """Wait until it is reached."""
        return wait_until_reached(
            self._waits, PLATE, given.module_identifier, given.timeout_s, execution, TemperatureProgress
        )

    def Deactivate(self, given: DeactivateParameters, *, call: Call) -> None:
        """Remove the target."""
        self._set_points.set(temperature_module.off(), given.module_identifier)


def _row(module: wire.Module, reported_at: datetime.datetime) -> TemperatureModule:
    plate = PLATE.read(module)
    return TemperatureModule(
        module.serial_number, module.module_model, plate.status, plate.current_c, listed(plate.target_c), reported_at
    )
