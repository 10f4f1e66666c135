"""The simulated robot's hardware: Opentrons' own hardware controller on a backend that takes time."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
from dataclasses import dataclass
from typing import Any

from opentrons.config import robot_configs
from opentrons.drivers.rpi_drivers.gpio_simulator import SimulatingGPIOCharDev
from opentrons.hardware_control import API
from opentrons.hardware_control.module_control import AttachedModulesControl
from opentrons.hardware_control.modules import SimulatingModuleAtPort
from opentrons.hardware_control.types import Axis, CriticalPoint, DoorState, HardwareFeatureFlags
from opentrons.types import Mount
from opentrons_shared_data.pipette import pipette_load_name_conversions as pipette_names

from sila_ot2.simulator.machine.faults import MotionFaults
from sila_ot2.simulator.machine.module_faults import FaultyConnection, ModuleFault
from sila_ot2.simulator.machine.modules import install_driver
from sila_ot2.simulator.machine.motion import ROUNDING_MM, PacedBackend
from sila_ot2.simulator.machine.pace import Pace
from sila_ot2.simulator.machine.tips import TipTruth

GANTRY = (Axis.X, Axis.Y, Axis.Z, Axis.A)
MODULE_KINDS = {
    "temperatureModuleV1": "tempdeck",
    "temperatureModuleV2": "tempdeck",
    "magneticModuleV1": "magdeck",
    "magneticModuleV2": "magdeck",
    "thermocyclerModuleV1": "thermocycler",
    "thermocyclerModuleV2": "thermocycler",
    "heaterShakerModuleV1": "heatershaker",
}
"""The modules an OT-2 can have, and what its hardware controller calls them."""


@dataclass(frozen=True)
class SimulatedEquipment:
    """What is mounted and plugged in.

    Attributes:
        left: pipette name (``p20_single_gen2``) or model (``p20_single_v2.2``), None for an empty mount.
        right: the same for the right mount.
        modules: module models, in the order they were plugged in.
    """

    left: str | None = "p20_single_gen2"
    right: str | None = "p300_single_gen2"
    modules: tuple[str, ...] = ()


class SimulatedApi(API):  # type: ignore[misc]
    """Opentrons' hardware controller with the simulated time and faults in the places its backend does not see."""

    _backend: PacedBackend
    tips: TipTruth

    async def do_delay(self, duration_s: float) -> None:
        """Wait in a protocol of the old core (API level 2.13 and below)."""
        await self._backend.pace.elapse(duration_s)

    async def tip_pickup_moves(self, *args: Any, **kwargs: Any) -> None:
        """Pick up a tip, unless one is missing."""
        mount = _mount_of(args, kwargs)
        self._backend.faults.before_tip_pickup()
        self.tips.before_pick_up(mount)
        await super().tip_pickup_moves(*args, **kwargs)
        self.tips.picked_up(mount)

    async def pick_up_tip(self, *args: Any, **kwargs: Any) -> None:
        """Pick up a tip in a protocol of the old core."""
        mount = _mount_of(args, kwargs)
        self.tips.before_pick_up(mount)
        await super().pick_up_tip(*args, **kwargs)
        self.tips.picked_up(mount)

    async def tip_drop_moves(self, *args: Any, **kwargs: Any) -> None:
        """Eject what is on the nozzle."""
        await super().tip_drop_moves(*args, **kwargs)
        self.tips.ejected(_mount_of(args, kwargs))

    def add_tip(self, mount: Mount, tip_length: float) -> None:
        """Take note of a tip; how long it is, is true as well."""
        super().add_tip(mount, tip_length)
        self.tips.nozzles[mount].tip_length_mm = tip_length

    async def _move(self, target_position: Any, *args: Any, **kwargs: Any) -> None:
        """Move, and see where that brings a tip of which the robot knows nothing."""
        before = dict(self._current_position)
        await super()._move(target_position, *args, **kwargs)
        way_mm = [abs(target_position[axis] - before.get(axis, math.inf)) for axis in GANTRY if axis in target_position]
        if max(way_mm, default=0.0) < ROUNDING_MM:
            return  # a plunger has moved
        for mount, nozzle in self.tips.nozzles.items():
            pipette = self.hardware_instruments[mount]
            if nozzle.has_tip and pipette is not None and not pipette.has_tip:
                # Asking the controller for it would wait for the end of the very movement.
                lift = self._config.left_mount_offset[2] if mount is Mount.LEFT else 0.0
                below = self.critical_point_for(mount, CriticalPoint.NOZZLE).z
                self.tips.moved_blind(mount, self._current_position[Axis.by_mount(mount)] + lift + below)


class Hardware:
    """The machine: gantry, pipettes, modules, lights and door."""

    def __init__(self, api: SimulatedApi, backend: PacedBackend) -> None:
        self.api = api
        self.backend = backend
        self._serials: dict[str, int] = {}
        self.connections: dict[str, FaultyConnection] = {}
        """To the modules that are or were plugged in, by serial number."""

    @classmethod
    async def build(cls, equipment: SimulatedEquipment, pace: Pace, faults: MotionFaults, tips: TipTruth) -> Hardware:
        """Assemble the machine; gantry at home, lights off, door closed.

        Raises:
            ValueError: no such pipette or module.
        """
        loop = asyncio.get_running_loop()
        gpio = SimulatingGPIOCharDev("gpiochip0")
        await gpio.setup()
        config = robot_configs.load_ot2()
        instruments = {
            Mount.LEFT: _instrument(equipment.left, "L"),
            Mount.RIGHT: _instrument(equipment.right, "R"),
        }
        backend = PacedBackend(pace, faults, instruments, {}, config, loop, gpio, True)
        api = SimulatedApi(backend, loop=loop, config=config, feature_flags=HardwareFeatureFlags.build_from_ff())
        api.tips = tips
        # Without this the controller takes a simulation for something that needs neither pause nor cancellation.
        api._em_simulate = False  # noqa: SLF001
        await api.cache_instruments()
        backend.module_controls = await AttachedModulesControl.build(
            api,
            board_revision=backend.board_revision,
            event_callback=api._send_module_notification,  # noqa: SLF001
        )
        hardware = cls(api, backend)
        for model in equipment.modules:
            await hardware.plug_in(model)
        await api.home()
        return hardware

    async def set_pipette(self, mount: Mount, pipette: str | None) -> None:
        """Mount another pipette without a tip, or none."""
        self.api.tips.ejected(mount)
        self.backend._attached_instruments[mount] = _instrument(pipette, mount.name[0])  # noqa: SLF001
        await self.api.cache_instruments()

    async def plug_in(self, model: str, serial: str | None = None) -> str:
        """Plug a module in; answers its serial number.

        Raises:
            ValueError: no such module.
        """
        kind = module_kind(model)
        number = self._serials[kind] = self._serials.get(kind, 0) + 1
        serial = serial or f"{kind}-{number}"
        await self.backend.module_controls.register_modules(
            new_mods_at_ports=[
                SimulatingModuleAtPort(
                    port=f"/dev/ot_module_sim_{kind}{serial}", name=kind, serial_number=serial, model=model
                )
            ]
        )
        self.connections[serial] = install_driver(self.module(serial), model, serial, self.backend.pace)
        return serial

    @property
    def modules_by_id(self) -> dict[str, Any]:
        """The attached modules by the identifier that ``GET /modules`` lists and ``POST /commands`` takes."""
        return {module_id(module): module for module in self.api.attached_modules}

    def module(self, serial: str) -> Any:
        """The module of that serial number, None if there is none."""
        return next((module for module in self.api.attached_modules if module.device_info["serial"] == serial), None)

    async def unplug(self, serial: str) -> bool:
        """Pull a module's plug; answers whether there was one."""
        module = self.module(serial)
        if module is None:
            return False
        self.connections[serial].fault = ModuleFault()  # what hangs in it would hold up the unplugging
        self.backend.module_controls.available_modules.remove(module)
        await module.cleanup()
        return True

    async def set_door(self, *, is_open: bool) -> None:
        """Open or close the door."""
        # Those who watch the door hop onto the event loop and wait for it: calling them on the loop would deadlock.
        state = DoorState.OPEN if is_open else DoorState.CLOSED
        await asyncio.to_thread(self.api._update_door_state, state)  # noqa: SLF001

    @property
    def door_is_open(self) -> bool:
        """Whether the door is open."""
        return bool(self.api.door_state is DoorState.OPEN)

    @property
    def rails_on(self) -> bool:
        """Whether the rail lights are on."""
        return bool(self.backend.get_lights()["rails"])

    async def clean_up(self) -> None:
        """Release what the machine holds."""
        for connection in self.connections.values():
            connection.fault = ModuleFault()  # nothing may hang in it for ever
        await self.backend.clean_up()


def _mount_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Mount:
    mount: Mount = kwargs["mount"] if "mount" in kwargs else args[0]
    return mount


def module_kind(model: str) -> str:
    """What the hardware controller calls a module of this model.

    Raises:
        ValueError: no such module.
    """
    try:
        return MODULE_KINDS[model]
    except KeyError:
        raise ValueError(f"no such module: {model} (there are {', '.join(MODULE_KINDS)})") from None


def _instrument(pipette: str | None, side: str) -> Any:
    if pipette is None:
        return {"model": None, "id": None}
    try:
        known = pipette_names.supported_pipette(pipette)
    except (IndexError, KeyError, ValueError):
        known = False
    if not known:
        raise ValueError(f"no such pipette: {pipette}")
    model = pipette if pipette_names.is_model(pipette) else str(pipette_names.convert_pipette_name(pipette))
    return {"model": model, "id": f"SIM{side}-{re.sub('[^a-z0-9]', '', pipette).upper()}"}


def module_id(module: Any) -> str:
    """A module's identifier, constant for its serial number."""
    return hashlib.sha1(module.device_info["serial"].encode(), usedforsecurity=False).hexdigest()
