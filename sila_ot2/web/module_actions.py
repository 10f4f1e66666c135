"""How each value of a module is set and switched off, and how its parts are moved.

The commands do not wait until a value is reached.
"""

from __future__ import annotations

from sila_ot2.client import AsyncOT2
from sila_ot2.web.movable_parts import Movable
from sila_ot2.web.readings import ModuleValue


async def set_value(client: AsyncOT2, value: ModuleValue, target: float) -> None:
    """Set the target of a value.

    Raises:
        ClientError: it was not set.
    """
    serial = value.serial
    if value.part == "plate":
        await client.temperature_module_controller.set_temperature(target, module_identifier=serial)
    elif value.part == "heater":
        await client.heater_shaker_controller.set_heater_temperature(target, module_identifier=serial)
    elif value.part == "shaker":
        await (await client.heater_shaker_controller.set_shake_speed(target, module_identifier=serial))
    elif value.part == "block":
        await client.thermocycler_controller.set_block_temperature(target, module_identifier=serial)
    else:
        await client.thermocycler_controller.set_lid_temperature(target, module_identifier=serial)


async def switch_off(client: AsyncOT2, value: ModuleValue) -> None:
    """Switch off what holds a value.

    Raises:
        ClientError: it was not switched off.
    """
    serial = value.serial
    if value.part == "plate":
        await client.temperature_module_controller.deactivate(module_identifier=serial)
    elif value.part == "heater":
        await client.heater_shaker_controller.deactivate_heater(module_identifier=serial)
    elif value.part == "shaker":
        await client.heater_shaker_controller.deactivate_shaker(module_identifier=serial)
    elif value.part == "block":
        await client.thermocycler_controller.deactivate_block(module_identifier=serial)
    else:
        await client.thermocycler_controller.deactivate_lid(module_identifier=serial)


async def open_part(client: AsyncOT2, movable: Movable) -> None:
    """Open a latch or a lid, and wait until the robot has done it.

    Raises:
        ClientError: it was not opened.
    """
    serial = movable.serial
    if movable.part == "latch":
        await (await client.heater_shaker_controller.open_latch(module_identifier=serial))
    else:
        await (await client.thermocycler_controller.open_lid(module_identifier=serial))


async def close_part(client: AsyncOT2, movable: Movable) -> None:
    """Close a latch or a lid, and wait until the robot has done it.

    Raises:
        ClientError: it was not closed.
    """
    serial = movable.serial
    if movable.part == "latch":
        await (await client.heater_shaker_controller.close_latch(module_identifier=serial))
    else:
        await (await client.thermocycler_controller.close_lid(module_identifier=serial))


async def raise_magnets(client: AsyncOT2, movable: Movable, height_mm: float) -> None:
    """Raise magnets above the base of the labware.

    Raises:
        ClientError: they were not raised.
    """
    await client.magnetic_module_controller.engage(height_mm, module_identifier=movable.serial)


async def lower_magnets(client: AsyncOT2, movable: Movable) -> None:
    """Lower magnets.

    Raises:
        ClientError: they were not lowered.
    """
    await client.magnetic_module_controller.disengage(module_identifier=movable.serial)
