"""Which volumes a pipette, its tip and a well take: every VolumeOutOfRange is raised here."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.contents import SAME_UL
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import SessionPipette
from sila_ot2.errors import VolumeOutOfRange

log = logging.getLogger(__name__)

MOST_LOADS = 1_000
"""How often a tip may be filled because of the volumes of one command; wells may add one each."""
_DRAWING = frozenset({"aspirate", "aspirateInPlace"})
_IN_PLACE = frozenset({"aspirateInPlace", "prepareToAspirate"})
"""Commands that stay where the command before has moved to, so that they may draw air there."""


def check_space(pipette: SessionPipette, volume_ul: float) -> None:
    """Refuse to draw more than what fits into the tip beside what it holds.

    Raises:
        VolumeOutOfRange: it is more. Nothing moved.
    """
    free_ul = pipette.capacity_ul - pipette.volume_ul
    if volume_ul > free_ul + SAME_UL:
        raise VolumeOutOfRange(
            f"{pipette.label} with its tip takes {pipette.capacity_ul:g} µL and holds {pipette.volume_ul:g} µL "
            f"already; {volume_ul:g} µL more do not fit.",
            f"Ask for at most {max(free_ul, 0):g} µL.",
        )


def check_empty(pipette: SessionPipette) -> None:
    """Refuse to move the plunger to where aspirating begins while the tip holds something.

    Raises:
        VolumeOutOfRange: it does. Nothing moved.
    """
    if pipette.volume_ul > SAME_UL:
        raise VolumeOutOfRange(
            f"{pipette.label} holds {pipette.volume_ul:g} µL, which moving the plunger would push out.",
            "Dispense it first.",
        )


def check_pipette_volume(pipette: SessionPipette, volume_ul: float) -> None:
    """Refuse a volume that the pipette takes with no tip.

    Raises:
        VolumeOutOfRange: it is too large. Nothing moved.
    """
    if volume_ul > pipette.model.max_volume_ul + SAME_UL:
        raise VolumeOutOfRange(
            f"{pipette.label} takes at most {pipette.model.max_volume_ul:g} µL, not {volume_ul:g} µL.",
            "Give a smaller volume.",
        )


def free_for_liquid_ul(pipette: SessionPipette, capacity_ul: float, taken_ul: float) -> float:
    """Return what a tip takes of liquid.

    Args:
        pipette: which holds the tip.
        capacity_ul: of the pipette with the tip.
        taken_ul: of air and disposal volume.

    Raises:
        VolumeOutOfRange: nothing is left for liquid. Nothing moved.
    """
    if capacity_ul - taken_ul <= SAME_UL:
        raise VolumeOutOfRange(
            f"{pipette.label} with its tip takes {capacity_ul:g} µL; {taken_ul:g} µL of air and disposal volume "
            "leave no volume for liquid.",
            "Use less air and disposal volume, or a larger tip.",
        )
    return capacity_ul - taken_ul


def check_loads(total_ul: float, free_ul: float) -> None:
    """Refuse too many loads of a tip: with almost no room beside the air, each load moves almost nothing.

    Args:
        total_ul: what is to be moved.
        free_ul: how much liquid the tip takes.

    Raises:
        VolumeOutOfRange: it would take too many loads of the tip. Nothing moved.
    """
    loads = total_ul / free_ul
    if loads > MOST_LOADS:
        raise VolumeOutOfRange(
            f"The tip takes {free_ul:g} µL of liquid beside air and disposal volume, so that it would have to be "
            f"filled {loads:.0f} times; at most {MOST_LOADS} times are allowed.",
            "Use less air and disposal volume, a larger tip, or split the command.",
        )


def check_well_volume(well: str, uri: str, capacity_ul: float, volume_ul: float) -> None:
    """Refuse a volume that is stated for a well and larger than its capacity; 0 is an unknown capacity.

    Raises:
        VolumeOutOfRange: it holds less. Nothing was kept.
    """
    if capacity_ul and volume_ul > capacity_ul:
        raise VolumeOutOfRange(
            f"Well {well} of {uri} holds at most {capacity_ul:g} µL, not {volume_ul:g} µL.",
            "Give a smaller volume.",
        )


def check_small_volumes(name: str, planned: Sequence[PlannedCommand], deck_state: DeckState, *, refuse: bool) -> None:
    """Look for volumes below the minimum of a pipette that are drawn; air that is drawn above a well does not count.

    Args:
        name: the command of the laboratory.
        planned: what it asks of the robot.
        deck_state: names the pipettes.
        refuse: whether such a volume is refused; if not, it is logged as a warning.

    Raises:
        VolumeOutOfRange: there is one, and `refuse` is set. Nothing moved.
    """
    pipettes = {pipette.pipette_id: pipette for pipette in deck_state.pipettes.values()}
    above = False
    for command in planned:
        above = above if command.command_type in _IN_PLACE else _is_above_a_well(command)
        pipette = pipettes.get(str(command.params.get("pipetteId", "")))
        if pipette is None or command.command_type not in _DRAWING or above:
            continue
        volume_ul, least_ul = command.params["volume"], pipette.model.min_volume_ul
        if volume_ul >= least_ul:
            continue
        text = f"{name}: {volume_ul:g} µL is less than {pipette.label} is made for ({least_ul:g} µL)."
        if refuse:
            raise VolumeOutOfRange(text, "Use a smaller pipette.")
        log.warning("%s It is drawn, and not accurately.", text)
        return


def _is_above_a_well(command: PlannedCommand) -> bool:
    location = command.params.get("wellLocation") or {}
    return location.get("origin") == "top" and (location.get("offset") or {}).get("z", 0) > 0
