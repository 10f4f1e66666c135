"""Modules that take their time: drivers that ramp instead of jumping.

The rates are round figures near the modules' data sheets; they decide order and duration, they are no physics. With
``--speed fast`` every target is reached at once. The magnetic module moves at once at any speed.
"""

from __future__ import annotations

from typing import Any

from opentrons.drivers.heater_shaker.abstract import AbstractHeaterShakerDriver
from opentrons.drivers.temp_deck.abstract import AbstractTempDeckDriver
from opentrons.drivers.temp_deck.simulator import TEMP_DECK_MODELS
from opentrons.drivers.thermocycler.simulator import SimulatingDriver as SimulatingThermocyclerDriver
from opentrons.drivers.types import (
    RPM,
    HeaterShakerLabwareLatchStatus,
    PlateTemperature,
    Temperature,
    ThermocyclerLidStatus,
)

from sila_ot2.simulator.machine.module_faults import FaultyConnection
from sila_ot2.simulator.machine.pace import Pace

AMBIENT_C = 23.0
TEMPERATURE_MODULE_C_S = (0.5, 0.3)
HEATER_SHAKER_C_S = (0.3, 0.05)
HEATER_SHAKER_RPM_S = 500.0
LATCH_S = 2.0
THERMOCYCLER_BLOCK_C_S = (4.0, 2.0)
THERMOCYCLER_LID_C_S = (1.5, 0.5)
THERMOCYCLER_LID_MOTION_S = 10.0


class Ramp:
    """A quantity that moves towards its target in the robot's time.

    Attributes:
        stuck: it does not move any more (a module that never reaches its temperature).
    """

    def __init__(self, pace: Pace, start: float, rates_per_s: tuple[float, float]) -> None:
        self._pace = pace
        self._up, self._down = rates_per_s
        self._from = start
        self._since_s = pace.robot_time_s()
        self._rate = 0.0
        self.target = start
        self.stuck = False

    def aim(self, target: float, rate_per_s: float | None = None) -> None:
        """Move to another target, at another rate if given."""
        self._from = self.value()
        self._since_s = self._pace.robot_time_s()
        self.target = target
        self._rate = rate_per_s or (self._up if target > self._from else self._down)

    def get_stuck(self, *, stuck: bool) -> None:
        """Stop where it is, or go on."""
        self.stuck = False
        self._from = self.value()
        self._since_s = self._pace.robot_time_s()
        self.stuck = stuck

    def value(self) -> float:
        """Where it is."""
        if self.stuck:
            return self._from
        if self._pace.is_fast:
            self._from = self.target
            return self.target
        moved = self._rate * (self._pace.robot_time_s() - self._since_s)
        if moved >= abs(self.target - self._from):
            return self.target
        return self._from + moved if self.target > self._from else self._from - moved

    def reached(self) -> bool:
        """Whether it is where it should be."""
        return abs(self.value() - self.target) < 0.01


class _Connected:
    """What every driver reports of its connection."""

    async def connect(self) -> None:
        """Nothing to connect to."""

    async def disconnect(self) -> None:
        """Nothing to disconnect from."""

    async def is_connected(self) -> bool:
        """Whether it is: always."""
        return True

    async def enter_programming_mode(self) -> None:
        """There is no firmware."""

    async def get_error_state(self) -> None:
        """There is no error."""


class TemperatureModuleDriver(_Connected, AbstractTempDeckDriver):  # type: ignore[misc]
    """A temperature module."""

    def __init__(self, pace: Pace, model: str, serial: str) -> None:
        self.ramp = Ramp(pace, AMBIENT_C, TEMPERATURE_MODULE_C_S)
        self._target: float | None = None
        self._info = {"serial": serial, "model": TEMP_DECK_MODELS[model], "version": "dummyVersionTD"}

    async def set_temperature(self, celsius: float) -> None:
        """Heat or cool."""
        self._target = celsius
        self.ramp.aim(celsius)

    async def get_temperature(self) -> Any:
        """Where the temperature is."""
        return Temperature(current=round(self.ramp.value(), 2), target=self._target)

    async def deactivate(self) -> None:
        """Let go."""
        self._target = None
        self.ramp.aim(AMBIENT_C)

    async def get_device_info(self) -> dict[str, str]:
        """Who it is."""
        return self._info


class HeaterShakerDriver(_Connected, AbstractHeaterShakerDriver):  # type: ignore[misc]
    """A heater-shaker."""

    def __init__(self, pace: Pace, serial: str) -> None:
        self.ramp = Ramp(pace, AMBIENT_C, HEATER_SHAKER_C_S)
        self._speed = Ramp(pace, 0.0, (HEATER_SHAKER_RPM_S, HEATER_SHAKER_RPM_S))
        self._latch = Ramp(pace, 0.0, (1 / LATCH_S, 1 / LATCH_S))
        self._target: float | None = None
        self._target_rpm: int | None = None
        self._latch_known = False
        self._info = {"serial": serial, "model": "dummyModelHS", "version": "dummyVersionHS"}

    async def open_labware_latch(self) -> None:
        """Open the latch."""
        self._latch_known = True
        self._latch.aim(1.0)

    async def close_labware_latch(self) -> None:
        """Close the latch."""
        if not self._latch_known:
            self._latch_known = True
            self._latch = Ramp(self._latch._pace, 1.0, (1 / LATCH_S, 1 / LATCH_S))  # noqa: SLF001 - its own kind
        self._latch.aim(0.0)

    async def get_labware_latch_status(self) -> Any:
        """Where the latch is."""
        if not self._latch_known:
            return HeaterShakerLabwareLatchStatus.IDLE_UNKNOWN
        opening = self._latch.target == 1.0
        if self._latch.reached():
            return HeaterShakerLabwareLatchStatus.IDLE_OPEN if opening else HeaterShakerLabwareLatchStatus.IDLE_CLOSED
        return HeaterShakerLabwareLatchStatus.OPENING if opening else HeaterShakerLabwareLatchStatus.CLOSING

    async def set_temperature(self, temperature: float) -> None:
        """Heat; it cannot cool below ambient."""
        self._target = temperature if temperature != 0.0 else None
        self.ramp.aim(temperature or AMBIENT_C)

    async def get_temperature(self) -> Any:
        """Where the temperature is."""
        return Temperature(current=round(self.ramp.value(), 2), target=self._target)

    async def set_rpm(self, rpm: int) -> None:
        """Shake."""
        self._target_rpm = rpm if rpm != 0 else None
        self._speed.aim(float(rpm))

    async def get_rpm(self) -> Any:
        """How fast it shakes; still shaking counts as a target of 0 until it stands."""
        value = round(self._speed.value())
        return RPM(current=value, target=0 if self._target_rpm is None and value else self._target_rpm)

    async def home(self) -> None:
        """Stop shaking, plate in its place."""
        self._target_rpm = None
        self._speed.aim(0.0)

    async def deactivate_heater(self) -> None:
        """Stop heating."""
        self._target = None
        self.ramp.aim(AMBIENT_C)

    async def get_device_info(self) -> dict[str, str]:
        """Who it is."""
        return self._info


class ThermocyclerDriver(SimulatingThermocyclerDriver):  # type: ignore[misc]
    """A thermocycler; the base class is what Opentrons' module recognizes its model by."""

    def __init__(self, pace: Pace, model: str, serial: str) -> None:
        super().__init__(model=model, serial_number=serial)
        self._pace = pace
        self.ramp = Ramp(pace, AMBIENT_C, THERMOCYCLER_BLOCK_C_S)
        self._lid_ramp = Ramp(pace, AMBIENT_C, THERMOCYCLER_LID_C_S)
        self._lid = Ramp(pace, 1.0, (1 / THERMOCYCLER_LID_MOTION_S, 1 / THERMOCYCLER_LID_MOTION_S))
        self._target: float | None = None
        self._lid_target: float | None = None
        self._hold_s: float | None = None
        self._held_since_s: float | None = None

    async def open_lid(self) -> None:
        """Open the lid."""
        self._lid.aim(1.0)

    async def close_lid(self) -> None:
        """Close the lid."""
        self._lid.aim(0.0)

    async def get_lid_status(self) -> Any:
        """Where the lid is."""
        if not self._lid.reached():
            return ThermocyclerLidStatus.IN_BETWEEN
        return ThermocyclerLidStatus.OPEN if self._lid.target == 1.0 else ThermocyclerLidStatus.CLOSED

    async def get_lid_temperature(self) -> Any:
        """Where the lid's temperature is."""
        return Temperature(current=round(self._lid_ramp.value(), 2), target=self._lid_target)

    async def set_lid_temperature(self, temp: float) -> None:
        """Heat the lid."""
        self._lid_target = temp
        self._lid_ramp.aim(temp)

    async def set_plate_temperature(
        self,
        temp: float,
        hold_time: float | None = None,
        volume: float | None = None,
        ramp_rate: float | None = None,
    ) -> None:
        """Heat or cool the block, then hold."""
        self._target = temp
        self._hold_s = hold_time
        self._held_since_s = None
        self._ramp_rate = ramp_rate
        self.ramp.aim(temp, ramp_rate)

    async def get_plate_temperature(self) -> Any:
        """Where the block's temperature is, and how long it is still to be held."""
        hold = 0.0 if self._target is not None else None
        if self._hold_s and not self._pace.is_fast:
            if self.ramp.reached() and self._held_since_s is None:
                self._held_since_s = self._pace.robot_time_s()
            held_s = 0.0 if self._held_since_s is None else self._pace.robot_time_s() - self._held_since_s
            hold = max(0.0, self._hold_s - held_s)
        return PlateTemperature(current=round(self.ramp.value(), 2), target=self._target, hold=hold)

    async def deactivate_lid(self) -> None:
        """Stop heating the lid."""
        self._lid_target = None
        self._lid_ramp.aim(AMBIENT_C)

    async def deactivate_block(self) -> None:
        """Let go of the block."""
        self._target = self._hold_s = self._held_since_s = None
        self.ramp.aim(AMBIENT_C)

    async def deactivate_all(self) -> None:
        """Let go of both."""
        await self.deactivate_lid()
        await self.deactivate_block()


def install_driver(module: Any, model: str, serial: str, pace: Pace) -> FaultyConnection:
    """Give a module that was just plugged in a driver that takes its time; return the connection to it."""
    kind = module.name()
    driver: Any
    if kind == "tempdeck":
        driver = TemperatureModuleDriver(pace, model, serial)
    elif kind == "heatershaker":
        driver = HeaterShakerDriver(pace, serial)
    elif kind == "thermocycler":
        driver = ThermocyclerDriver(pace, model, serial)
    else:
        return FaultyConnection(module._driver, serial)  # noqa: SLF001 - as below
    # The module offers no place for a driver of another kind than its own.
    module._driver = module._reader._driver = driver  # noqa: SLF001
    return FaultyConnection(driver, serial)


def ramp_of(module: Any) -> Ramp | None:
    """The temperature of a module, None if it has none."""
    ramp: Ramp | None = getattr(module._driver, "ramp", None)  # noqa: SLF001
    return ramp
