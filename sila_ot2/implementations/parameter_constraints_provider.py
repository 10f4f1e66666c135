"""The standard feature ParameterConstraintsProvider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from sila_ot2.driver.deck.checks.live_limits import DeckLimits, LiveLimits
from sila_ot2.driver.deck.plans.module_plans import HIGHEST_MM
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.modules.kinds import ModuleKind
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.protocols.library import ProtocolEntry
from sila_ot2.generated import definition
from sila_ot2.generated.atomic_liquid_handling import AtomicLiquidHandlingBase
from sila_ot2.generated.labware_transfer_site_controller import LabwareTransferSiteControllerBase
from sila_ot2.generated.ot2_heater_shaker_controller import OT2HeaterShakerControllerBase
from sila_ot2.generated.ot2_magnetic_module_controller import OT2MagneticModuleControllerBase
from sila_ot2.generated.ot2_temperature_module_controller import OT2TemperatureModuleControllerBase
from sila_ot2.generated.ot2_thermocycler_controller import OT2ThermocyclerControllerBase
from sila_ot2.generated.ot2_workflow_service import OT2WorkflowServiceBase
from sila_ot2.generated.parameter_constraints_provider import (
    ParameterConstraintsProviderBase,
    ParametersConstraintsItem,
)
from sila_ot2.generated.protocol_service import ProtocolServiceBase
from sila_ot2.generated.run_controller import RunControllerBase
from sila_ot2.sila import ObservableProperty
from sila_ot2.store.handovers import DeliveredLabware

MOST_PROTOCOLS = 100
"""Of more protocols, the identifiers are not listed: the list would be sent anew with each upload."""
NAMESPACE = "http://www.sila-standard.org"


def _either(values: Iterable[str]) -> str:
    """Return the constraint to these values; empty if there are none: SiLA has no constraint that nothing satisfies."""
    listed = "".join(f"<Value>{escape(value)}</Value>" for value in values)
    return f"<Set>{listed}</Set>" if listed else ""


def _or_none(values: tuple[str, ...]) -> str:
    """Return the constraint to these values or an empty text; empty if there are none."""
    return _either((*values, "")) if values else ""


def _at_most(largest: float) -> str:
    return f"<MaximalInclusive>{largest:g}</MaximalInclusive>" if largest else ""


Limit = Callable[[LiveLimits], str]
_ATOMIC: Mapping[tuple[str, str], Limit] = {
    ("*", "Mount"): lambda limits: _either(limits.mounts),
    ("*", "Volume"): lambda limits: _at_most(limits.largest_volume_ul),
    ("*", "LabwareIdentifier"): lambda limits: _either(limits.deck.labware_on_deck),
    ("MoveLabware", "LabwareIdentifier"): lambda limits: _either(limits.deck.labware),
    ("RemoveLabware", "LabwareIdentifier"): lambda limits: _either(limits.deck.labware),
    ("*", "SourceLabwareIdentifier"): lambda limits: _either(limits.deck.labware_on_deck),
    ("*", "TargetLabwareIdentifier"): lambda limits: _either(limits.deck.labware_on_deck),
    ("*", "TipRackIdentifier"): lambda limits: _or_none(limits.deck.tip_racks),
    ("*", "Destination"): lambda limits: _or_none(limits.deck.labware_on_deck),
    ("*", "Location"): lambda limits: _either(limits.deck.free_locations),
    ("*", "NewLocation"): lambda limits: _either(limits.destinations),
    ("*", "Slot"): lambda limits: _either(limits.deck.free_slots),
}
_SITE: Mapping[tuple[str, str], Limit] = {
    ("PrepareForInput", "InternalPosition"): lambda limits: _either(
        slot for slot in limits.deck.free_slots if slot not in limits.taken_slots
    ),
    ("PrepareForOutput", "InternalPosition"): lambda limits: _either(limits.taken_slots),
}
_KINDS = {
    OT2HeaterShakerControllerBase.FEATURE: ModuleKind.HEATER_SHAKER,
    OT2MagneticModuleControllerBase.FEATURE: ModuleKind.MAGNETIC_MODULE,
    OT2TemperatureModuleControllerBase.FEATURE: ModuleKind.TEMPERATURE_MODULE,
    OT2ThermocyclerControllerBase.FEATURE: ModuleKind.THERMOCYCLER,
}
"""Of which kind the modules are that the commands of a feature name."""


class ParameterConstraintsProvider(ParameterConstraintsProviderBase):
    """Publishes which values parameters can have at present."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        state: Observable[RobotState],
        deck_state: Observable[DeckState],
        delivered: Observable[tuple[DeliveredLabware, ...]],
        protocols: Observable[tuple[ProtocolEntry, ...]],
    ) -> None:
        self._pipettes = state.derive(lambda state: state.machine.attached_pipettes)
        self._modules = state.derive(_attached_modules)
        self._deck = deck_state.derive(DeckLimits.of)
        self._delivered = delivered
        self._protocols = protocols
        self._limited = [
            *_parameters_with(AtomicLiquidHandlingBase.FEATURE, _ATOMIC),
            *_parameters_with(LabwareTransferSiteControllerBase.FEATURE, _SITE),
        ]
        self._of_protocols = [
            *_parameters_of(RunControllerBase.FEATURE, "ProtocolIdentifier"),
            *_parameters_of(ProtocolServiceBase.FEATURE, "ProtocolIdentifier"),
        ]
        self._of_modules = [
            (parameter, kind)
            for feature, kind in _KINDS.items()
            for parameter in _parameters_of(feature, "ModuleIdentifier")
        ]
        self._of_magnets = list(_parameters_of(OT2MagneticModuleControllerBase.FEATURE, "Height"))
        self._of_names = list(_parameters_of(OT2WorkflowServiceBase.FEATURE, "ProtocolName"))
        self.ParametersConstraints: ObservableProperty[list[ParametersConstraintsItem]] = ObservableProperty([])
        for source in (self._pipettes, self._modules, self._deck, delivered, protocols):
            source.subscribe(lambda _: self._show())

    def _show(self) -> None:
        limits = LiveLimits.of(
            self._pipettes.value, self._deck.value, (labware.slot for labware in self._delivered.value)
        )
        found = [(identifier, limit(limits)) for identifier, limit in self._limited]
        for parameter, kind in self._of_modules:
            attached = [one.serial_number for one in self._modules.value if one.kind == kind.value]
            found.append((parameter, _or_none(tuple(attached)) if len(attached) == 1 else _either(attached)))
        magnets = [one.model for one in self._modules.value if one.kind == ModuleKind.MAGNETIC_MODULE.value]
        if magnets and all(model in HIGHEST_MM for model in magnets):
            highest_mm = max(HIGHEST_MM[model] for model in magnets)
            found += [(parameter, _at_most(highest_mm)) for parameter in self._of_magnets]
        stored = [entry.stored for entry in self._protocols.value]
        if len(stored) <= MOST_PROTOCOLS:
            identifiers = [protocol.identifier for protocol in stored]
            found += [(parameter, _either(identifiers)) for parameter in self._of_protocols]
            files = [protocol.files[0].name for protocol in stored]
            names = dict.fromkeys([*(protocol.name for protocol in stored), *files, *identifiers])
            found += [(parameter, _either(names)) for parameter in self._of_names]
        self.ParametersConstraints.set(
            [
                ParametersConstraintsItem(identifier, f'<Constraints xmlns="{NAMESPACE}">{constraint}</Constraints>')
                for identifier, constraint in found
                if constraint
            ]
        )


class _AttachedModule(NamedTuple):
    kind: str
    """The robot's name of it."""
    model: str
    serial_number: str


def _attached_modules(state: RobotState) -> tuple[_AttachedModule, ...]:
    modules = state.machine.modules.value if state.machine.modules else ()
    return tuple(_AttachedModule(one.module_type, one.module_model, one.serial_number) for one in modules)


def _parameters_with(feature: str, limits: Mapping[tuple[str, str], Limit]) -> Iterator[tuple[str, Limit]]:
    """Yield the parameters of a feature that have a limit, fully qualified."""
    for command, parameter in _all_parameters(feature):
        limit = limits.get((command, parameter)) or limits.get(("*", parameter))
        if limit is not None:
            yield f"{feature}/Command/{command}/Parameter/{parameter}", limit


def _parameters_of(feature: str, name: str) -> Iterator[str]:
    """Yield the parameters of this name, fully qualified."""
    for command, parameter in _all_parameters(feature):
        if parameter == name:
            yield f"{feature}/Command/{command}/Parameter/{parameter}"


def _all_parameters(feature: str) -> Iterator[tuple[str, str]]:
    root = etree.fromstring(definition(feature.split("/")[-2]).encode())
    for command in root.iterfind("{*}Command"):
        for parameter in command.iterfind("{*}Parameter/{*}Identifier"):
            yield str(command.findtext("{*}Identifier")), str(parameter.text)
