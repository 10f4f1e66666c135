"""The steps that a worklist may have: the commands of the session, with the names and defaults clients know them by."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_pascal

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.labware import SLOTS
from sila_ot2.driver.deck.pipettes import Mount
from sila_ot2.driver.deck.plan import CommandPlan
from sila_ot2.driver.deck.wells import Origin, WellPoint
from sila_ot2.driver.liquid_handling import liquids, motions, tips
from sila_ot2.driver.liquid_handling.speeds import FASTEST_MM_S, FASTEST_UL_S
from sila_ot2.errors import LabwareNotLoaded
from sila_ot2.robot.releases import Release

Volume: TypeAlias = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Rate: TypeAlias = Annotated[float, Field(ge=0, le=FASTEST_UL_S, allow_inf_nan=False)]
Offset: TypeAlias = Annotated[float, Field(ge=-400, le=400, allow_inf_nan=False)]
WellName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z]{1,2}[1-9][0-9]?$")]
OptionalWell: TypeAlias = Annotated[str, Field(pattern=r"^([A-Z]{1,2}[1-9][0-9]?)?$")]


class Step(BaseModel):
    """One row; the units are those of the feature: µl, µl/s, mm, mm/s, s."""

    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", frozen=True)

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """Return the step's plan; labware may be named by its slot, which is looked up in the record."""
        raise NotImplementedError


class _Tipped(Step):
    mount: Mount


class _InWell(_Tipped):
    labware_identifier: str
    well: WellName
    origin: Literal["Top", "Bottom", "Center"] = "Bottom"
    offset_x: Offset = 0.0
    offset_y: Offset = 0.0
    offset_z: Offset = 1.0

    @property
    def at(self) -> WellPoint:
        origins: dict[str, Origin] = {"Top": "top", "Bottom": "bottom", "Center": "center"}
        return WellPoint(origins[self.origin], self.offset_x, self.offset_y, self.offset_z)


class PickUpTip(_Tipped):
    """Pick up the next tip, or a given one."""

    command: Literal["PickUpTip"]
    tip_rack_identifier: str = ""
    well: OptionalWell = ""

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        return tips.pick_up_tip(self.mount, _labware_id(deck_state, self.tip_rack_identifier), self.well)


class DropTip(_Tipped):
    """Drop the tip into the trash or into labware."""

    command: Literal["DropTip"]
    destination: str = ""
    well: OptionalWell = ""
    alternate: bool = False

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        destination = _labware_id(deck_state, self.destination)
        return tips.drop_tip(self.mount, release, destination, self.well, alternate=self.alternate)


class ReturnTip(_Tipped):
    """Put the tip back."""

    command: Literal["ReturnTip"]

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        return tips.return_tip(self.mount)


class Aspirate(_InWell):
    """Draw from a well."""

    command: Literal["Aspirate"]
    volume: Volume
    flow_rate: Rate = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        return liquids.aspirate(self.mount, labware_id, self.well, self.volume, self.at, self.flow_rate)


class Dispense(_InWell):
    """Push out into a well."""

    command: Literal["Dispense"]
    volume: Volume
    flow_rate: Rate = 0.0
    push_out: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        return liquids.dispense(self.mount, labware_id, self.well, self.volume, self.at, self.flow_rate, self.push_out)


class Mix(_InWell):
    """Draw and push out in one well, again and again."""

    command: Literal["Mix"]
    volume: Volume
    repetitions: Annotated[int, Field(ge=1, le=99)]
    aspirate_flow_rate: Rate = 0.0
    dispense_flow_rate: Rate = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        rates = (self.aspirate_flow_rate, self.dispense_flow_rate)
        return liquids.mix(self.mount, labware_id, self.well, self.volume, self.repetitions, self.at, *rates)


class BlowOut(_InWell):
    """Push out all into a well."""

    command: Literal["BlowOut"]
    origin: Literal["Top", "Bottom", "Center"] = "Top"
    offset_z: Offset = 0.0
    flow_rate: Rate = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        return liquids.blow_out(self.mount, labware_id, self.well, self.at, self.flow_rate)


class TouchTip(_InWell):
    """Touch the walls of a well."""

    command: Literal["TouchTip"]
    origin: Literal["Top", "Bottom", "Center"] = "Top"
    offset_z: Offset = -1.0
    radius: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    speed: Annotated[float, Field(ge=0, le=80, allow_inf_nan=False)] = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        return liquids.touch_tip(self.mount, labware_id, self.well, self.at, self.radius, self.speed)


class AirGap(_Tipped):
    """Draw air above the well that the tip is in."""

    command: Literal["AirGap"]
    volume: Volume
    flow_rate: Rate = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        return liquids.air_gap(self.mount, self.volume, self.flow_rate)


class MoveToWell(_InWell):
    """Move without touching liquid."""

    command: Literal["MoveToWell"]
    origin: Literal["Top", "Bottom", "Center"] = "Top"
    offset_z: Offset = 0.0
    speed: Annotated[float, Field(ge=0, le=FASTEST_MM_S, allow_inf_nan=False)] = 0.0
    minimum_clearance: Annotated[float, Field(ge=0, le=200, allow_inf_nan=False)] = 0.0

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        labware_id = _labware_id(deck_state, self.labware_identifier)
        travel = (self.speed, self.minimum_clearance)
        return motions.move_to_well(self.mount, labware_id, self.well, self.at, *travel)


class Delay(Step):
    """Wait."""

    command: Literal["Delay"]
    duration: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        return motions.delay(self.duration)


class Home(Step):
    """Home all axes."""

    command: Literal["Home"]

    def plan(self, release: Release, deck_state: DeckState) -> CommandPlan:
        """See base class."""
        return motions.home()


AnyStep: TypeAlias = (
    PickUpTip | DropTip | ReturnTip | Aspirate | Dispense | Mix | BlowOut | TouchTip | AirGap | MoveToWell | Delay
    | Home
)  # fmt: skip
STEP: TypeAdapter[AnyStep] = TypeAdapter(Annotated[AnyStep, Field(discriminator="command")])


def _labware_id(deck_state: DeckState, named: str) -> str:
    """Return the identifier of the labware that stands on a slot, or what was given."""
    if named not in SLOTS:
        return named
    there = next((labware for labware in deck_state.labware.values() if labware.location == named), None)
    if there is None:
        raise LabwareNotLoaded(f"No labware is loaded on slot {named}.")
    return there.labware_id
