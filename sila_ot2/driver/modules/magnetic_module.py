"""Set-points of magnetic modules."""

from __future__ import annotations

from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.driver.modules.temperatures import number
from sila_ot2.errors import TargetOutOfRange
from sila_ot2.robot import wire

KIND = ModuleKind.MAGNETIC_MODULE
LOWEST_MM = -2.5
"""Where the magnets are when they are not engaged, above the base of the labware."""
HIGHEST_MM = {"magneticModuleV1": 20.0, "magneticModuleV2": 22.5}
"""By model; as measured on releases 7.5.0 and 8.1.0."""


def engage(height_mm: float) -> SetPoint:
    """Raise the magnets to a height above the base of the labware."""

    def check(module: wire.Module) -> None:
        highest_mm = HIGHEST_MM.get(module.module_model)
        if highest_mm is not None and not LOWEST_MM <= height_mm <= highest_mm:
            raise TargetOutOfRange(
                f"The magnets of a {module.module_model} cannot be raised to {height_mm:g} mm above the base of the "
                f"labware.",
                f"Choose a height from {LOWEST_MM:g} to {highest_mm:g} mm.",
            )

    return SetPoint(
        KIND,
        "magneticModule/engage",
        {"height": height_mm},
        is_shown=lambda module: abs(height_of(module) - height_mm) < 1,
        check=check,
    )


def disengage() -> SetPoint:
    """Lower the magnets."""
    return SetPoint(
        KIND, "magneticModule/disengage", {}, is_shown=lambda module: not is_engaged(module), switches_off=True
    )


def height_of(module: wire.Module) -> float:
    """Return how high the magnets are above the base of the labware, in mm."""
    return float(number(module.data.get("height"), LOWEST_MM))


def is_engaged(module: wire.Module) -> bool:
    """Whether the magnets are raised."""
    return bool(module.data.get("engaged", module.data.get("status") == "engaged"))
