"""The feature OT2ThermocyclerController for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from collections.abc import Sequence

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_thermocycler_controller import (
    CLOSE_LID,
    DEACTIVATE_BLOCK,
    DEACTIVATE_LID,
    OPEN_LID,
    RUN_EXTENDED_PROFILE,
    RUN_PROFILE,
    SET_BLOCK_TEMPERATURE,
    SET_LID_TEMPERATURE,
    THERMOCYCLERS,
    WAIT_FOR_BLOCK_TEMPERATURE,
    WAIT_FOR_LID_TEMPERATURE,
    ProfilePart,
    ProfileProgress,
    ProfileStep,
    TemperatureProgress,
    Thermocycler,
)


class AsyncOT2ThermocyclerController(Feature[AsyncLink]):
    """Heats and cools the block and the lid of the thermocycler modules of the robot, opens and closes the lid, and
    runs temperature profiles. Temperatures and profiles work with and without an open session, also while another
    command moves the robot; they are refused while a run is active, whose protocol then controls the modules.
    Nothing switches a module off by itself: it keeps its targets when a session, a run or a profile ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1"

    async def set_block_temperature(
        self, target_temperature: float, *, module_identifier: str | None = None, maximum_volume: float | None = None
    ) -> float:
        """Sets the temperature of the block and returns when the robot has accepted it; use Wait For Block Temperature
        to wait until it is reached. It is refused while a profile runs. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            target_temperature: The temperature to reach. In °C, at least 0, at most 99.
            maximum_volume: The largest volume in a well, by which the module controls the temperature. In µL, at
                least 0, at most 100. None means that it is not known.

        Returns:
            accepted_target: The target that the module has now. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy.
        """
        return await self._link.command(
            SET_BLOCK_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    async def wait_for_block_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> AsyncExecution[float, TemperatureProgress]:
        """Waits until the block holds its target, or the time is over. It lasts until then, at most as long as the
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
            WAIT_FOR_BLOCK_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    async def deactivate_block(self, *, module_identifier: str | None = None) -> None:
        """Ends heating and cooling of the block; a profile that runs ends with Target Changed. It may be called at any
        time when no run is active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        await self._link.command(DEACTIVATE_BLOCK, ("" if module_identifier is None else module_identifier,))

    async def set_lid_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
        """Sets the temperature of the lid and returns when the robot has accepted it; use Wait For Lid Temperature to
        wait until it is reached. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            target_temperature: The temperature to reach. In °C, at least 37, at most 110.

        Returns:
            accepted_target: The target that the module has now. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        return await self._link.command(
            SET_LID_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    async def wait_for_lid_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> AsyncExecution[float, TemperatureProgress]:
        """Waits until the lid holds its target, or the time is over. It lasts until then, at most as long as the
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
            WAIT_FOR_LID_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    async def deactivate_lid(self, *, module_identifier: str | None = None) -> None:
        """Ends heating of the lid. It may be called at any time when no run is active, also more than once. Nothing
        moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        await self._link.command(DEACTIVATE_LID, ("" if module_identifier is None else module_identifier,))

    async def open_lid(self, *, module_identifier: str | None = None) -> AsyncExecution[None, None]:
        """Opens the lid, which lasts about 20 seconds. It is refused while a profile runs. The gantry homes first, so
        the command is not accepted while another command moves the robot. While a session is open, it is a command
        of the session, and the module must be loaded there. After Cancel nothing further is sent; the module ends
        what it has begun.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DoorOpen, NotReconciled, SessionLost, RobotRestarted, MotionFailed,
        CommandCancelled, ModuleBusy, DeckUnsafe.
        """
        return await AsyncExecution.start(
            self._link, OPEN_LID, ("" if module_identifier is None else module_identifier,)
        )

    async def close_lid(self, *, module_identifier: str | None = None) -> AsyncExecution[None, None]:
        """Closes the lid, which lasts about 20 seconds. It is refused while a profile runs. The gantry homes first, so
        the command is not accepted while another command moves the robot. While a session is open, it is a command
        of the session, and the module must be loaded there. After Cancel nothing further is sent; the module ends
        what it has begun.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DoorOpen, NotReconciled, SessionLost, RobotRestarted, MotionFailed,
        CommandCancelled, ModuleBusy, DeckUnsafe.
        """
        return await AsyncExecution.start(
            self._link, CLOSE_LID, ("" if module_identifier is None else module_identifier,)
        )

    async def run_profile(
        self,
        profile_steps: Sequence[ProfileStep],
        repetitions: int,
        *,
        module_identifier: str | None = None,
        maximum_volume: float | None = None,
    ) -> AsyncExecution[float, ProfileProgress]:
        """Brings the block to the temperature of each step and holds it there, and repeats all steps as often as
        Repetitions says. It lasts as long as the steps and the changes of temperature between them. The module and
        this server both count the time of each step, from when the block has reached the temperature, and the step
        ends when both have counted it. The lid must be closed. The robot is free meanwhile. At the end the block
        stays at the temperature of the last step. Cancel ends it at once, and the block stays at the temperature of
        the step under way.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            profile_steps: The steps, in their order. The list must not be empty.
            repetitions: How often all steps are carried out. At least 1, at most 1000.
            maximum_volume: The largest volume in a well, by which the module controls the temperature. In µL, at
                least 0, at most 100. None means that it is not known.

        The result of the execution:
            final_temperature: The temperature of the block at the end. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy, DeckUnsafe, TargetChanged, ModuleDisconnected, WaitTimedOut, CommandCancelled.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_PROFILE,
            (
                "" if module_identifier is None else module_identifier,
                profile_steps,
                repetitions,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    async def run_extended_profile(
        self,
        profile_parts: Sequence[ProfilePart],
        *,
        module_identifier: str | None = None,
        maximum_volume: float | None = None,
    ) -> AsyncExecution[float, ProfileProgress]:
        """Runs a profile of several parts, such as an initial denaturation, the cycles of a PCR, and a final
        extension. Each part is repeated as often as its Repetitions says. The block keeps its temperature between
        two parts. Everything else is as in Run Profile: the module and this server both count the time of each
        step, the lid must be closed, and the robot is free meanwhile. At the end the block stays at the temperature
        of the last step. Cancel ends it at once, and the block stays at the temperature of the step under way. It
        works with robots of every release that Run Profile works with.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            profile_parts: The parts, in their order. The list must not be empty.
            maximum_volume: The largest volume in a well, by which the module controls the temperature. In µL, at
                least 0, at most 100. None means that it is not known.

        The result of the execution:
            final_temperature: The temperature of the block at the end. In °C.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy, DeckUnsafe, TargetChanged, ModuleDisconnected, WaitTimedOut, CommandCancelled.
        """
        return await AsyncExecution.start(
            self._link,
            RUN_EXTENDED_PROFILE,
            (
                "" if module_identifier is None else module_identifier,
                profile_parts,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    @property
    def thermocyclers(self) -> AsyncObservableProperty[list[Thermocycler]]:
        """The attached thermocycler modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return AsyncObservableProperty(self._link, THERMOCYCLERS)
