"""Commands for thermocyclers."""

from __future__ import annotations

from sila_ot2.driver.modules.gantry_commands import GantryCommand
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.driver.modules.temperatures import BLOCK, LID, is_near
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

KIND = ModuleKind.THERMOCYCLER


def block_temperature(target_c: float, maximum_volume_ul: float = 0.0, hold_s: float | None = None) -> SetPoint:
    """Heat or cool the block.

    Args:
        target_c: the temperature.
        maximum_volume_ul: the largest volume in a well, by which the module controls it; 0: not known.
        hold_s: for how long the module counts down from when it is reached; it holds the temperature afterwards, too.
    """
    volume = {"blockMaxVolumeUl": maximum_volume_ul} if maximum_volume_ul else {}
    hold = {"holdTimeSeconds": hold_s} if hold_s is not None else {}
    return SetPoint(
        KIND,
        "thermocycler/setTargetBlockTemperature",
        {"celsius": target_c, **volume, **hold},
        is_shown=lambda module: is_near(BLOCK.read(module).target_c, target_c),
        sets_temperature=True,
    )


def block_off() -> SetPoint:
    """Neither heat nor cool the block."""
    return SetPoint(
        KIND,
        "thermocycler/deactivateBlock",
        {},
        is_shown=lambda module: BLOCK.read(module).target_c is None,
        switches_off=True,
    )


def lid_temperature(target_c: float) -> SetPoint:
    """Heat the lid."""
    return SetPoint(
        KIND,
        "thermocycler/setTargetLidTemperature",
        {"celsius": target_c},
        is_shown=lambda module: is_near(LID.read(module).target_c, target_c),
        sets_temperature=True,
    )


def lid_off() -> SetPoint:
    """Do not heat the lid."""
    return SetPoint(
        KIND,
        "thermocycler/deactivateLid",
        {},
        is_shown=lambda module: LID.read(module).target_c is None,
        switches_off=True,
    )


def open_lid() -> GantryCommand:
    """Open the lid; the gantry homes first."""
    return GantryCommand(
        KIND, "OpenLid", ("thermocycler/openLid",), {}, is_shown=lambda module: lid_of(module) == "open"
    )


def close_lid() -> GantryCommand:
    """Close the lid; the gantry homes first."""
    return GantryCommand(
        KIND, "CloseLid", ("thermocycler/closeLid",), {}, is_shown=lambda module: lid_of(module) == "closed"
    )


def lid_of(module: wire.Module) -> str:
    """Return what the module reports of its lid: open, closed, in_between, unknown."""
    return str(module.data.get("lidStatus") or "unknown")


def hold_left_s(module: wire.Module) -> float:
    """Return how long the block is still to be held at its target, in seconds."""
    return finite_number(module.data.get("holdTime")) or 0.0
