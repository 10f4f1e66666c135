"""Which row of a liquid class fits a pipette and its tip on the deck, and the steps that such a row changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sila_ot2.driver.deck.plans.plan import CommandPlan, pipette_on
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.deck.state.wells import WellPoint
from sila_ot2.driver.liquid_handling.liquid_classes import WATER, LiquidClass, LiquidClasses
from sila_ot2.driver.liquid_handling.liquids import OWN, touch_tip
from sila_ot2.driver.liquid_handling.motions import delay
from sila_ot2.driver.liquid_handling.tips import next_tip_rack

TOUCH_DEPTH_MM = 1.0
WALL = 1.0
"""Where the tip touches a well, as a fraction of its radius."""


def class_on_deck(
    classes: LiquidClasses, name: str, deck_state: DeckState, mount: Mount, *, takes_tip: bool
) -> LiquidClass:
    """Return what a class means for a pipette with its tip, or with the next tip if it has none and takes one.

    Raises:
        LiquidClassUnknown: there is no such class for the pipette and its tip.
    """
    if name in ("", WATER):
        return LiquidClass()
    pipette = pipette_on(deck_state, mount)
    if pipette.tip is None and takes_tip:
        rack = next_tip_rack(deck_state, pipette).load_name
    else:
        carrier = deck_state.labware.get(pipette.tip.rack_id) if pipette.tip else None
        rack = carrier.load_name if carrier else ""
    return classes.find(name, pipette.name, rack)


def with_class(
    classes: LiquidClasses, name: str, mount: Mount, plans: Callable[[LiquidClass], CommandPlan]
) -> CommandPlan:
    """Return a plan that is made with what a class means for the tip that the pipette holds at that step."""
    return lambda deck_state: plans(class_on_deck(classes, name, deck_state, mount, takes_tip=False))(deck_state)


def touch_wall(mount: Mount, labware_id: str, well: str) -> CommandPlan:
    """Touch the walls of a well below its top."""
    return touch_tip(mount, labware_id, well, WellPoint("top", z_mm=-TOUCH_DEPTH_MM), WALL, OWN)


def after(duration_s: float) -> Iterator[CommandPlan]:
    """Give the wait of a class after a movement, if it has one."""
    if duration_s:
        yield delay(duration_s)
