"""What is on in the attached modules, or still hot: nothing switches a module off by itself.

Not the end of a session or a run, a stop, or a restart of the robot's software (measured on 7.5.0 and 8.1.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sila_ot2.driver.deck.checks.module_safety import is_shaking
from sila_ot2.driver.modules import heater_shaker, magnetic_module, temperature_module, thermocycler
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.set_points import SetPoint
from sila_ot2.driver.modules.temperatures import BLOCK, HEATER, LID, PLATE, TemperatureSource
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import OT2Fault
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import ActivePart

HOT_C = 50.0
"""A hotter surface burns a person who touches it for longer (ISO 13732-1 gives 48 °C for ten minutes)."""


@dataclass(frozen=True)
class ModulePart:
    """A part of a kind of module that can be on."""

    kind: ModuleKind
    name: str
    look: Callable[[wire.Module], tuple[float | None, str]]
    """Returns its target, None if it is off, and what it does in words, empty if nothing."""
    off: Callable[[], SetPoint]
    set_by: tuple[str, ...]
    """The robot's commands that set a target of it."""


def _temperature(source: TemperatureSource) -> Callable[[wire.Module], tuple[float | None, str]]:
    def look(module: wire.Module) -> tuple[float | None, str]:
        temperature = source.read(module)
        if temperature.target_c is not None:
            return temperature.target_c, f"set to {temperature.target_c:g} °C, at {temperature.current_c:.1f} °C"
        return None, f"off, still at {temperature.current_c:.1f} °C" if temperature.current_c > HOT_C else ""

    return look


def _shaker(module: wire.Module) -> tuple[float | None, str]:
    if not is_shaking(module):
        return None, ""
    speed_rpm = heater_shaker.speed_of(module)
    return heater_shaker.target_speed_of(module) or speed_rpm, f"shakes at {speed_rpm:g} rpm"


def _magnets(module: wire.Module) -> tuple[float | None, str]:
    if not magnetic_module.is_engaged(module):
        return None, ""
    height_mm = magnetic_module.height_of(module)
    return height_mm, f"raised to {height_mm:g} mm above the base of the labware"


PARTS = (
    ModulePart(
        ModuleKind.TEMPERATURE_MODULE,
        "Plate",
        _temperature(PLATE),
        temperature_module.off,
        ("temperatureModule/setTargetTemperature",),
    ),
    ModulePart(
        ModuleKind.HEATER_SHAKER,
        "Shaker",
        _shaker,
        heater_shaker.shaker_off,
        ("heaterShaker/setAndWaitForShakeSpeed", "heaterShaker/setShakeSpeed"),
    ),
    ModulePart(
        ModuleKind.HEATER_SHAKER,
        "Heater",
        _temperature(HEATER),
        heater_shaker.heater_off,
        ("heaterShaker/setTargetTemperature",),
    ),
    ModulePart(
        ModuleKind.THERMOCYCLER,
        "Block",
        _temperature(BLOCK),
        thermocycler.block_off,
        ("thermocycler/setTargetBlockTemperature", "thermocycler/runProfile", "thermocycler/runExtendedProfile"),
    ),
    ModulePart(
        ModuleKind.THERMOCYCLER,
        "Lid",
        _temperature(LID),
        thermocycler.lid_off,
        ("thermocycler/setTargetLidTemperature",),
    ),
    ModulePart(ModuleKind.MAGNETIC_MODULE, "Magnets", _magnets, magnetic_module.disengage, ("magneticModule/engage",)),
)


def active_parts(attached: Iterable[wire.Module]) -> tuple[ActivePart, ...]:
    """Return what is on or hot, in the order of the modules."""
    return tuple(_active_parts(attached))


def read_active_parts(robot: RobotClient, state: Observable[RobotState]) -> tuple[ActivePart, ...]:
    """Return what is on or hot now; if the robot cannot be read, what it reported last."""
    try:
        return active_parts(robot.modules())
    except OT2Fault:
        modules = state.value.machine.modules
        return active_parts(modules.value) if modules is not None else ()


def part_of(active: ActivePart) -> ModulePart:
    """Return which part it is that is on or hot."""
    return next(part for part in PARTS if part.name == active.part)


def _active_parts(attached: Iterable[wire.Module]) -> Iterator[ActivePart]:
    for module in attached:
        for part in PARTS:
            if part.kind.value == module.module_type:
                target, activity = part.look(module)
                if activity:
                    yield ActivePart(
                        serial_number=module.serial_number,
                        model=module.module_model,
                        part=part.name,
                        activity=activity,
                        target=target,
                    )
