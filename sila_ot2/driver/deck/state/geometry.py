"""Where things stand on the deck of an OT-2, in mm from its front left corner."""

from __future__ import annotations

from typing import NamedTuple

from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import SLOTS

SLOT_PITCH_MM = (132.5, 90.5)
"""From a slot to the next (deck definition ot2_standard of opentrons-shared-data)."""
TRASH_SLOT = "12"
FIXED_TRASH = "fixedTrash"
"""The robot's name of the trash: of a labware, or of an area from release 7.1 on."""
_COLUMNS, _ROWS = 3, 4


class DeckPoint(NamedTuple):
    """A point seen from above."""

    x_mm: float
    y_mm: float


def slot_corner(slot: str) -> DeckPoint:
    """Return the front left corner of a slot."""
    column, row = _place_of(slot)
    return DeckPoint(column * SLOT_PITCH_MM[0], row * SLOT_PITCH_MM[1])


def slot_at(point: DeckPoint) -> str:
    """Return the slot under a point, or the nearest one."""
    column = min(max(int(point.x_mm // SLOT_PITCH_MM[0]), 0), _COLUMNS - 1)
    row = min(max(int(point.y_mm // SLOT_PITCH_MM[1]), 0), _ROWS - 1)
    return str(row * _COLUMNS + column + 1)


def beside(slot: str) -> frozenset[str]:
    """Return the slots to the left and to the right."""
    column, row = _place_of(slot)
    return frozenset(str(row * _COLUMNS + other + 1) for other in (column - 1, column + 1) if 0 <= other < _COLUMNS)


def before_and_behind(slot: str) -> frozenset[str]:
    """Return the slots in front and behind."""
    column, row = _place_of(slot)
    return frozenset(str(other * _COLUMNS + column + 1) for other in (row - 1, row + 1) if 0 <= other < _ROWS)


def around(slot: str) -> frozenset[str]:
    """Return the slots that share a side or a corner with a slot."""
    column, row = _place_of(slot)
    columns = [other for other in (column - 1, column, column + 1) if 0 <= other < _COLUMNS]
    rows = [other for other in (row - 1, row, row + 1) if 0 <= other < _ROWS]
    return frozenset(str(r * _COLUMNS + c + 1) for c in columns for r in rows) - {slot}


def slot_of(deck_state: DeckState, location: str) -> str | None:
    """Return the slot that a location is on, through modules and labware that carry it; None off the deck."""
    for _ in range(len(deck_state.labware) + len(deck_state.modules) + 1):
        if location in (*SLOTS, TRASH_SLOT):
            return location
        if location in deck_state.modules:
            location = deck_state.modules[location].slot
        elif location in deck_state.labware:
            location = deck_state.labware[location].location
        else:
            return None
    return None


def _place_of(slot: str) -> tuple[int, int]:
    """Return column and row, from 0."""
    number = int(slot) - 1
    return number % _COLUMNS, number // _COLUMNS
