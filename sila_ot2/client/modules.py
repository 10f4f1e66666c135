"""The modules of the robot as objects: heat, cool, shake, cycle and raise magnets.

Every method waits until the robot has done it; nothing but `wait...` and `run_profile` waits for a temperature. What is
left out takes the default that the feature of the module documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sila_ot2.client.deck import given
from sila_ot2.client.execution import all_of, finish
from sila_ot2.client.generated import ot2_heater_shaker_controller as heater_shaker
from sila_ot2.client.generated import ot2_magnetic_module_controller as magnetic_module
from sila_ot2.client.generated import ot2_temperature_module_controller as temperature_module
from sila_ot2.client.generated import ot2_thermocycler_controller as thermocycler
from sila_ot2.client.generated.features import Features
from sila_ot2.client.generated.ot2_heater_shaker_controller import OT2HeaterShakerController
from sila_ot2.client.generated.ot2_magnetic_module_controller import OT2MagneticModuleController
from sila_ot2.client.generated.ot2_module_provider import ActivePart, OT2ModuleProvider
from sila_ot2.client.generated.ot2_temperature_module_controller import OT2TemperatureModuleController
from sila_ot2.client.generated.ot2_thermocycler_controller import OT2ThermocyclerController

Kind = TypeVar("Kind")

LONGEST_WAIT_S = 3600.0
"""How long to wait for a temperature by default."""


class _AnyModule:
    """What all kinds of modules have."""

    def __init__(self, provider: OT2ModuleProvider, serial_number: str) -> None:
        self._provider, self.serial_number = provider, serial_number

    def history(self) -> str:
        """Return what it has measured in the last hours, as comma-separated text with a head.

        Raises:
            ModuleMissing: the server has not seen it since it started.
        """
        return self._provider.retrieve_module_history(module_identifier=self.serial_number).decode()


class TemperatureModule(_AnyModule):
    """A temperature module."""

    def __init__(
        self,
        feature: OT2TemperatureModuleController,
        provider: OT2ModuleProvider,
        serial_number: str,
    ) -> None:
        super().__init__(provider, serial_number)
        self._feature = feature

    def __repr__(self) -> str:
        return f"<temperature module {self.serial_number}>"

    @property
    def state(self) -> temperature_module.TemperatureModule | None:
        """What it reports; None while it is not attached."""
        reported = self._feature.temperature_modules.get()
        return next((one for one in reported if one.serial_number == self.serial_number), None)

    def set(self, temperature: float) -> float:
        """Heat or cool to a temperature in °C, and return what the module has taken: whole degrees."""
        return self._feature.set_temperature(temperature, module_identifier=self.serial_number)

    def wait(self, timeout: float = LONGEST_WAIT_S) -> float:
        """Wait until the temperature is reached, at most `timeout` seconds, and return it."""
        return finish(self._feature.wait_for_temperature, timeout, module_identifier=self.serial_number)

    def off(self) -> None:
        """Neither heat nor cool."""
        self._feature.deactivate(module_identifier=self.serial_number)


class HeaterShaker(_AnyModule):
    """A heater-shaker."""

    def __init__(self, feature: OT2HeaterShakerController, provider: OT2ModuleProvider, serial_number: str) -> None:
        super().__init__(provider, serial_number)
        self._feature = feature

    def __repr__(self) -> str:
        return f"<heater-shaker {self.serial_number}>"

    @property
    def state(self) -> heater_shaker.HeaterShaker | None:
        """What it reports; None while it is not attached."""
        reported = self._feature.heater_shakers.get()
        return next((one for one in reported if one.serial_number == self.serial_number), None)

    def heat(self, temperature: float) -> float:
        """Heat to a temperature in °C, and return what the module has taken."""
        return self._feature.set_heater_temperature(temperature, module_identifier=self.serial_number)

    def wait(self, timeout: float = LONGEST_WAIT_S) -> float:
        """Wait until the temperature is reached, at most `timeout` seconds, and return it."""
        return finish(self._feature.wait_for_heater_temperature, timeout, module_identifier=self.serial_number)

    def heater_off(self) -> None:
        """Do not heat."""
        self._feature.deactivate_heater(module_identifier=self.serial_number)

    def shake(self, speed: float) -> None:
        """Shake at a speed in rpm; returns when it is reached. The latch must be closed."""
        finish(self._feature.set_shake_speed, speed, module_identifier=self.serial_number)

    def shaker_off(self) -> None:
        """Do not shake."""
        self._feature.deactivate_shaker(module_identifier=self.serial_number)

    def open_latch(self) -> None:
        """Open the labware latch; it must not shake."""
        finish(self._feature.open_latch, module_identifier=self.serial_number)

    def close_latch(self) -> None:
        """Close the labware latch."""
        finish(self._feature.close_latch, module_identifier=self.serial_number)

    def off(self) -> None:
        """Neither heat nor shake."""
        all_of(self.shaker_off, self.heater_off)


class Thermocycler(_AnyModule):
    """A thermocycler."""

    def __init__(self, feature: OT2ThermocyclerController, provider: OT2ModuleProvider, serial_number: str) -> None:
        super().__init__(provider, serial_number)
        self._feature = feature

    def __repr__(self) -> str:
        return f"<thermocycler {self.serial_number}>"

    @property
    def state(self) -> thermocycler.Thermocycler | None:
        """What it reports; None while it is not attached."""
        reported = self._feature.thermocyclers.get()
        return next((one for one in reported if one.serial_number == self.serial_number), None)

    def set_block(self, temperature: float, *, maximum_volume: float | None = None) -> float:
        """Heat or cool the block to a temperature in °C; `maximum_volume` is that of the fullest well, in µL."""
        options = given(maximum_volume=maximum_volume)
        return self._feature.set_block_temperature(temperature, module_identifier=self.serial_number, **options)

    def wait_for_block(self, timeout: float = LONGEST_WAIT_S) -> float:
        """Wait until the block has reached its temperature, at most `timeout` seconds, and return it."""
        return finish(self._feature.wait_for_block_temperature, timeout, module_identifier=self.serial_number)

    def block_off(self) -> None:
        """Neither heat nor cool the block."""
        self._feature.deactivate_block(module_identifier=self.serial_number)

    def set_lid(self, temperature: float) -> float:
        """Heat the lid to a temperature in °C."""
        return self._feature.set_lid_temperature(temperature, module_identifier=self.serial_number)

    def wait_for_lid(self, timeout: float = LONGEST_WAIT_S) -> float:
        """Wait until the lid has reached its temperature, at most `timeout` seconds, and return it."""
        return finish(self._feature.wait_for_lid_temperature, timeout, module_identifier=self.serial_number)

    def lid_off(self) -> None:
        """Do not heat the lid."""
        self._feature.deactivate_lid(module_identifier=self.serial_number)

    def open_lid(self) -> None:
        """Open the lid; the gantry homes first."""
        finish(self._feature.open_lid, module_identifier=self.serial_number)

    def close_lid(self) -> None:
        """Close the lid; the gantry homes first."""
        finish(self._feature.close_lid, module_identifier=self.serial_number)

    def run_profile(
        self, steps: Sequence[tuple[float, float]], *, repetitions: int | None = None,
        maximum_volume: float | None = None,
    ) -> float:  # fmt: skip
        """Run a temperature profile; returns the temperature at its end, which the block keeps. The lid must be closed.

        Args:
            steps: a temperature in °C and how long it is held, in seconds, for each step.
            repetitions: how often the steps are carried out.
            maximum_volume: the volume of the fullest well, in µL.
        """
        options = given(repetitions=repetitions, maximum_volume=maximum_volume)
        return finish(self._feature.run_profile, _steps(steps), module_identifier=self.serial_number, **options)

    def run_extended_profile(
        self, parts: Sequence[tuple[Sequence[tuple[float, float]], int]], *, maximum_volume: float | None = None
    ) -> float:
        """Run a profile of several parts, such as the cycles of a PCR with what comes before and after them.

        Args:
            parts: for each part its steps, as of `run_profile`, and how often they are carried out.
            maximum_volume: the volume of the fullest well, in µL.
        """
        profile = [thermocycler.ProfilePart(steps=_steps(steps), repetitions=often) for steps, often in parts]
        options = given(maximum_volume=maximum_volume)
        return finish(self._feature.run_extended_profile, profile, module_identifier=self.serial_number, **options)

    def off(self) -> None:
        """Heat neither block nor lid."""
        all_of(self.block_off, self.lid_off)


def _steps(steps: Sequence[tuple[float, float]]) -> list[thermocycler.ProfileStep]:
    return [thermocycler.ProfileStep(step_temperature=heat, hold_time=hold) for heat, hold in steps]


class MagneticModule(_AnyModule):
    """A magnetic module."""

    def __init__(self, feature: OT2MagneticModuleController, provider: OT2ModuleProvider, serial_number: str) -> None:
        super().__init__(provider, serial_number)
        self._feature = feature

    def __repr__(self) -> str:
        return f"<magnetic module {self.serial_number}>"

    @property
    def state(self) -> magnetic_module.MagneticModule | None:
        """What it reports; None while it is not attached."""
        reported = self._feature.magnetic_modules.get()
        return next((one for one in reported if one.serial_number == self.serial_number), None)

    def engage(self, height: float) -> None:
        """Raise the magnets to a height in mm above the base of the labware."""
        self._feature.engage(height, module_identifier=self.serial_number)

    def engage_for_labware(self, offset: float | None = None) -> float:
        """Raise the magnets to the height of the labware that the session has loaded on it; returns it in mm."""
        return self._feature.engage_for_labware(module_identifier=self.serial_number, **given(offset=offset))

    def disengage(self) -> None:
        """Lower the magnets."""
        self._feature.disengage(module_identifier=self.serial_number)

    off = disengage


AnyModule = TemperatureModule | HeaterShaker | Thermocycler | MagneticModule


class Modules:
    """The attached modules: `ot2.modules.heater_shaker`, or by serial number, `ot2.modules["HS1"]`."""

    def __init__(self, features: Features) -> None:
        self._provider = provider = features.module_provider
        self._makers: dict[str, Callable[[str], AnyModule]] = {
            "TemperatureModule": partial(TemperatureModule, features.temperature_module_controller, provider),
            "HeaterShaker": partial(HeaterShaker, features.heater_shaker_controller, provider),
            "Thermocycler": partial(Thermocycler, features.thermocycler_controller, provider),
            "MagneticModule": partial(MagneticModule, features.magnetic_module_controller, provider),
        }

    def __repr__(self) -> str:
        return f"<modules: {', '.join(map(repr, self.attached)) or 'none'}>"

    def __getitem__(self, serial_number: str) -> AnyModule:
        """The attached module with a serial number.

        Raises:
            KeyError: it is not attached.
        """
        found = {module.serial_number: module for module in self.attached}
        return found[serial_number]

    @property
    def attached(self) -> list[AnyModule]:
        """All attached modules."""
        return [
            self._makers[module.kind](module.serial_number)
            for module in self._provider.attached_modules.get()
            if module.kind in self._makers
        ]

    @property
    def active(self) -> list[ActivePart]:
        """What heats, cools, shakes or is raised now, or is still hot."""
        return self._provider.active_parts.get()

    def history(self) -> str:
        """Return what all modules have measured in the last hours, also those that are no longer attached, as CSV."""
        return self._provider.retrieve_module_history().decode()

    @property
    def temperature_module(self) -> TemperatureModule:
        """The only temperature module.

        Raises:
            LookupError: there is none, or there are several.
        """
        return self._only(TemperatureModule)

    @property
    def heater_shaker(self) -> HeaterShaker:
        """The only heater-shaker; raises as `temperature_module`."""
        return self._only(HeaterShaker)

    @property
    def thermocycler(self) -> Thermocycler:
        """The only thermocycler; raises as `temperature_module`."""
        return self._only(Thermocycler)

    @property
    def magnetic_module(self) -> MagneticModule:
        """The only magnetic module; raises as `temperature_module`."""
        return self._only(MagneticModule)

    def off(self) -> None:
        """Switch all attached modules off: nothing heats, cools, shakes or is raised."""
        all_of(*(module.off for module in self.attached))

    def _only(self, kind: type[Kind]) -> Kind:
        attached = self.attached
        found = [module for module in attached if isinstance(module, kind)]
        if len(found) != 1:
            listed = ", ".join(map(repr, attached)) or "none"
            raise LookupError(f"One {kind.__name__} is meant, and there are {len(found)}. Attached are: {listed}.")
        return found[0]
