"""The feature OT2MagneticModuleController."""

from __future__ import annotations

import datetime
from typing import ClassVar

from sila_ot2.driver.deck.plans.module_plans import height_for_labware
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.modules import magnetic_module
from sila_ot2.driver.modules.set_points import SetPoints
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_magnetic_module_controller import (
    DisengageParameters,
    EngageForLabwareParameters,
    EngageParameters,
    MagneticModule,
    OT2MagneticModuleControllerBase,
)
from sila_ot2.implementations.modules import show_modules
from sila_ot2.robot import wire
from sila_ot2.sila import Call, ObservableProperty


class OT2MagneticModuleController(OT2MagneticModuleControllerBase):
    """Magnetic modules. Nothing here needs the turn: the gantry stays where it is."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, state: Observable[RobotState], set_points: SetPoints, deck_state: Observable[DeckState]) -> None:
        self._set_points = set_points
        self._deck_state = deck_state
        self.MagneticModules: ObservableProperty[list[MagneticModule]] = ObservableProperty([])
        show_modules(state, magnetic_module.KIND, _row, self.MagneticModules.set)

    def Engage(self, given: EngageParameters, *, call: Call) -> None:
        """Raise the magnets."""
        self._set_points.set(magnetic_module.engage(given.height_mm), given.module_identifier)

    def EngageForLabware(self, given: EngageForLabwareParameters, *, call: Call) -> float:
        """Raise them to the height of the labware."""
        module, height_mm = height_for_labware(self._deck_state.value, given.module_identifier, given.offset_mm)
        self._set_points.set(magnetic_module.engage(height_mm), module.serial_number)
        return height_mm

    def Disengage(self, given: DisengageParameters, *, call: Call) -> None:
        """Lower them."""
        self._set_points.set(magnetic_module.disengage(), given.module_identifier)


def _row(module: wire.Module, reported_at: datetime.datetime) -> MagneticModule:
    return MagneticModule(
        module.serial_number,
        module.module_model,
        magnetic_module.is_engaged(module),
        magnetic_module.height_of(module),
        reported_at,
    )
