"""The feature OT2TemperatureModuleController for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_temperature_module_controller import (
    DEACTIVATE,
    SET_TEMPERATURE,
    TEMPERATURE_MODULES,
    WAIT_FOR_TEMPERATURE,
    TemperatureModule,
    TemperatureProgress,
)


class AsyncOT2TemperatureModuleController(Feature[AsyncLink]):
    """Heats and cools the temperature modules of the robot. The commands work with and without an open session, also
    while another command moves the robot; they are refused while a run is active, whose protocol then controls the
    modules. Nothing switches a module off by itself: it keeps its target when a session or a run ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1"

    async def set_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
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
        return await self._link.command(
            SET_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    async def wait_for_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> AsyncExecution[float, TemperatureProgress]:
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
        return await AsyncExecution.start(
            self._link,
            WAIT_FOR_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    async def deactivate(self, *, module_identifier: str | None = None) -> None:
        """Ends heating and cooling: the module has no target afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        await self._link.command(DEACTIVATE, ("" if module_identifier is None else module_identifier,))

    @property
    def temperature_modules(self) -> AsyncObservableProperty[list[TemperatureModule]]:
        """The attached temperature modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return AsyncObservableProperty(self._link, TEMPERATURE_MODULES)
