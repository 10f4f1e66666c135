"""Modules of the OT-2 as machines of PyLabRobot: temperature modules and heater-shakers.

Latch and shaking can move the gantry: in a session, which `SilaOT2Backend` opens, the module must be loaded in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pylabrobot.heating_shaking.backend import HeaterShakerBackend
from pylabrobot.machines.backend import MachineBackend
from pylabrobot.temperature_controlling.backend import TemperatureControllerBackend

from sila_ot2.client import AsyncOT2, connect_async


class ModuleBackend(MachineBackend):  # type: ignore[misc]  # PyLabRobot has no types
    """A connection to the server of the robot that a module is attached to.

    Args:
        address: of the SiLA server, HOST or HOST:PORT; without it and `name`, the server on this computer.
        serial_number: of the module; unless given, the only one of its kind.
        name: the server's name, to be found by discovery.
        certificate: the certificate to trust (PEM, or a file with it); unless given, it is pinned at first use.
        insecure: the server does not encrypt.
    """

    def __init__(
        self, address: str | None = None, *, serial_number: str | None = None, name: str | None = None,
        certificate: Path | str | bytes | None = None, insecure: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._address = address
        self._server = {"name": name, "certificate": certificate, "insecure": insecure}
        self._serial_number = serial_number
        self._ot2: AsyncOT2 | None = None

    def serialize(self) -> dict[str, Any]:
        """Return what PyLabRobot stores of it; no certificate."""
        stored = {"address": self._address, "name": self._server["name"], "serial_number": self._serial_number}
        return {**super().serialize(), **stored}

    async def setup(self) -> None:
        """Connect; the module stays as it is.

        Raises:
            ClientError: the server is not reached.
        """
        self._ot2 = await connect_async(self._address, **self._server)  # type: ignore[arg-type]

    async def stop(self) -> None:
        """End the connection. The module stays as it is: it goes on heating and shaking."""
        ot2, self._ot2 = self._ot2, None
        if ot2 is not None:
            await ot2.close()

    @property
    def _server_of_robot(self) -> AsyncOT2:
        """The connected server.

        Raises:
            RuntimeError: `setup` was not called.
        """
        if self._ot2 is None:
            raise RuntimeError("Call setup first.")
        return self._ot2


class SilaTemperatureModuleBackend(ModuleBackend, TemperatureControllerBackend):  # type: ignore[misc]
    """Use it where PyLabRobot's documentation says `OpentronsTemperatureModuleBackend`."""

    @property
    def supports_active_cooling(self) -> bool:
        """It cools."""
        return True

    async def set_temperature(self, temperature: float) -> None:
        """Heat or cool; returns when the robot has accepted it."""
        feature = self._server_of_robot.temperature_module_controller
        await feature.set_temperature(temperature, module_identifier=self._serial_number)

    async def get_current_temperature(self) -> float:
        """Return the temperature of the plate in °C."""
        reported = await self._server_of_robot.temperature_module_controller.temperature_modules.get()
        return float(only_module(reported, self._serial_number).current_temperature)

    async def deactivate(self) -> None:
        """Neither heat nor cool."""
        feature = self._server_of_robot.temperature_module_controller
        await feature.deactivate(module_identifier=self._serial_number)


class SilaHeaterShakerBackend(ModuleBackend, HeaterShakerBackend):  # type: ignore[misc]
    """A heater-shaker of the OT-2."""

    @property
    def supports_active_cooling(self) -> bool:
        """It only heats."""
        return False

    @property
    def supports_locking(self) -> bool:
        """Its labware latch locks the plate."""
        return True

    async def set_temperature(self, temperature: float) -> None:
        """Heat; returns when the robot has accepted it."""
        feature = self._server_of_robot.heater_shaker_controller
        await feature.set_heater_temperature(temperature, module_identifier=self._serial_number)

    async def get_current_temperature(self) -> float:
        """Return the temperature of the heater in °C."""
        reported = await self._server_of_robot.heater_shaker_controller.heater_shakers.get()
        return float(only_module(reported, self._serial_number).current_temperature)

    async def deactivate(self) -> None:
        """Do not heat."""
        await self._server_of_robot.heater_shaker_controller.deactivate_heater(module_identifier=self._serial_number)

    async def start_shaking(self, speed: float) -> None:
        """Shake; returns when the speed in rpm is reached. The plate must be locked."""
        feature = self._server_of_robot.heater_shaker_controller
        await (await feature.set_shake_speed(speed, module_identifier=self._serial_number))

    async def stop_shaking(self) -> None:
        """Do not shake."""
        await self._server_of_robot.heater_shaker_controller.deactivate_shaker(module_identifier=self._serial_number)

    async def lock_plate(self) -> None:
        """Close the labware latch."""
        feature = self._server_of_robot.heater_shaker_controller
        await (await feature.close_latch(module_identifier=self._serial_number))

    async def unlock_plate(self) -> None:
        """Open the labware latch."""
        feature = self._server_of_robot.heater_shaker_controller
        await (await feature.open_latch(module_identifier=self._serial_number))


def only_module(reported: list[Any], serial_number: str | None) -> Any:
    """Return what a module reports.

    Raises:
        LookupError: it is not attached, or there are several and none is named.
    """
    found = [module for module in reported if serial_number in (None, module.serial_number)]
    if len(found) != 1:
        listed = ", ".join(module.serial_number for module in reported) or "none"
        raise LookupError(f"One module is meant, and there are {len(found)}. Attached are: {listed}.")
    return found[0]
