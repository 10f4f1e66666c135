"""The feature OT2MagneticModuleController as Python types.

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


class MagneticModule(NamedTuple):
    """A magnetic module."""

    SerialNumber: str
    """The serial number of the module, by which commands name it."""
    Model: str
    """The exact model as protocols name it."""
    Engaged: bool
    """True while the magnets are raised."""
    Height: float
    """How high the magnets are above the base of the labware; it is -2.5 mm while they are lowered."""
    ReportedAt: datetime.datetime
    """When the robot reported these values; the time is not updated while no module reports another value."""


@dataclass(frozen=True, kw_only=True)
class EngageParameters:
    """Parameters of Engage."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""
    height_mm: Annotated[float, Field(alias="Height", ge=-2.5, le=22.5)]
    """How high the magnets are raised above the base of the labware. Modules of the first generation reach 20 mm,
    those of the second 22.5 mm. In mm, at least -2.5, at most 22.5.
    """


@dataclass(frozen=True, kw_only=True)
class EngageForLabwareParameters:
    """Parameters of EngageForLabware."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind that is loaded in the session."""
    offset_mm: Annotated[float, Field(alias="Offset", ge=-25, le=25)] = 0.0
    """How much higher than that the magnets are raised; lower if it is negative. In mm, at least -25, at most 25."""


@dataclass(frozen=True, kw_only=True)
class DisengageParameters:
    """Parameters of Disengage."""

    module_identifier: Annotated[str, Field(alias="ModuleIdentifier", pattern=r"^(?:[!-~]{0,64})$")] = ""
    """The serial number of the module. Empty means the only one of this kind."""


class OT2MagneticModuleControllerBase(ABC):
    """Raises and lowers the magnets of the magnetic modules of the robot. The commands work with and without an open
    session, also while another command moves the robot; they are refused while a run is active, whose protocol then
    controls the modules. Nothing switches a module off by itself: the magnets stay where they are when a session or
    a run ends.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1"

    PARAMETERS: ClassVar[Mapping[str, type]] = {
        "Engage": EngageParameters,
        "EngageForLabware": EngageForLabwareParameters,
        "Disengage": DisengageParameters,
    }
    """The class of each command's parameters: its method takes one object of it."""

    MagneticModules: ObservableProperty[list[MagneticModule]]
    """The attached magnetic modules with what they report, in the order of the robot. The values also follow what
    protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the first
    time, and keeps its last value while the robot cannot be reached.
    """

    @abstractmethod
    def Engage(self, given: EngageParameters, *, call: Any) -> None:
        """Raises the magnets and returns when the robot has accepted it. It may be called again with another height.
        The gantry does not move. It is refused while a hand-over of labware is pending.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, TargetOutOfRange, RunActionNotAllowed
        """

    @abstractmethod
    def EngageForLabware(self, given: EngageForLabwareParameters, *, call: Any) -> float:
        """Raises the magnets to the height that the definition of the labware on the module gives, as protocols do
        that name no height, and returns when the robot has accepted it. The module and the labware on it must be
        loaded in the open session. The gantry does not move. It is refused while a hand-over of labware is pending.

        Errors: ModuleNotLoaded, LabwareNotLoaded, ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected,
        RobotFaulty, RunStillActive, RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed,
        CommandFailed, UnsupportedByRobot, StorageFull, TargetOutOfRange, RunActionNotAllowed
        """

    @abstractmethod
    def Disengage(self, given: DisengageParameters, *, call: Any) -> None:
        """Lowers the magnets and returns when the robot has accepted it. It may be called at any time when no run is
        active, also more than once. The gantry does not move.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull
        """
