"""The feature OT2HeaterShakerController."""

from __future__ import annotations

import datetime
from typing import ClassVar

from sila_ot2.driver.modules import heater_shaker
from sila_ot2.driver.modules.gantry_commands import GantryCommand, GantryCommands
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.modules.temperatures import HEATER
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_heater_shaker_controller import (
    CloseLatchParameters,
    DeactivateHeaterParameters,
    DeactivateShakerParameters,
    HeaterShaker,
    OpenLatchParameters,
    OT2HeaterShakerControllerBase,
    SetHeaterTemperatureParameters,
    SetShakeSpeedParameters,
    TemperatureProgress,
    WaitForHeaterTemperatureParameters,
)
from sila_ot2.implementations.modules import accepted_target, listed, show_modules, wait_until_reached
from sila_ot2.robot import wire
from sila_ot2.sila import Call, Execution, ObservableProperty


class OT2HeaterShakerController(OT2HeaterShakerControllerBase):
    """Heater-shakers. Latch and shaking can move the gantry."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"SetShakeSpeed", "OpenLatch", "CloseLatch"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"WaitForHeaterTemperature"})

    def __init__(
        self, state: Observable[RobotState], set_points: SetPoints, gantry_commands: GantryCommands, waits: ModuleWaits
    ) -> None:
        self._set_points = set_points
        self._gantry_commands = gantry_commands
        self._waits = waits
        self.HeaterShakers: ObservableProperty[list[HeaterShaker]] = ObservableProperty([])
        show_modules(state, heater_shaker.KIND, _row, self.HeaterShakers.set)

    def SetHeaterTemperature(self, given: SetHeaterTemperatureParameters, *, call: Call) -> float:
        """Set the target."""
        command = self._set_points.set(heater_shaker.temperature(given.target_temperature_c), given.module_identifier)
        return accepted_target(command, "targetTemperature", given.target_temperature_c)

    def WaitForHeaterTemperature(self, given: WaitForHeaterTemperatureParameters, *, execution: Execution) -> float:
        """Wait until it is reached."""
        return wait_until_reached(
            self._waits, HEATER, given.module_identifier, given.timeout_s, execution, TemperatureProgress
        )

    def DeactivateHeater(self, given: DeactivateHeaterParameters, *, call: Call) -> None:
        """Remove the target."""
        self._set_points.set(heater_shaker.heater_off(), given.module_identifier)

    def SetShakeSpeed(self, given: SetShakeSpeedParameters, *, execution: Execution) -> None:
        """Shake."""
        self._perform(heater_shaker.shake(given.target_speed_rpm), given.module_identifier, execution)

    def DeactivateShaker(self, given: DeactivateShakerParameters, *, call: Call) -> None:
        """Stop shaking."""
        self._set_points.switch_off(heater_shaker.shaker_off(), given.module_identifier)

    def OpenLatch(self, given: OpenLatchParameters, *, execution: Execution) -> None:
        """Open the latch."""
        self._perform(heater_shaker.open_latch(), given.module_identifier, execution)

    def CloseLatch(self, given: CloseLatchParameters, *, execution: Execution) -> None:
        """Close it."""
        self._perform(heater_shaker.close_latch(), given.module_identifier, execution)

    def _perform(self, command: GantryCommand, serial_number: str, execution: Execution) -> None:
        self._gantry_commands.perform(command, serial_number, cancelled=execution.cancelled, report=execution.report)


def _row(module: wire.Module, reported_at: datetime.datetime) -> HeaterShaker:
    heater = HEATER.read(module)
    return HeaterShaker(
        module.serial_number,
        module.module_model,
        heater.status,
        heater.current_c,
        listed(heater.target_c),
        str(module.data.get("speedStatus") or ""),
        heater_shaker.speed_of(module),
        listed(heater_shaker.target_speed_of(module)),
        heater_shaker.latch_of(module),
        reported_at,
    )
