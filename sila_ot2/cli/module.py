"""`sila-ot2 module`: the modules of the robot."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number, number_within
from sila_ot2.cli.plain import rows_of_csv
from sila_ot2.cli.terminal import show_json, show_list
from sila_ot2.constraints import limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from sila_ot2.client import OT2, Execution

module = typer.Typer(no_args_is_help=True, help="Heat, cool, shake and raise magnets with the modules of the robot.")


class Part(str, Enum):
    """A part of a module that can be set."""

    PLATE = "plate"
    HEATER = "heater"
    SHAKER = "shaker"
    BLOCK = "block"
    LID = "lid"
    MAGNET = "magnet"


class Heated(str, Enum):
    """A part of a module that has a temperature."""

    PLATE = "plate"
    HEATER = "heater"
    BLOCK = "block"
    LID = "lid"


PARTS = "plate of a temperature module, heater or shaker of a heater-shaker, block or lid of a thermocycler"
PartArgument = Annotated[Part, typer.Argument(help=f"What: {PARTS}, or magnet of a magnetic module.")]
Serial = Annotated[
    str | None, typer.Option("--serial", metavar="NUMBER", help="Which module, if there are several of the kind.")
]


@module.command("list")
@on_server
def list_modules(client: OT2, as_json: AsJson = False) -> None:
    """List the modules with what they report."""
    if as_json:
        _show_as_json(client)
    else:
        show_list(("Serial number", "Model", "State"), _rows(client), empty="No module is attached.")


@module.command("set")
@on_server
def set_target(
    client: OT2,
    part: PartArgument,
    value: Annotated[
        float,
        typer.Argument(
            parser=number,
            metavar="VALUE",
            help="In °C; for a shaker in rpm, for a magnet in mm above the labware's base.",
        ),
    ],
    serial: Serial = None,
    as_json: AsJson = False,
) -> None:
    """Set a temperature, a speed or a height, for example: set heater 37.5. For a shaker, waits for the speed.

    With --json, print what all modules report then.
    """
    from sila_ot2.cli.progress import wait_for

    if part is Part.SHAKER:
        wait_for("Shaking", client.heater_shaker_controller.set_shake_speed, value, module_identifier=serial)
    elif part is Part.MAGNET:
        client.magnetic_module_controller.engage(value, module_identifier=serial)
    elif part is Part.PLATE:
        client.temperature_module_controller.set_temperature(value, module_identifier=serial)
    elif part is Part.HEATER:
        client.heater_shaker_controller.set_heater_temperature(value, module_identifier=serial)
    elif part is Part.BLOCK:
        client.thermocycler_controller.set_block_temperature(value, module_identifier=serial)
    else:
        client.thermocycler_controller.set_lid_temperature(value, module_identifier=serial)
    if as_json:
        _show_as_json(client)


@module.command("wait")
@on_server
def wait(
    client: OT2,
    part: Annotated[Heated, typer.Argument(help="What: plate, heater, block, or lid.")],
    timeout: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            **number_within(*limits("OT2ThermocyclerController", "WaitForBlockTemperature", "Timeout")),
            help="How long to wait.",
        ),
    ] = 3600,
    serial: Serial = None,
    as_json: AsJson = False,
) -> None:
    """Wait until a temperature is reached. Ctrl-C ends the waiting; the module goes on."""
    from sila_ot2.cli.progress import wait_for

    wait: Callable[..., Execution[float, Any]]
    if part is Heated.PLATE:
        wait = client.temperature_module_controller.wait_for_temperature
    elif part is Heated.HEATER:
        wait = client.heater_shaker_controller.wait_for_heater_temperature
    elif part is Heated.BLOCK:
        wait = client.thermocycler_controller.wait_for_block_temperature
    else:
        wait = client.thermocycler_controller.wait_for_lid_temperature
    reached = wait_for("Waiting", wait, timeout, module_identifier=serial)
    if as_json:
        show_json({"ReachedTemperature": reached})
    else:
        print(f"{reached:.1f} °C")


@module.command("off")
@on_server
def switch_off(client: OT2, part: PartArgument, serial: Serial = None, as_json: AsJson = False) -> None:
    """Switch a part off: it neither heats, cools nor shakes; magnets are lowered.

    With --json, print what all modules report then.
    """
    switch = {
        Part.PLATE: client.temperature_module_controller.deactivate,
        Part.HEATER: client.heater_shaker_controller.deactivate_heater,
        Part.SHAKER: client.heater_shaker_controller.deactivate_shaker,
        Part.BLOCK: client.thermocycler_controller.deactivate_block,
        Part.LID: client.thermocycler_controller.deactivate_lid,
        Part.MAGNET: client.magnetic_module_controller.disengage,
    }
    switch[part](module_identifier=serial)
    if as_json:
        _show_as_json(client)


@module.command("history")
@on_server
def history(client: OT2, serial: Serial = None, as_json: AsJson = False) -> None:
    """Print what the modules have measured in the last hours, as comma-separated text (CSV) or as JSON.

    Without --serial, all modules are printed, also those that are no longer attached.
    """
    measured = client.module_provider.retrieve_module_history(module_identifier=serial).decode()
    if as_json:
        show_json(rows_of_csv(measured))
    else:
        sys.stdout.write(measured)


def _show_as_json(client: OT2) -> None:
    show_json(
        {
            "TemperatureModules": client.temperature_module_controller.temperature_modules.get(),
            "HeaterShakers": client.heater_shaker_controller.heater_shakers.get(),
            "Thermocyclers": client.thermocycler_controller.thermocyclers.get(),
            "MagneticModules": client.magnetic_module_controller.magnetic_modules.get(),
        }
    )


def _rows(client: OT2) -> Iterator[tuple[str, str, str]]:
    for plate in client.temperature_module_controller.temperature_modules.get():
        yield plate.serial_number, plate.model, _temperature(plate.current_temperature, plate.target_temperature)
    for shaker in client.heater_shaker_controller.heater_shakers.get():
        heat = _temperature(shaker.current_temperature, shaker.target_temperature)
        latch = shaker.latch_status.removeprefix("idle_")
        yield shaker.serial_number, shaker.model, f"{heat}; {shaker.current_speed:g} rpm; latch {latch}"
    for cycler in client.thermocycler_controller.thermocyclers.get():
        block = _temperature(cycler.block_temperature, cycler.block_target)
        lid = _temperature(cycler.lid_temperature, cycler.lid_target)
        yield cycler.serial_number, cycler.model, f"block {block}; lid {cycler.lid_status}, {lid}"
    for magnet in client.magnetic_module_controller.magnetic_modules.get():
        state = f"raised to {magnet.height:g} mm" if magnet.engaged else "lowered"
        yield magnet.serial_number, magnet.model, f"magnets {state}"


def _temperature(current: float, target: list[float]) -> str:
    return f"{current:.1f} °C" + "".join(f", target {one:g} °C" for one in target)
