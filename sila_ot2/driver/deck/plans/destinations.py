"""Where the commands for a robot take a pipette."""

from __future__ import annotations

from typing import NamedTuple

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.geometry import FIXED_TRASH, TRASH_SLOT, DeckPoint, slot_at, slot_of
from sila_ot2.driver.deck.state.labware import SLOTS, Labware
from sila_ot2.driver.deck.state.pipettes import SessionPipette


class Destination(NamedTuple):
    """Where a command takes a pipette."""

    slot: str | None
    """None: it cannot be known."""
    labware: Labware | None
    """None if the command names none that the session knows."""
    pipette: SessionPipette | None
    straight_from: DeckPoint | None = None
    """Where a straight movement begins; other movements rise above everything that is loaded first."""
    straight_to: DeckPoint | None = None
    is_straight: bool = False

    def __str__(self) -> str:
        if self.labware is not None:
            return self.labware.name
        return f"slot {self.slot}" if self.slot else "a place that is not known"


def destination_of(command: PlannedCommand, deck_state: DeckState) -> Destination | None:
    """Return where a command takes a pipette; None if it moves no pipette over the deck."""
    params = command.params
    pipette = deck_state.pipette_by_id(str(params.get("pipetteId", "")))
    straight = bool(params.get("forceDirect"))
    if command.command_type == "moveRelative":
        return _relative(command, deck_state, pipette)
    if "coordinates" in params:
        point = DeckPoint(float(params["coordinates"]["x"]), float(params["coordinates"]["y"]))
        return Destination(slot_at(point), None, pipette, _now(deck_state, pipette), point, is_straight=straight)
    if "addressableAreaName" in params and "pipetteId" in params:
        area = str(params["addressableAreaName"])
        slot = TRASH_SLOT if area == FIXED_TRASH else area if area in SLOTS else None
        return Destination(slot, None, pipette, is_straight=straight)
    if "wellName" in params and "pipetteId" in params:
        labware_id = str(params.get("labwareId", ""))
        if labware_id == FIXED_TRASH:
            return Destination(TRASH_SLOT, None, pipette)
        labware = deck_state.labware.get(labware_id)
        slot = slot_of(deck_state, labware.location) if labware else None
        return Destination(slot, labware, pipette, is_straight=straight)
    return None


def _relative(command: PlannedCommand, deck_state: DeckState, pipette: SessionPipette | None) -> Destination:
    now = _now(deck_state, pipette)
    if now is None:
        return Destination(None, None, pipette, is_straight=True)
    axis, distance_mm = command.params["axis"], float(command.params["distance"])
    goal = DeckPoint(now.x_mm + (distance_mm if axis == "x" else 0), now.y_mm + (distance_mm if axis == "y" else 0))
    return Destination(slot_at(goal), None, pipette, now, goal, is_straight=True)


def _now(deck_state: DeckState, pipette: SessionPipette | None) -> DeckPoint | None:
    position = deck_state.position
    if position is None or pipette is None or position.mount != pipette.mount:
        return None
    return DeckPoint(position.x_mm, position.y_mm)
