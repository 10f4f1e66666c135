"""The feature OT2ThermocyclerController as Python types.

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


class Thermocycler(NamedTuple):
    """A thermocycler module."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it."""
    BlockStatus: str
    """What the block does, as the robot reports it: idle, heating, cooling, holding at target, or error."""
    BlockTemperature: float
    """The temperature of the block."""
    BlockTarget: list[float]
    """The target temperature of the block. The list is empty if there is none; otherwise it has one element."""
    RemainingHoldTime: float
    """How long the block is still to be held at its target, as the module counts it."""
    LidStatus: str
    """The state of the lid, as the robot reports it: open, closed, in_between, or unknown."""
    LidTemperatureStatus: str
    """What the heater of the lid does, as the robot reports it: idle, heating, holding at target, or error."""
    LidTemperature: float
    """The temperature of the lid."""
    LidTarget: list[float]
    """The target temperature of the lid. The list is empty if there is none; otherwise it has one element."""
    ReportedAt: datetime.datetime
    """When the robot reported these values; the time is not updated while no module reports another value."""


class TemperatureProgress(NamedTuple):
    """How far a temperature is."""

    CurrentTemperature: float
    """The temperature that the module reported last."""
    TargetTemperature: float
    """The temperature that is waited for."""


class ProfileStep(NamedTuple):
    """One step of a profile."""

    StepTemperature: float
    """The temperature of the block."""
    HoldTime: float
    """How long it is held from when it is reached."""


class ProfilePart(NamedTuple):
    """Steps that are repeated."""

    Steps: list[ProfileStep]
    """The steps, in their order. The list must not be empty."""
    Repetitions: int
    """How often all steps are carried out."""


class ProfileProgress(NamedTuple):
    """How far a profile is."""

    Part: int
    """The part of the profile under way, counted from 1; always 1 in Run Profile."""
    Cycle: int
    """The repetition of the part under way, counted from 1."""
    Step: int
    """The step of the part under way, counted from 1."""
    CurrentTemperature: float
    """The temperature of the block."""
    TargetTemperature: float
    """The temperature of the step under way."""
    RemainingHoldTime: float
    """How long it is still to be held."""


@dataclass(frozen=True, kw_only=True)
class SetBlockTemperatureParameters:
    """Parameters of SetBlockTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    target_temperature_c: Annotated[float, Field(alias="TargetTemperature", ge=0, le=99)]
    """The temperature to reach. In °C, at least 0, at most 99."""
    maximum_volume_ul: Annotated[float, Field(alias="MaximumVolume", ge=0, le=100)] = 0.0
    """The largest volume in a well, by which the module controls the temperature. In µL, at least 0, at most 100. 0
    means that it is not known.
    """


@dataclass(frozen=True, kw_only=True)
class WaitForBlockTemperatureParameters:
    """Parameters of WaitForBlockTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    timeout_s: Annotated[float, Field(alias="Timeout", ge=1, le=86400)]
    """How long to wait, from 1 second to 24 hours. In s, at least 1, at most 86400."""


@dataclass(frozen=True, kw_only=True)
class DeactivateBlockParameters:
    """Parameters of DeactivateBlock."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class SetLidTemperatureParameters:
    """Parameters of SetLidTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    target_temperature_c: Annotated[float, Field(alias="TargetTemperature", ge=37, le=110)]
    """The temperature to reach. In °C, at least 37, at most 110."""


@dataclass(frozen=True, kw_only=True)
class WaitForLidTemperatureParameters:
    """Parameters of WaitForLidTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    timeout_s: Annotated[float, Field(alias="Timeout", ge=1, le=86400)]
    """How long to wait, from 1 second to 24 hours. In s, at least 1, at most 86400."""


@dataclass(frozen=True, kw_only=True)
class DeactivateLidParameters:
    """Parameters of DeactivateLid."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class OpenLidParameters:
    """Parameters of OpenLid."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class CloseLidParameters:
    """Parameters of CloseLid."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


@dataclass(frozen=True, kw_only=True)
class RunProfileParameters:
    """Parameters of RunProfile."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    profile_steps: Annotated[list[ProfileStep], Field(alias="ProfileSteps")]
    """The steps, in their order. The list must not be empty."""
    repetitions: Annotated[int, Field(alias="Repetitions", ge=1, le=1000)]
    """How often all steps are carried out. At least 1, at most 1000."""
    maximum_volume_ul: Annotated[float, Field(alias="MaximumVolume", ge=0, le=100)] = 0.0
    """The largest volume in a well, by which the module controls the temperature. In µL, at least 0, at most 100. 0
    means that it is not known.
    """


@dataclass(frozen=True, kw_only=True)
class RunExtendedProfileParameters:
    """Parameters of RunExtendedProfile."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    profile_parts: Annotated[list[ProfilePart], Field(alias="ProfileParts")]
    """The parts, in their order. The list must not be empty."""
    maximum_volume_ul: Annotated[float, Field(alias="MaximumVolume", ge=0, le=100)] = 0.0
    """The largest volume in a well, by which the module controls the temperature. In µL, at least 0, at most 100. 0
    means that it is not known.
    """


class OT2ThermocyclerControllerBase(ABC):
    """Heats and cools the block and the lid of the thermocycler modules of the robot, opens and closes the lid, and
    runs temperature profiles. Temperatures and profiles work with and without an open session, also while another
    command moves the robot; they are refused while a run is active, whose protocol then controls the modules.
    Nothing switches a module off by itself: it keeps its targets when a session, a run or a profile ends.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2ThermocyclerController/v1"

    PARAMETERS: ClassVar[Mapping[str, type]] = {
        "SetBlockTemperature": SetBlockTemperatureParameters,
        "WaitForBlockTemperature": WaitForBlockTemperatureParameters,
        "DeactivateBlock": DeactivateBlockParameters,
        "SetLidTemperature": SetLidTemperatureParameters,
        "WaitForLidTemperature": WaitForLidTemperatureParameters,
        "DeactivateLid": DeactivateLidParameters,
        "OpenLid": OpenLidParameters,
        "CloseLid": CloseLidParameters,
        "RunProfile": RunProfileParameters,
        "RunExtendedProfile": RunExtendedProfileParameters,
    }
    """The class of each command's parameters: its method takes one object of it."""

    Thermocyclers: ObservableProperty[list[Thermocycler]]
    """The attached thermocycler modules with what they report, in the order of the robot. The values also follow what
    protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the first
    time, and keeps its last value while the robot cannot be reached.
    """

    @abstractmethod
    def SetBlockTemperature(self, given: SetBlockTemperatureParameters, *, call: Any) -> float:
        """Sets the temperature of the block and returns when the robot has accepted it; use Wait For Block Temperature
        to wait until it is reached. It is refused while a profile runs. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy
        """

    @abstractmethod
    def WaitForBlockTemperature(self, given: WaitForBlockTemperatureParameters, *, execution: Any) -> float:
        """Waits until the block holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Intermediate response: TemperatureProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def DeactivateBlock(self, given: DeactivateBlockParameters, *, call: Any) -> None:
        """Ends heating and cooling of the block; a profile that runs ends with Target Changed. It may be called at any
        time when no run is active, also more than once. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def SetLidTemperature(self, given: SetLidTemperatureParameters, *, call: Any) -> float:
        """Sets the temperature of the lid and returns when the robot has accepted it; use Wait For Lid Temperature to
        wait until it is reached. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def WaitForLidTemperature(self, given: WaitForLidTemperatureParameters, *, execution: Any) -> float:
        """Waits until the lid holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Intermediate response: TemperatureProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def DeactivateLid(self, given: DeactivateLidParameters, *, call: Any) -> None:
        """Ends heating of the lid. It may be called at any time when no run is active, also more than once. Nothing
        moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def OpenLid(self, given: OpenLidParameters, *, execution: Any) -> None:
        """Opens the lid, which lasts about 20 seconds. It is refused while a profile runs. The gantry homes first, so
        the command is not accepted while another command moves the robot. While a session is open, it is a command
        of the session, and the module must be loaded there. After Cancel nothing further is sent; the module ends
        what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DoorOpen, NotReconciled, SessionLost, RobotRestarted, MotionFailed,
        CommandCancelled, ModuleBusy, DeckUnsafe
        """

    @abstractmethod
    def CloseLid(self, given: CloseLidParameters, *, execution: Any) -> None:
        """Closes the lid, which lasts about 20 seconds. It is refused while a profile runs. The gantry homes first, so
        the command is not accepted while another command moves the robot. While a session is open, it is a command
        of the session, and the module must be loaded there. After Cancel nothing further is sent; the module ends
        what it has begun.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleNotLoaded, DoorOpen, NotReconciled, SessionLost, RobotRestarted, MotionFailed,
        CommandCancelled, ModuleBusy, DeckUnsafe
        """

    @abstractmethod
    def RunProfile(self, given: RunProfileParameters, *, execution: Any) -> float:
        """Brings the block to the temperature of each step and holds it there, and repeats all steps as often as
        Repetitions says. It lasts as long as the steps and the changes of temperature between them. The module and
        this server both count the time of each step, from when the block has reached the temperature, and the step
        ends when both have counted it. The lid must be closed. The robot is free meanwhile. At the end the block
        stays at the temperature of the last step. Cancel ends it at once, and the block stays at the temperature of
        the step under way.

        Intermediate response: ProfileProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy, DeckUnsafe, TargetChanged, ModuleDisconnected, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def RunExtendedProfile(self, given: RunExtendedProfileParameters, *, execution: Any) -> float:
        """Runs a profile of several parts, such as an initial denaturation, the cycles of a PCR, and a final
        extension. Each part is repeated as often as its Repetitions says. The block keeps its temperature between
        two parts. Everything else is as in Run Profile: the module and this server both count the time of each
        step, the lid must be closed, and the robot is free meanwhile. At the end the block stays at the temperature
        of the last step. Cancel ends it at once, and the block stays at the temperature of the step under way. It
        works with robots of every release that Run Profile works with.

        Intermediate response: ProfileProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, ModuleBusy, DeckUnsafe, TargetChanged, ModuleDisconnected, WaitTimedOut, CommandCancelled
        """
