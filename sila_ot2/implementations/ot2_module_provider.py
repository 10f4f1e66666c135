"""The feature OT2ModuleProvider."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.modules.active_parts import active_parts
from sila_ot2.driver.modules.history import ModuleHistory
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.module_presence import MissingModule as Missing
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_module_provider import ActivePart, AttachedModule, MissingModule, OT2ModuleProviderBase
from sila_ot2.implementations.active_parts import part_fields
from sila_ot2.robot import wire
from sila_ot2.sila import Call, ObservableProperty

_KINDS = {
    "temperatureModuleType": "TemperatureModule",
    "magneticModuleType": "MagneticModule",
    "thermocyclerModuleType": "Thermocycler",
    "heaterShakerModuleType": "HeaterShaker",
}


class OT2ModuleProvider(OT2ModuleProviderBase):
    """The attached modules, those that are missing, and what they have measured."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"RetrieveModuleHistory"})

    def __init__(self, state: Observable[RobotState], history: ModuleHistory) -> None:
        self._history = history
        self.AttachedModules: ObservableProperty[list[AttachedModule]] = ObservableProperty([])
        self.MissingModules: ObservableProperty[list[MissingModule]] = ObservableProperty([])
        self.ActiveParts: ObservableProperty[list[ActivePart]] = ObservableProperty([])
        state.derive(lambda state: state.machine).subscribe(self._show)

    def RetrieveModuleHistory(self, ModuleIdentifier: str, *, call: Call) -> bytes:
        """Return what modules have measured."""
        return self._history.as_csv(ModuleIdentifier)

    def _show(self, machine: Machine) -> None:
        self.AttachedModules.set([_row(module) for module in machine.modules.value] if machine.modules else [])
        parts = active_parts(machine.modules.value) if machine.modules else ()
        self.ActiveParts.set([ActivePart(*part_fields(part)) for part in parts])
        self.MissingModules.set([_missing_row(missing) for missing in machine.missing_modules])


def _row(module: wire.Module) -> AttachedModule:
    return AttachedModule(
        SerialNumber=module.serial_number,
        Kind=_KINDS.get(module.module_type, "Unknown"),
        Model=module.module_model,
        State=str(module.data.get("status") or ""),
        FirmwareVersion=module.firmware_version,
        HardwareRevision=module.hardware_revision,
        UpdateAvailable=module.has_available_update,
    )


def _missing_row(missing: Missing) -> MissingModule:
    return MissingModule(
        SerialNumber=missing.module.serial_number,
        Kind=_KINDS.get(missing.module.module_type, "Unknown"),
        Model=missing.module.module_model,
        MissedAt=missing.since,
    )
