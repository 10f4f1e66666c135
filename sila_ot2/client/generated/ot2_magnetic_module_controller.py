"""The feature OT2MagneticModuleController.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ResponseMessage, nothing, same
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty
from sila_ot2.client.wire import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class MagneticModule:
    """A magnetic module.

    Attributes:
        serial_number: The serial number of the module, by which commands name it.
        model: The exact model as protocols name it.
        engaged: True while the magnets are raised.
        height: How high the magnets are above the base of the labware; it is -2.5 mm while they are lowered. In mm.
        reported_at: When the robot reported these values; the time is not updated while no module reports another
            value.
    """

    serial_number: str
    model: str
    engaged: bool
    height: float
    reported_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1")
_MAGNETIC_MODULE = wire.Structure(
    MagneticModule,
    serial_number=wire.STRING,
    model=wire.STRING,
    engaged=wire.BOOLEAN,
    height=wire.REAL,
    reported_at=wire.TIMESTAMP,
)
_DEFINED_MAGNETIC_MODULE = wire.Defined(_MAGNETIC_MODULE)
ENGAGE: CallDefinition[None] = _FEATURE.command(
    "Engage", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING, Height=wire.REAL
)
ENGAGE_FOR_LABWARE: CallDefinition[float] = _FEATURE.command(
    "EngageForLabware", ResponseMessage(Message(wire.REAL), same), ModuleIdentifier=wire.STRING, Offset=wire.REAL
)
DISENGAGE: CallDefinition[None] = _FEATURE.command(
    "Disengage", ResponseMessage(Message(), nothing), ModuleIdentifier=wire.STRING
)
MAGNETIC_MODULES: CallDefinition[list[MagneticModule]] = _FEATURE.observable_property(
    "MagneticModules", wire.Repeated(_DEFINED_MAGNETIC_MODULE)
)


class OT2MagneticModuleController(Feature[Link]):
    """Raises and lowers the magnets of the magnetic modules of the robot. The commands work with and without an open
    session, also while another command moves the robot; they are refused while a run is active, whose protocol then
    controls the modules. Nothing switches a module off by itself: the magnets stay where they are when a session or
    a run ends.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2MagneticModuleController/v1"

    def engage(self, height: float, *, module_identifier: str | None = None) -> None:
        """Raises the magnets and returns when the robot has accepted it. It may be called again with another height.
        The gantry does not move. It is refused while a hand-over of labware is pending.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.
            height: How high the magnets are raised above the base of the labware. Modules of the first generation
                reach 20 mm, those of the second 22.5 mm. In mm, at least -2.5, at most 22.5.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull, TargetOutOfRange, RunActionNotAllowed.
        """
        self._link.command(
            ENGAGE,
            (
                "" if module_identifier is None else module_identifier,
                height,
            ),
        )

    def engage_for_labware(self, *, module_identifier: str | None = None, offset: float = 0.0) -> float:
        """Raises the magnets to the height that the definition of the labware on the module gives, as protocols do
        that name no height, and returns when the robot has accepted it. The module and the labware on it must be
        loaded in the open session. The gantry does not move. It is refused while a hand-over of labware is pending.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind that is loaded
                in the session.
            offset: How much higher than that the magnets are raised; lower if it is negative. In mm, at least -25,
                at most 25.

        Returns:
            engaged_height: The height of the magnets above the base of the labware. In mm.

        Errors: ModuleNotLoaded, LabwareNotLoaded, ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected,
        RobotFaulty, RunStillActive, RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed,
        CommandFailed, UnsupportedByRobot, StorageFull, TargetOutOfRange, RunActionNotAllowed.
        """
        return self._link.command(
            ENGAGE_FOR_LABWARE,
            (
                "" if module_identifier is None else module_identifier,
                offset,
            ),
        )

    def disengage(self, *, module_identifier: str | None = None) -> None:
        """Lowers the magnets and returns when the robot has accepted it. It may be called at any time when no run is
        active, also more than once. The gantry does not move.

        Args:
            module_identifier: The serial number of the module. None means the only one of this kind.

        Errors: ModuleMissing, ModuleAmbiguous, RobotUnreachable, RobotRejected, RobotFaulty, RunStillActive,
        RobotBusy, RobotChanged, SafetyStopActive, OutcomeUnknown, ModuleFailed, CommandFailed, UnsupportedByRobot,
        StorageFull.
        """
        self._link.command(DISENGAGE, ("" if module_identifier is None else module_identifier,))

    @property
    def magnetic_modules(self) -> ObservableProperty[list[MagneticModule]]:
        """The attached magnetic modules with what they report, in the order of the robot. The values also follow what
        protocols, other clients and the Opentrons App do. The list is empty until the robot has answered for the
        first time, and keeps its last value while the robot cannot be reached.
        """
        return ObservableProperty(self._link, MAGNETIC_MODULES)
