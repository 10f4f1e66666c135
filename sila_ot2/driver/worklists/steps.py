"""The steps that a worklist may have: commands of the session, with the columns and defaults of the feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Annotated, Any, Generic, NamedTuple, TypeAlias, TypeVar, get_type_hints

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_pascal
from pydantic.dataclasses import dataclass as validated

from sila_ot2.constraints import longest
from sila_ot2.driver.deck.plans.plan import CommandPlan
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.liquid_handling import commands, motions
from sila_ot2.driver.liquid_handling.class_choice import with_class
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClasses
from sila_ot2.driver.worklists.module_steps import MODULE_STEPS
from sila_ot2.driver.worklists.numbers import as_number
from sila_ot2.driver.worklists.timer_steps import TIMER_STEPS
from sila_ot2.errors import LabwareNotLoaded
from sila_ot2.generated import atomic_liquid_handling as feature
from sila_ot2.robot.releases import Release

Given = TypeVar("Given")
_LONGEST_CLASS = longest("AtomicLiquidHandling", "Transfer", "LiquidClass")
LiquidClassName: TypeAlias = Annotated[str, Field(alias="LiquidClass", max_length=_LONGEST_CLASS)]
LABWARE = frozenset({"labware_identifier", "tip_rack_identifier", "destination"})
"""Parameters that name labware: a worklist, which is written before labware has identifiers, may name its slot."""


class StepContext(NamedTuple):
    """What the plans of steps depend on besides their parameters and the deck."""

    release: Release
    classes: LiquidClasses = NO_CLASSES


@dataclass(frozen=True)
class AspirateInWorklist(feature.AspirateParameters):
    """Parameters of Aspirate, and a liquid class."""

    liquid_class: LiquidClassName = ""


@dataclass(frozen=True)
class DispenseInWorklist(feature.DispenseParameters):
    """Parameters of Dispense, and a liquid class."""

    liquid_class: LiquidClassName = ""


def _aspirate(given: AspirateInWorklist, context: StepContext) -> CommandPlan:
    return with_class(context.classes, given.liquid_class, given.mount, partial(commands.aspirate, given))


def _dispense(given: DispenseInWorklist, context: StepContext) -> CommandPlan:
    return with_class(context.classes, given.liquid_class, given.mount, partial(commands.dispense, given))


@dataclass(frozen=True)
class HomeEverything:
    """Parameters of a step that has none."""


class StepKind(Generic[Given]):
    """A command that worklists may have."""

    def __init__(self, parameters: type[Given], plan: Callable[[Given, StepContext], CommandPlan]) -> None:
        self._parameters = parameters
        self._plan = plan

    @cached_property
    def _row(self) -> TypeAdapter[Any]:
        """Reads a row; made when a worklist first has such a step, because it takes milliseconds."""
        parameters: Any = self._parameters
        by_slot = {name: Annotated[str, Field(alias=to_pascal(name))] for name in LABWARE & _names_of(parameters)}
        numbers = {
            name: Annotated[hint, BeforeValidator(as_number)]
            for name, hint in get_type_hints(parameters, include_extras=True).items()
            if get_type_hints(parameters)[name] in (int, float)
        }
        row = type(parameters.__name__, (parameters,), {"__annotations__": numbers | by_slot, "__module__": __name__})
        config = ConfigDict(extra="forbid", allow_inf_nan=False)
        return TypeAdapter(validated(row, frozen=True, kw_only=True, config=config))

    def read(self, values: Mapping[str, object]) -> Given:
        """Return the parameters that a row gives.

        Raises:
            ValidationError: a value is missing, out of its range, or none of the command's.
        """
        given: Given = self._row.validate_python(values)
        return given

    def plan(self, given: Given, context: StepContext, deck_state: DeckState) -> CommandPlan:
        """Return the plan of a step; labware that is named by its slot is looked up on the deck.

        Raises:
            LabwareNotLoaded: none stands there.
        """
        values = {name: getattr(given, name) for name in _names_of(self._parameters)}
        for name in LABWARE & values.keys():
            values[name] = _labware_id(deck_state, values[name])
        return self._plan(self._parameters(**values), context)


def _names_of(parameters: Any) -> set[str]:
    return {one.name for one in fields(parameters)}


def _without_context(plan: Callable[[Any], CommandPlan]) -> Callable[[Any, StepContext], CommandPlan]:
    return lambda given, _: plan(given)


OTHER_STEPS = {**MODULE_STEPS, **TIMER_STEPS}
STEP_KINDS: Mapping[str, StepKind[Any]] = {
    "PickUpTip": StepKind(feature.PickUpTipParameters, lambda given, _: commands.pick_up_tip(given)),
    "DropTip": StepKind(feature.DropTipParameters, lambda given, context: commands.drop_tip(given, context.release)),
    "ReturnTip": StepKind(feature.ReturnTipParameters, lambda given, _: commands.return_tip(given)),
    "Aspirate": StepKind(AspirateInWorklist, _aspirate),
    "Dispense": StepKind(DispenseInWorklist, _dispense),
    "Mix": StepKind(feature.MixParameters, lambda given, context: commands.mix(given, context.classes)),
    "BlowOut": StepKind(feature.BlowOutParameters, lambda given, _: commands.blow_out(given)),
    "TouchTip": StepKind(feature.TouchTipParameters, lambda given, _: commands.touch_tip(given)),
    "AirGap": StepKind(feature.AirGapParameters, lambda given, context: commands.air_gap(given, context.release)),
    "MoveToWell": StepKind(feature.MoveToWellParameters, lambda given, _: commands.move_to_well(given)),
    "Delay": StepKind(feature.DelayParameters, lambda given, _: commands.delay(given)),
    "Home": StepKind(HomeEverything, lambda _given, _context: motions.home()),
    **{name: StepKind(parameters, _without_context(plan)) for name, (parameters, plan) in OTHER_STEPS.items()},
}
"""By the identifier of the command."""


@dataclass(frozen=True)
class Step:
    """One row of a worklist."""

    command: str
    given: Any
    """The command's parameters."""

    def plan(self, context: StepContext, deck_state: DeckState) -> CommandPlan:
        """Return the step's plan; as `StepKind.plan`."""
        return STEP_KINDS[self.command].plan(self.given, context, deck_state)


def _labware_id(deck_state: DeckState, named: str) -> str:
    """Return the identifier of the labware that is uppermost in a slot, or what was given."""
    if named not in SLOTS:
        return named
    there = deck_state.on_top(named)
    if there is None:
        raise LabwareNotLoaded(f"No labware is loaded on slot {named}.", "Load it first.")
    return there.labware_id
