"""How each value of a module is set and switched off; the commands do not wait until it is reached."""

from __future__ import annotations

from sila_ot2.client import AsyncOT2
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
