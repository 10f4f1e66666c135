"""Set-points of magnetic modules."""

from __future__ import annotations

from sila_ot2.driver.deck.plans.module_plans import LOWEST_MM, check_height
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

KIND = ModuleKind.MAGNETIC_MODULE


def engage(height_mm: float) -> SetPoint:
    """Raise the magnets to a height above the base of the labware."""
    return SetPoint(
        KIND,
        "magneticModule/engage",
        {"height": height_mm},
        is_shown=lambda module: abs(height_of(module) - height_mm) < 1,
        check=lambda module: check_height(module.module_model, height_mm),
    )


def disengage() -> SetPoint:
    """Lower the magnets."""
    return SetPoint(
        KIND, "magneticModule/disengage", {}, is_shown=lambda module: not is_engaged(module), switches_off=True
    )


def height_of(module: wire.Module) -> float:
    """Return how high the magnets are above the base of the labware, in mm."""
    height_mm = finite_number(module.data.get("height"))
    return LOWEST_MM if height_mm is None else height_mm


def is_engaged(module: wire.Module) -> bool:
    """Whether the magnets are raised."""
    return bool(module.data.get("engaged", module.data.get("status") == "engaged"))
