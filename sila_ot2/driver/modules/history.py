"""What the modules reported in the last hours, kept in memory: a row for each change, not for each reading."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sila_ot2.driver.csv_output import as_table
from sila_ot2.driver.modules import heater_shaker, magnetic_module, thermocycler
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.modules.temperatures import BLOCK, HEATER, LID, PLATE, TemperatureSource
from sila_ot2.driver.monitor.machine import Modules
from sila_ot2.errors import ModuleMissing
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

KEPT_ROWS = 10_000
"""Of each part: about 14 hours of a temperature that changes with every reading, 3 hours while it is waited for."""
KEPT_MODULES = 12
"""More than can be attached at once; what was reported longest ago gives way."""
COLUMNS = (
    "SerialNumber", "Model", "Part", "FirstReportedAt", "LastReportedAt", "Value", "Target", "Unit", "Status",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What a part of a module reports; None: it does not report it, does not measure, or has no target."""

    value: float | None
    target: float | None
    status: str


@dataclass(frozen=True)
class MeasuredPart:
    """A part of a kind of module that measures something, or moves and has a status alone."""

    kind: ModuleKind
    name: str
    unit: str
    read: Callable[[wire.Module], Measured]


def _temperature(source: TemperatureSource) -> Callable[[wire.Module], Measured]:
    def read(module: wire.Module) -> Measured:
        seen = source.read(module)
        return Measured(None if math.isnan(seen.current_c) else seen.current_c, seen.target_c, seen.status)

    return read


def _speed(module: wire.Module) -> Measured:
    value = finite_number(module.data.get("currentSpeed"))
    return Measured(value, heater_shaker.target_speed_of(module), str(module.data.get("speedStatus") or ""))


def _height(module: wire.Module) -> Measured:
    status = "engaged" if magnetic_module.is_engaged(module) else "disengaged"
    return Measured(finite_number(module.data.get("height")), None, status)


def _latch(module: wire.Module) -> Measured:
    return Measured(None, None, heater_shaker.latch_of(module))


def _lid(module: wire.Module) -> Measured:
    return Measured(None, None, thermocycler.lid_of(module))


PARTS = (
    MeasuredPart(ModuleKind.TEMPERATURE_MODULE, "Plate", "°C", _temperature(PLATE)),
    MeasuredPart(ModuleKind.HEATER_SHAKER, "Heater", "°C", _temperature(HEATER)),
    MeasuredPart(ModuleKind.HEATER_SHAKER, "Shaker", "rpm", _speed),
    MeasuredPart(ModuleKind.HEATER_SHAKER, "Latch", "", _latch),
    MeasuredPart(ModuleKind.THERMOCYCLER, "Block", "°C", _temperature(BLOCK)),
    MeasuredPart(ModuleKind.THERMOCYCLER, "Lid", "°C", _temperature(LID)),
    MeasuredPart(ModuleKind.THERMOCYCLER, "LidPosition", "", _lid),
    MeasuredPart(ModuleKind.MAGNETIC_MODULE, "Magnets", "mm", _height),
)


@dataclass(frozen=True)
class _Row:
    measured: Measured
    first: datetime
    last: datetime


class _ModuleHistory:
    """The rows of one module."""

    def __init__(self, module: wire.Module) -> None:
        self._module = module
        self._rows = {part: deque[_Row](maxlen=KEPT_ROWS) for part in PARTS if part.kind.value == module.module_type}

    def note(self, module: wire.Module, at: datetime, *, since: datetime) -> None:
        """Take over what the module has reported; an equal value prolongs the row if that was reported since a time."""
        self._module = module
        for part, rows in self._rows.items():
            measured = part.read(module)
            if rows and rows[-1].measured == measured and since <= rows[-1].last <= at:
                rows[-1] = _Row(rows[-1].measured, rows[-1].first, at)
            else:
                rows.append(_Row(measured, at, at))

    def rows(self) -> Iterator[tuple[wire.Module, MeasuredPart, _Row]]:
        """Return the rows, oldest first in each part."""
        for part, rows in self._rows.items():
            for row in rows:
                yield self._module, part, row


class ModuleHistory:
    """One per robot; safe to use from any thread. It is lost when this process ends."""

    def __init__(self, *, longest_gap_s: float) -> None:
        """Begin without rows.

        Args:
            longest_gap_s: how far apart two readings may be for an equal value to count as reported in between.
        """
        self._longest_gap = timedelta(seconds=longest_gap_s)
        self._lock = threading.Lock()
        self._modules: dict[tuple[str, str], _ModuleHistory] = {}
        self._read_at: datetime | None = None

    def follow(self, modules: Modules) -> None:
        """Take over a list of the robot; a module that an earlier list did not have begins another row."""
        with self._lock:
            before = self._read_at
            is_near = before is not None and modules.at - before <= self._longest_gap
            since = before if before is not None and is_near else modules.at
            self._read_at = modules.at
            for module in modules.value:
                key = module.serial_number, module.module_type
                history = self._modules.pop(key, None) or _ModuleHistory(module)
                history.note(module, modules.at, since=since)
                self._modules[key] = history
            while len(self._modules) > KEPT_MODULES:
                del self._modules[next(iter(self._modules))]

    def as_csv(self, serial_number: str = "") -> bytes:
        """Return the rows of a module, or of all if none is named: by module and part, oldest first.

        Raises:
            ModuleMissing: nothing was reported of the module since this process began.
        """
        with self._lock:
            found = [history for (serial, _), history in self._modules.items() if serial_number in ("", serial)]
            known = ", ".join(dict.fromkeys(serial for serial, _ in self._modules))
            rows = [row for history in found for row in history.rows()]
        if serial_number and not found:
            raise ModuleMissing(
                f"No values are kept of a module with the serial number {serial_number}."
                + (f" There are values of: {known}." if known else ""),
                "Name a module that was attached since this server started.",
            )
        return as_table(COLUMNS, (_cells(*row) for row in rows))


def _cells(module: wire.Module, part: MeasuredPart, row: _Row) -> tuple[object, ...]:
    first, last = (time.isoformat(timespec="milliseconds") for time in (row.first, row.last))
    measured = row.measured
    return (
        module.serial_number, module.module_model, part.name, first, last,
        measured.value, measured.target, part.unit, measured.status,
    )  # fmt: skip
