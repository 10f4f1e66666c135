"""The feature OT2ThermocyclerController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
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
class ProfileStep:
    """One step of a profile.

    Attributes:
        step_temperature: The temperature of the block. In °C.
        hold_time: How long it is held from when it is reached. In s.
    """

    step_temperature: float
    hold_time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileProgress:
    """How far a profile is.

    Attributes:
        part: The part of the profile under way, counted from 1; always 1 in Run Profile.
        cycle: The repetition of the part under way, counted from 1.
        step: The step of the part under way, counted from 1.
        current_temperature: The temperature of the block. In °C.
        target_temperature: The temperature of the step under way. In °C.
        remaining_hold_time: How long it is still to be held. In s.
    """

    part: int
    cycle: int
    step: int
    current_temperature: float
    target_temperature: float
    remaining_hold_time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePart:
    """Steps that are repeated.

    Attributes:
        steps: The steps, in their order. The list must not be empty.
        repetitions: How often all steps are carried out.
    """

    steps: list[ProfileStep]
    repetitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thermocycler:
    """A thermocycler module.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it.
        block_status: What the block does, as the robot reports it: idle, heating, cooling, holding at target, or
            error.
        block_temperature: The temperature of the block. In °C.
        block_target: The target temperature of the block. The list is empty if there is none; otherwise it has one
            element. Each in °C.
        remaining_hold_time: How long the block is still to be held at its target, as the module counts it. In s.
        lid_status: The state of the lid, as the robot reports it: open, closed, in_between, or unknown.
        lid_temperature_status: What the heater of the lid does, as the robot reports it: idle, heating, holding at
            target, or error.
        lid_temperature: The temperature of the lid. In °C.
        lid_target: The target temperature of the lid. The list is empty if there is none; otherwise it has one
            element. Each in °C.
        reported_at: When the robot reported these values; the time is not updated while no module reports another
            value.
    """

    serial_number: str
    model: str
    block_status: str
    block_temperature: float
    block_target: list[float]
    remaining_hold_time: float
    lid_status: str
    lid_temperature_status: str
    lid_temperature: float
    lid_target: list[float]
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1")
_TEMPERATURE_PROGRESS = wire.Structure(TemperatureProgress, current_temperature=wire.REAL, target_temperature=wire.REAL)
_DEFINED_TEMPERATURE_PROGRESS = wire.Defined(_TEMPERATURE_PROGRESS)
_PROFILE_STEP = wire.Structure(ProfileStep, step_temperature=wire.REAL, hold_time=wire.REAL)
_DEFINED_PROFILE_STEP = wire.Defined(_PROFILE_STEP)
_DEFINED_PROFILE_STEP_LIST = wire.Defined(wire.Repeated(_DEFINED_PROFILE_STEP))
_PROFILE_PROGRESS = wire.Structure(
    ProfileProgress,
    part=wire.INTEGER,
    cycle=wire.INTEGER,
    step=wire.INTEGER,
    current_temperature=wire.REAL,
    target_temperature=wire.REAL,
    remaining_hold_time=wire.REAL,
)
_DEFINED_PROFILE_PROGRESS = wire.Defined(_PROFILE_PROGRESS)
_PROFILE_PART = wire.Structure(ProfilePart, steps=_DEFINED_PROFILE_STEP_LIST, repetitions=wire.INTEGER)
_DEFINED_PROFILE_PART = wire.Defined(_PROFILE_PART)
_DEFINED_PROFILE_PART_LIST = wire.Defined(wire.Repeated(_DEFINED_PROFILE_PART))
_THERMOCYCLER = wire.Structure(
    Thermocycler,
    serial_number=wire.STRING,
    model=wire.STRING,
    block_status=wire.STRING,
    block_temperature=wire.REAL,
    block_target=wire.Repeated(wire.REAL),
    remaining_hold_time=wire.REAL,
    lid_status=wire.STRING,
    lid_temperature_status=wire.STRING,
    lid_temperature=wire.REAL,
    lid_target=wire.Repeated(wire.REAL),
    reported_at=wire.TIMESTAMP,
)
_DEFINED_THERMOCYCLER = wire.Defined(_THERMOCYCLER)
SET_BLOCK_TEMPERATURE: CallDefinition[float] = _FEATURE.command(
    "SetBlockTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ModuleIdentifier=wire.STRING,
    TargetTemperature=wire.REAL,
    MaximumVolume=wire.REAL,
)
WAIT_FOR_BLOCK_TEMPERATURE: ObservableCommand[float, TemperatureProgress] = _FEATURE.observable_command(
    "WaitForBlockTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_TEMPERATURE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    Timeout=wire.REAL,
)
DEACTIVATE_BLOCK: CallDefinition[None] = _FEATURE.command(
    "DeactivateBlock", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
SET_LID_TEMPERATURE: CallDefinition[float] = _FEATURE.command(
    "SetLidTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ModuleIdentifier=wire.STRING,
    TargetTemperature=wire.REAL,
)
WAIT_FOR_LID_TEMPERATURE: ObservableCommand[float, TemperatureProgress] = _FEATURE.observable_command(
    "WaitForLidTemperature",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_TEMPERATURE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    Timeout=wire.REAL,
)
DEACTIVATE_LID: CallDefinition[None] = _FEATURE.command(
    "DeactivateLid", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
OPEN_LID: ObservableCommand[None, None] = _FEATURE.observable_command(
    "OpenLid", ResponseMessage(Message(), nothing), None, ModuleIdentifier=wire.STRING
)
CLOSE_LID: ObservableCommand[None, None] = _FEATURE.observable_command(
    "CloseLid", ResponseMessage(Message(), nothing), None, ModuleIdentifier=wire.STRING
)
RUN_PROFILE: ObservableCommand[float, ProfileProgress] = _FEATURE.observable_command(
    "RunProfile",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_PROFILE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    ProfileSteps=_DEFINED_PROFILE_STEP_LIST,
    Repetitions=wire.INTEGER,
    MaximumVolume=wire.REAL,
)
RUN_EXTENDED_PROFILE: ObservableCommand[float, ProfileProgress] = _FEATURE.observable_command(
    "RunExtendedProfile",
    ResponseMessage(Message(wire.REAL), same),
    ResponseMessage(Message(_DEFINED_PROFILE_PROGRESS), same),
    ModuleIdentifier=wire.STRING,
    ProfileParts=_DEFINED_PROFILE_PART_LIST,
    MaximumVolume=wire.REAL,
)
THERMOCYCLERS: CallDefinition[list[Thermocycler]] = _FEATURE.observable_property(
    "Thermocyclers", wire.Repeated(_DEFINED_THERMOCYCLER)
)


class OT2ThermocyclerController(Feature[Link]):
    """Heats and cools the block and the lid of the thermocycler modules of the robot, opens and closes the lid, and
    runs temperature profiles. Temperatures and profiles work with and without an open session, also while another
    command moves the robot; they are refused while a run is active, whose protocol then controls the modules.
    Nothing switches a module off by itself: it keeps its targets when a session, a run or a profile ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1"

    def set_block_temperature(
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
        return self._link.command(
            SET_BLOCK_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    def wait_for_block_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> Execution[float, TemperatureProgress]:
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
        return Execution.start(
            self._link,
            WAIT_FOR_BLOCK_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    def deactivate_block(self, *, module_identifier: str | None = None) -> None:
        """Ends heating and cooling of the block; a profile that runs ends with Target Changed. It may be called at any
        time when no run is active, also more than once. Nothing moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DEACTIVATE_BLOCK, ("" if module_identifier is None else module_identifier,))

    def set_lid_temperature(self, target_temperature: float, *, module_identifier: str | None = None) -> float:
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
        return self._link.command(
            SET_LID_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                target_temperature,
            ),
        )

    def wait_for_lid_temperature(
        self, timeout: float, *, module_identifier: str | None = None
    ) -> Execution[float, TemperatureProgress]:
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
        return Execution.start(
            self._link,
            WAIT_FOR_LID_TEMPERATURE,
            (
                "" if module_identifier is None else module_identifier,
                timeout,
            ),
        )

    def deactivate_lid(self, *, module_identifier: str | None = None) -> None:
        """Ends heating of the lid. It may be called at any time when no run is active, also more than once. Nothing
        moves.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DEACTIVATE_LID, ("" if module_identifier is None else module_identifier,))

    def open_lid(self, *, module_identifier: str | None = None) -> Execution[None, None]:
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
        return Execution.start(self._link, OPEN_LID, ("" if module_identifier is None else module_identifier,))

    def close_lid(self, *, module_identifier: str | None = None) -> Execution[None, None]:
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
        return Execution.start(self._link, CLOSE_LID, ("" if module_identifier is None else module_identifier,))

    def run_profile(
        self,
        profile_steps: Sequence[ProfileStep],
        repetitions: int,
        *,
        module_identifier: str | None = None,
        maximum_volume: float | None = None,
    ) -> Execution[float, ProfileProgress]:
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
        return Execution.start(
            self._link,
            RUN_PROFILE,
            (
                "" if module_identifier is None else module_identifier,
                profile_steps,
                repetitions,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    def run_extended_profile(
        self,
        profile_parts: Sequence[ProfilePart],
        *,
        module_identifier: str | None = None,
        maximum_volume: float | None = None,
    ) -> Execution[float, ProfileProgress]:
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
        return Execution.start(
            self._link,
            RUN_EXTENDED_PROFILE,
            (
                "" if module_identifier is None else module_identifier,
                profile_parts,
                0.0 if maximum_volume is None else maximum_volume,
            ),
        )

    @property
    def thermocyclers(self) -> ObservableProperty[list[Thermocycler]]:
        """The attached thermocycler modules with what they report, in the order of the robot. The values also follow
        what protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for
        the first time, and keeps its last value while the robot cannot be reached.
        """
        return ObservableProperty(self._link, THERMOCYCLERS)
