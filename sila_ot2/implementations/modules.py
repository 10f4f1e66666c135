"""What the features of the modules share."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.temperatures import Temperature, TemperatureSource
from sila_ot2.driver.modules.waits import ModuleWaits
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.errors import Movement, RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number
from sila_ot2.sila import Execution

Row = TypeVar("Row", bound=tuple[object, ...])


def show_modules(
    state: Observable[RobotState],
    kind: ModuleKind,
    row: Callable[[wire.Module, datetime.datetime], Row],
    show: Callable[[list[Row]], None],
) -> None:
    """Show the attached modules of a kind in a property, now and whenever the robot reports something else.

    A module that does not report a temperature is left out: the property has no value for that.
    """

    def follow(modules: Modules | None) -> None:
        if modules is not None:
            rows = [row(module, modules.at) for module in modules.value if module.module_type == kind.value]
            show([one for one in rows if not any(isinstance(value, float) and math.isnan(value) for value in one)])

    state.derive(lambda state: state.machine.modules).subscribe(follow)


def listed(value: float | None) -> list[float]:
    """Return what clients get for a value that may be absent."""
    return [] if value is None else [value]


def accepted_target(command: wire.Command, member: str, asked: float) -> float:
    """Return the target that the robot says it has set; what was asked for where its answer was lost."""
    reported = finite_number((command.result or {}).get(member))
    return asked if reported is None else reported


def wait_until_reached(
    waits: ModuleWaits,
    source: TemperatureSource,
    serial_number: str,
    timeout_s: float,
    execution: Execution,
    progress: Callable[[float, float], Any],
) -> float:
    """Wait for a temperature, and send clients what is read meanwhile; returns the temperature that was reached.

    Raises:
        RobotFaulty: the module reports that it holds its target, but not its temperature.
    """

    def send(seen: Temperature) -> None:
        if seen.target_c is not None and not math.isnan(seen.current_c):
            execution.send_intermediate(progress(seen.current_c, seen.target_c))

    wait = partial(waits.until_reached, source, serial_number, timeout_s=timeout_s)
    reached = wait(cancelled=execution.cancelled, report=execution.report, seen=send)
    if math.isnan(reached.current_c):
        raise RobotFaulty(
            f"The {source.kind} {serial_number} reports that it holds its target, but not its temperature.",
            "Look at the module. Its target stays set.",
            moved=Movement.NONE,
        )
    return reached.current_c
