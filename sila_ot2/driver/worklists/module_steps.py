"""The steps of worklists that set, wait for and switch off modules, with the columns and limits of their features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sila_ot2.constraints import limits
from sila_ot2.driver.deck.plans.module_plans import ask, engage, engage_for_labware, run_profile
from sila_ot2.driver.deck.plans.plan import CommandPlan
from sila_ot2.driver.json_input import JsonInvalid, read_json
from sila_ot2.driver.worklists.numbers import as_numbers
from sila_ot2.generated import ot2_heater_shaker_controller as heater_shaker
from sila_ot2.generated import ot2_magnetic_module_controller as magnetic_module
from sila_ot2.generated import ot2_temperature_module_controller as temperature_module
from sila_ot2.generated import ot2_thermocycler_controller as thermocycler

LARGEST_CELL_BYTES = 100_000
"""More than the steps of a profile need."""
_FEWEST, _MOST = limits("OT2ThermocyclerController", "RunProfile", "Repetitions")
PLATE, SHAKER, CYCLER = "temperatureModule", "heaterShaker", "thermocyclerModule"
LATCH = "heaterShaker/closeLabwareLatch"
"""A run's engine lets a module shake, and stop, only after it has closed the latch itself."""


@dataclass(frozen=True, kw_only=True)
class WaitForModule(temperature_module.DeactivateParameters):
    """Parameters of a wait: the module alone. The robot waits for as long as it takes."""


def _list_in_cell(value: object) -> object:
    """Return a list of numbers, which a cell of a CSV file has as JSON; anything else as it is."""
    if not isinstance(value, str):
        return as_numbers(value)
    try:
        return as_numbers(read_json(value.encode(), largest_bytes=LARGEST_CELL_BYTES))
    except JsonInvalid:
        return value


@dataclass(frozen=True, kw_only=True)
class ProfileInWorklist(thermocycler.RunProfileParameters):
    """Parameters of a profile; its steps may be in a cell, and it is carried out once if nothing else is given."""

    profile_steps: Annotated[
        list[thermocycler.ProfileStep], Field(alias="ProfileSteps", min_length=1), BeforeValidator(_list_in_cell)
    ]
    repetitions: Annotated[int, Field(alias="Repetitions", ge=_FEWEST, le=_MOST)] = 1


@dataclass(frozen=True, kw_only=True)
class ExtendedProfileInWorklist(thermocycler.RunExtendedProfileParameters):
    """Parameters of a profile of several parts, which may be in a cell."""

    profile_parts: Annotated[
        list[thermocycler.ProfilePart], Field(alias="ProfileParts", min_length=1), BeforeValidator(_list_in_cell)
    ]


def _ask(kind: str, *command_types: str, **members: str) -> Callable[[Any], CommandPlan]:
    """Return what plans a step: the robot's commands, and which parameters of the step are members of the last one."""

    def plan(given: Any) -> CommandPlan:
        params = {member: getattr(given, name) for member, name in members.items()}
        return ask(kind, command_types, given.module_identifier, **params)

    return plan


def _set_block(given: thermocycler.SetBlockTemperatureParameters) -> CommandPlan:
    volume = {"blockMaxVolumeUl": given.maximum_volume_ul} if given.maximum_volume_ul else {}
    set_block = "thermocycler/setTargetBlockTemperature"
    return ask(CYCLER, [set_block], given.module_identifier, celsius=given.target_temperature_c, **volume)


def _profile(given: ProfileInWorklist) -> CommandPlan:
    parts = [(given.profile_steps, given.repetitions)]
    return run_profile(given.module_identifier, parts, given.maximum_volume_ul)


def _extended_profile(given: ExtendedProfileInWorklist) -> CommandPlan:
    return run_profile(given.module_identifier, given.profile_parts, given.maximum_volume_ul)


CELSIUS = "target_temperature_c"
MODULE_STEPS: Mapping[str, tuple[type, Callable[[Any], CommandPlan]]] = {
    "SetTemperature": (
        temperature_module.SetTemperatureParameters,
        _ask(PLATE, "temperatureModule/setTargetTemperature", celsius=CELSIUS),
    ),
    "WaitForTemperature": (WaitForModule, _ask(PLATE, "temperatureModule/waitForTemperature")),
    "Deactivate": (temperature_module.DeactivateParameters, _ask(PLATE, "temperatureModule/deactivate")),
    "SetHeaterTemperature": (
        heater_shaker.SetHeaterTemperatureParameters,
        _ask(SHAKER, "heaterShaker/setTargetTemperature", celsius=CELSIUS),
    ),
    "WaitForHeaterTemperature": (WaitForModule, _ask(SHAKER, "heaterShaker/waitForTemperature")),
    "DeactivateHeater": (heater_shaker.DeactivateHeaterParameters, _ask(SHAKER, "heaterShaker/deactivateHeater")),
    "SetShakeSpeed": (
        heater_shaker.SetShakeSpeedParameters,
        _ask(SHAKER, LATCH, "heaterShaker/setAndWaitForShakeSpeed", rpm="target_speed_rpm"),
    ),
    "DeactivateShaker": (
        heater_shaker.DeactivateShakerParameters,
        _ask(SHAKER, LATCH, "heaterShaker/deactivateShaker"),
    ),
    "OpenLatch": (heater_shaker.OpenLatchParameters, _ask(SHAKER, "heaterShaker/openLabwareLatch")),
    "CloseLatch": (heater_shaker.CloseLatchParameters, _ask(SHAKER, LATCH)),
    "SetBlockTemperature": (thermocycler.SetBlockTemperatureParameters, _set_block),
    "WaitForBlockTemperature": (WaitForModule, _ask(CYCLER, "thermocycler/waitForBlockTemperature")),
    "DeactivateBlock": (thermocycler.DeactivateBlockParameters, _ask(CYCLER, "thermocycler/deactivateBlock")),
    "SetLidTemperature": (
        thermocycler.SetLidTemperatureParameters,
        _ask(CYCLER, "thermocycler/setTargetLidTemperature", celsius=CELSIUS),
    ),
    "WaitForLidTemperature": (WaitForModule, _ask(CYCLER, "thermocycler/waitForLidTemperature")),
    "DeactivateLid": (thermocycler.DeactivateLidParameters, _ask(CYCLER, "thermocycler/deactivateLid")),
    "OpenLid": (thermocycler.OpenLidParameters, _ask(CYCLER, "thermocycler/openLid")),
    "CloseLid": (thermocycler.CloseLidParameters, _ask(CYCLER, "thermocycler/closeLid")),
    "RunProfile": (ProfileInWorklist, _profile),
    "RunExtendedProfile": (ExtendedProfileInWorklist, _extended_profile),
    "Engage": (
        magnetic_module.EngageParameters,
        lambda given: engage(given.module_identifier, given.height_mm),
    ),
    "EngageForLabware": (
        magnetic_module.EngageForLabwareParameters,
        lambda given: engage_for_labware(given.module_identifier, given.offset_mm),
    ),
    "Disengage": (magnetic_module.DisengageParameters, _ask("magneticModule", "magneticModule/disengage")),
}
"""By the identifier of the command: its parameters, and what plans it."""
