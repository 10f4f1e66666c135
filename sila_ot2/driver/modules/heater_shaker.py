"""Commands for heater-shakers."""

from __future__ import annotations

from sila_ot2.driver.deck.checks.module_safety import is_shaking
from sila_ot2.driver.modules.gantry_commands import GantryCommand
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.driver.modules.temperatures import HEATER, is_near
from sila_ot2.errors import DeckUnsafe
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

KIND = ModuleKind.HEATER_SHAKER
SPEED_REACHED_RPM = 40
"""How near to its target a speed is called reached by the robot."""


def temperature(target_c: float) -> SetPoint:
    """Heat."""
    return SetPoint(
        KIND,
        "heaterShaker/setTargetTemperature",
        {"celsius": target_c},
        is_shown=lambda module: is_near(HEATER.read(module).target_c, target_c),
        sets_temperature=True,
    )


def heater_off() -> SetPoint:
    """Do not heat."""
    return SetPoint(
        KIND,
        "heaterShaker/deactivateHeater",
        {},
        is_shown=lambda module: HEATER.read(module).target_c is None,
        switches_off=True,
    )


def shaker_off() -> SetPoint:
    """Do not shake."""
    return SetPoint(
        KIND,
        "heaterShaker/deactivateShaker",
        {},
        is_shown=lambda module: not is_shaking(module),
        switches_off=True,
        # The robot refuses it while the latch is not closed.
        is_needless=lambda module: not is_shaking(module) and latch_of(module) != "idle_closed",
    )


def shake(speed_rpm: float) -> GantryCommand:
    """Shake, and be at work until the speed is reached."""

    def check(module: wire.Module) -> None:
        if (latch := latch_of(module)) != "idle_closed":
            raise DeckUnsafe(
                f"The labware latch of the heater-shaker {module.serial_number} is {words(latch)}: it cannot shake.",
                "Close the latch first.",
            )

    return GantryCommand(
        KIND,
        "SetShakeSpeed",
        # A run's engine lets the module shake only after it has closed the latch itself; that does no harm.
        ("heaterShaker/closeLabwareLatch", "heaterShaker/setAndWaitForShakeSpeed"),
        {"rpm": speed_rpm},
        is_shown=lambda module: abs(speed_of(module) - speed_rpm) <= SPEED_REACHED_RPM,
        check=check,
    )


def open_latch() -> GantryCommand:
    """Open the labware latch."""

    def check(module: wire.Module) -> None:
        if is_shaking(module):
            raise DeckUnsafe(
                f"The heater-shaker {module.serial_number} is shaking: its labware latch cannot be opened.",
                "Stop the shaking first.",
            )

    return GantryCommand(
        KIND,
        "OpenLatch",
        ("heaterShaker/openLabwareLatch",),
        {},
        is_shown=lambda module: latch_of(module) == "idle_open",
        check=check,
    )


def close_latch() -> GantryCommand:
    """Close the labware latch."""
    return GantryCommand(
        KIND,
        "CloseLatch",
        ("heaterShaker/closeLabwareLatch",),
        {},
        is_shown=lambda module: latch_of(module) == "idle_closed",
    )


def latch_of(module: wire.Module) -> str:
    """Return what the module reports of its labware latch: idle_open, idle_closed, opening, closing, idle_unknown."""
    return str(module.data.get("labwareLatchStatus") or "unknown")


def speed_of(module: wire.Module) -> float:
    """Return how fast it shakes, in revolutions per minute."""
    return finite_number(module.data.get("currentSpeed")) or 0.0


def target_speed_of(module: wire.Module) -> float | None:
    """Return how fast it shall shake; None: it shall not."""
    return finite_number(module.data.get("targetSpeed")) or None


def words(latch: str) -> str:
    """Return what messages call a state of the latch."""
    return latch.removeprefix("idle_").replace("_", " ")
