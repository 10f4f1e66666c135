"""Set-points of temperature modules."""

from __future__ import annotations

from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.driver.modules.temperatures import PLATE

KIND = ModuleKind.TEMPERATURE_MODULE


def temperature(target_c: float) -> SetPoint:
    """Heat or cool the plate; the module takes whole degrees, and rounds."""
    return SetPoint(
        KIND,
        "temperatureModule/setTargetTemperature",
        {"celsius": target_c},
        is_shown=lambda module: PLATE.read(module).target_c == round(target_c),
        sets_temperature=True,
    )


def off() -> SetPoint:
    """Neither heat nor cool."""
    return SetPoint(
        KIND,
        "temperatureModule/deactivate",
        {},
        is_shown=lambda module: PLATE.read(module).target_c is None,
        switches_off=True,
    )
