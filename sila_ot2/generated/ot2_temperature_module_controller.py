"""The feature OT2TemperatureModuleController as Python types.

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


class TemperatureModule(NamedTuple):
    """A temperature module."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it."""
    Status: str
    """What the module does, as the robot reports it: idle, heating, cooling, holding at target, or error."""
    CurrentTemperature: float
    """The temperature of the plate."""
    TargetTemperature: list[float]
    """The target temperature of the plate. The list is empty if there is none; otherwise it has one element."""
    ReportedAt: datetime.datetime
    """When the robot reported these values; the time is not updated while no module reports another value."""


class TemperatureProgress(NamedTuple):
    """How far a temperature is."""

    CurrentTemperature: float
    """The temperature that the module reported last."""
    TargetTemperature: float
    """The temperature that is waited for."""


@dataclass(frozen=True, kw_only=True)
class SetTemperatureParameters:
    """Parameters of SetTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    target_temperature_c: Annotated[float, Field(alias="TargetTemperature", ge=-9, le=99)]
    """The temperature to reach. In °C, at least -9, at most 99."""


@dataclass(frozen=True, kw_only=True)
class WaitForTemperatureParameters:
    """Parameters of WaitForTemperature."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    timeout_s: Annotated[float, Field(alias="Timeout", ge=1, le=86400)]
    """How long to wait, from 1 second to 24 hours. In s, at least 1, at most 86400."""


@dataclass(frozen=True, kw_only=True)
class DeactivateParameters:
    """Parameters of Deactivate."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


class OT2TemperatureModuleControllerBase(ABC):
    """Heats and cools the temperature modules of the robot. The commands work with and without an open session, also
    while another command moves the robot; they are refused while a run is active, whose protocol then controls the
    modules. Nothing switches a module off by itself: it keeps its target when a session or a run ends.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2TemperatureModuleController/v1"

    PARAMETERS: ClassVar[Mapping[str, type]] = {
        "SetTemperature": SetTemperatureParameters,
        "WaitForTemperature": WaitForTemperatureParameters,
        "Deactivate": DeactivateParameters,
    }
    """The class of each command's parameters: its method takes one object of it."""

    TemperatureModules: ObservableProperty[list[TemperatureModule]]
    """The attached temperature modules with what they report, in the order of the robot. The values also follow what
    protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the first
    time, and keeps its last value while the robot cannot be reached.
    """

    @abstractmethod
    def SetTemperature(self, given: SetTemperatureParameters, *, call: Any) -> float:
        """Sets the temperature of the plate and returns when the robot has accepted it; use Wait For Temperature to
        wait until it is reached. Modules of both generations take whole degrees, and round. They are specified from
        4 to 95 °C. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """

    @abstractmethod
    def WaitForTemperature(self, given: WaitForTemperatureParameters, *, execution: Any) -> float:
        """Waits until the plate holds its target, or the time is over. It lasts until then, at most as long as the
        timeout; progress and remaining time follow the temperature. The robot is free meanwhile. Cancel ends the
        waiting at once and leaves the target as it is.

        Intermediate response: TemperatureProgress
        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, TargetNotSet,
        TargetChanged, ModuleDisconnected, ModuleFailed, WaitTimedOut, CommandCancelled
        """

    @abstractmethod
    def Deactivate(self, given: DeactivateParameters, *, call: Any) -> None:
        """Ends heating and cooling: the module has no target afterwards. It may be called at any time when no run is
        active, also more than once. Nothing moves.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """
