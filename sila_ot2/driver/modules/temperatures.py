"""What modules report of a temperature: of a plate, a heater, a block or a lid."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number

HOLDING = "holding at target"


@dataclass(frozen=True)
class Temperature:
    """A temperature as a module reports it, in degrees Celsius."""

    current_c: float
    target_c: float | None
    """None: it neither heats nor cools."""
    status: str
    """The module's own word: idle, heating, cooling, holding at target, error."""

    @property
    def is_reached(self) -> bool:
        """Whether the module reports that it holds the target."""
        return self.target_c is not None and self.status == HOLDING


@dataclass(frozen=True)
class TemperatureSource:
    """One of the temperatures of a kind of module."""

    kind: ModuleKind
    name: str
    """What messages call it."""
    current: str
    target: str
    status: str

    def read(self, module: wire.Module) -> Temperature:
        """Return what the module reports; a current temperature that is not reported is not a number."""
        data = module.data
        current_c = finite_number(data.get(self.current))
        return Temperature(
            math.nan if current_c is None else current_c,
            finite_number(data.get(self.target)),
            str(data.get(self.status) or ""),
        )


def is_near(value: float | None, wanted: float) -> bool:
    """Whether a number that the robot has reported is the one that was asked for."""
    return value is not None and abs(value - wanted) < 0.1


PLATE = TemperatureSource(
    ModuleKind.TEMPERATURE_MODULE, "plate", "currentTemperature", "targetTemperature", "status"
)  # fmt: skip
HEATER = TemperatureSource(
    ModuleKind.HEATER_SHAKER, "heater", "currentTemperature", "targetTemperature", "temperatureStatus"
)  # fmt: skip
BLOCK = TemperatureSource(
    ModuleKind.THERMOCYCLER, "block", "currentTemperature", "targetTemperature", "status"
)  # fmt: skip
LID = TemperatureSource(
    ModuleKind.THERMOCYCLER, "lid", "lidTemperature", "lidTargetTemperature", "lidTemperatureStatus"
)  # fmt: skip
