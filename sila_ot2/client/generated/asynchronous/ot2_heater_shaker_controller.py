"""The feature OT2HeaterShakerController for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_heater_shaker_controller import (
    CLOSE_LATCH,
    DEACTIVATE_HEATER,
    DEACTIVATE_SHAKER,
    HEATER_SHAKERS,
    OPEN_LATCH,
    SET_HEATER_TEMPERATURE,
    SET_SHAKE_SPEED,
    WAIT_FOR_HEATER_TEMPERATURE,
    HeaterShaker,
    TemperatureProgress,
)


class AsyncOT2HeaterShakerController(Feature[AsyncLink]):
    """Heats and shakes with the heater-shaker modules of the robot, and opens and closes their labware latch. Heating,
    and everything that switches off, works with and without an open session, also while another command moves the
    robot; it is refused while a run is active, whose protocol then controls the modules. Nothing switches a module
    off by itself: it goes on heating and shaking when a session or a run ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2HeaterShakerController/v1"

    async def set_heater_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
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
        return await self._link.command(
            SET_HEATER_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    async def wait_for_heater_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> AsyncExecution[float, TemperatureProgress]:
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
        return await AsyncExecution.start(
            self._link,
            WAIT_FOR_HEATER_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    async def deactivate_heater(self, *, module_identifier: str | None = None) -> None:
        """Ends heating: the module has no target temperature afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        await self._link.command(DEACTIVATE_HEATER, ("" if module_identifier is None else module_identifier,))

    async def set_shake_speed(
        self, target_speed: float, *, module_identifier: str | None = None
    ) -> AsyncExecution[None, None]:
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
        return await AsyncExecution.start(
            self._link,
            SET_SHAKE_SPEED,
            (
                "" if module_identifier is None else module_identifier,
                target_speed,
            ),
        )

    async def deactivate_shaker(self, *, module_identifier: str | None = None) -> None:
        """Ends shaking. It may be called at any time when no run is active, also more than once. The gantry does not
        move.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        await self._link.command(DEACTIVATE_SHAKER, ("" if module_identifier is None else module_identifier,))

    async def open_latch(self, *, module_identifier: str | None = None) -> AsyncExecution[None, None]:
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
        return await AsyncExecution.start(
            self._link, OPEN_LATCH, ("" if module_identifier is None else module_identifier,)
        )

    async def close_latch(self, *, module_identifier: str | None = None) -> AsyncExecution[None, None]:
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
        return await AsyncExecution.start(
            self._link, CLOSE_LATCH, ("" if module_identifier is None else module_identifier,)
        )

    @property
    def heater_shakers(self) -> AsyncObservableProperty[list[HeaterShaker]]:
        """The attached heater-shaker modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return AsyncObservableProperty(self._link, HEATER_SHAKERS)
