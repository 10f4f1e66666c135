"""Temperatures and speeds of modules: what they are now, and what they were in the last hours."""

from __future__ import annotations

import datetime
from collections import deque
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client.generated.ot2_heater_shaker_controller import HeaterShaker
from sila_ot2.client.generated.ot2_temperature_module_controller import TemperatureModule
from sila_ot2.client.generated.ot2_thermocycler_controller import Thermocycler
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.times import utc_now

Part = Literal["plate", "heater", "shaker", "block", "lid"]
KEPT = datetime.timedelta(hours=4)
APART = datetime.timedelta(seconds=10)
"""How far apart readings are at least, so that a day does not grow."""
WIDTH, HEIGHT = 600, 160


@dataclass(frozen=True, kw_only=True)
class ModuleValue:
    """A value of a module that has a target.

    Attributes:
        serial: the module.
        model: its model.
        part: the part of the module that it is of.
        unit: its unit.
        actual: what it is.
        target: what it shall be; None if nothing is set.
        status: what the module does about it, as the robot says.
    """

    serial: str
    model: str
    part: Part
    unit: str
    actual: float
    target: float | None
    status: str

    @property
    def key(self) -> tuple[str, Part]:
        """Which value of which module it is."""
        return self.serial, self.part


@dataclass(frozen=True)
class Reading:
    """A value at a time."""

    at: datetime.datetime
    actual: float
    target: float | None


def module_values(facts: RobotFacts) -> tuple[ModuleValue, ...]:
    """Return all values with targets, of all modules."""
    found = [
        _value(each, "plate", each.current_temperature, each.target_temperature, each.status)
        for each in facts.temperature_modules
    ]
    for shaker in facts.heater_shakers:
        found += [
            _value(shaker, "heater", shaker.current_temperature, shaker.target_temperature, shaker.temperature_status),
            _value(shaker, "shaker", shaker.current_speed, shaker.target_speed, shaker.speed_status, unit="1/min"),
        ]
    for cycler in facts.thermocyclers:
        found += [
            _value(cycler, "block", cycler.block_temperature, cycler.block_target, cycler.block_status),
            _value(cycler, "lid", cycler.lid_temperature, cycler.lid_target, cycler.lid_temperature_status),
        ]
    return tuple(found)


class Readings:
    """What the values of a robot's modules were in the last hours; kept for all browsers."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Part], deque[Reading]] = {}

    def note(self, facts: RobotFacts) -> None:
        """Keep what was reported, unless the server does not answer."""
        if facts.connection != "Connected":
            return
        now = utc_now()
        for value in module_values(facts):
            self.add(value, now)

    def add(self, value: ModuleValue, now: datetime.datetime) -> None:
        """Keep a value, and forget what is old."""
        kept = self._kept.setdefault(value.key, deque())
        if kept and now - kept[-1].at < APART and kept[-1].target == value.target:
            return
        kept.append(Reading(now, value.actual, value.target))
        while kept[0].at < now - KEPT:
            kept.popleft()

    def of(self, value: ModuleValue) -> tuple[Reading, ...]:
        """Return the readings of a value, oldest first."""
        return tuple(self._kept.get(value.key, ()))


def plot(readings: tuple[Reading, ...], now: datetime.datetime) -> str:
    """Return a picture (SVG) of readings: the actual value as a line, the target as a dashed one."""
    values = [each.actual for each in readings] + [each.target for each in readings if each.target is not None]
    low, high = min(values, default=0.0) - 1, max(values, default=0.0) + 1
    start = readings[0].at if readings else now
    span_s = max((now - start).total_seconds(), 1.0)

    def point(at: datetime.datetime, value: float) -> str:
        x = (at - start).total_seconds() / span_s * WIDTH
        return f"{x:.1f},{HEIGHT - (value - low) / (high - low) * HEIGHT:.1f}"

    def line(points: list[str], style: str) -> str:
        return f'<polyline points="{" ".join(points)}" fill="none" stroke="currentColor" {style}/>'

    actual = [point(each.at, each.actual) for each in readings]
    if readings:
        actual.append(point(now, readings[-1].actual))
    target = [point(each.at, each.target) for each in readings if each.target is not None]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        + line(actual, 'stroke-width="3" vector-effect="non-scaling-stroke"')
        + line(target, 'stroke-width="2" stroke-dasharray="6 5" vector-effect="non-scaling-stroke"')
        + "</svg>"
    )


def _value(
    module: TemperatureModule | HeaterShaker | Thermocycler,
    part: Part,
    actual: float,
    targets: list[float],
    status: str,
    *,
    unit: str = "°C",
) -> ModuleValue:
    return ModuleValue(
        serial=module.serial_number, model=module.model, part=part, unit=unit,
        actual=actual, target=targets[0] if targets else None, status=status,
    )  # fmt: skip
