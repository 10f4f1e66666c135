"""The kinds of modules, and which of the attached ones is meant."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from sila_ot2.errors import ModuleAmbiguous, ModuleMissing
from sila_ot2.robot import wire


class ModuleKind(Enum):
    """A kind of module, by the robot's name; `str` is what messages call it."""

    TEMPERATURE_MODULE = "temperatureModuleType"
    HEATER_SHAKER = "heaterShakerModuleType"
    THERMOCYCLER = "thermocyclerModuleType"
    MAGNETIC_MODULE = "magneticModuleType"

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ").replace("heater ", "heater-")


def choose_module(attached: Sequence[wire.Module], kind: ModuleKind, serial_number: str) -> wire.Module:
    """Return the module of a kind that is meant.

    Args:
        attached: all modules, as the robot has reported them.
        kind: which kind is wanted.
        serial_number: of the module; empty if there is only one of the kind.

    Raises:
        ModuleMissing: it is not attached, or is of another kind.
        ModuleAmbiguous: there are several, and none is named.
    """
    of_kind = [module for module in attached if module.module_type == kind.value]
    found = [module for module in of_kind if serial_number in ("", module.serial_number)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(module.serial_number for module in of_kind)
    if found:
        raise ModuleAmbiguous(f"Several modules are attached that are a {kind}: {listed}.", "Name one of them.")
    other = next((module for module in attached if module.serial_number == serial_number != ""), None)
    if other is not None:
        raise ModuleMissing(
            f"The module {serial_number} is not a {kind}: it is a {other.module_model}.",
            "Name an attached module of this kind; OT2ModuleProvider lists them.",
        )
    which = f"{kind} with the serial number {serial_number}" if serial_number else str(kind)
    raise ModuleMissing(
        f"No {which} is attached to the robot."
        + (f" Of this kind there is: {listed}." if listed and serial_number else ""),
        "Connect the module and switch it on.",
    )


def module_by_serial(attached: Sequence[wire.Module], serial_number: str) -> wire.Module | None:
    """Return the module with this serial number, None if it is not attached."""
    return next((module for module in attached if module.serial_number == serial_number), None)
