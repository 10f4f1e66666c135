"""Volumes below what a pipette is made for: the robot draws them, and not accurately."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sila_ot2.driver.deck.deck_state import DeckState
from sila_ot2.driver.deck.plan import PlannedCommand
from sila_ot2.errors import VolumeOutOfRange

log = logging.getLogger(__name__)

_DRAWING = frozenset({"aspirate", "aspirateInPlace"})
_IN_PLACE = frozenset({"aspirateInPlace", "prepareToAspirate"})
"""Commands before and with which air is drawn where the command before has moved to."""


def check_small_volumes(name: str, planned: Sequence[PlannedCommand], deck_state: DeckState, *, refuse: bool) -> None:
    """Look for liquid to be drawn in less than a pipette's minimum; drawing air above a well is not meant.

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
