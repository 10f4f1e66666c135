"""Tip racks on a deck, and what changes them: tips are taken and put back, racks come and go.

A rack has 96 places, as every tip rack of Opentrons for the OT-2.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.deck.state.pipettes import NOZZLES, Nozzles
from sila_ot2.store.tip_racks import DeclaredRack, TipPlaceState

COLUMNS = tuple(tuple(f"{row}{number}" for row in NOZZLES) for number in range(1, 13))
PLACES = tuple(place for column in COLUMNS for place in column)


def new_rack(slot: str, definition_uri: str, at: datetime.datetime, state: TipPlaceState = "Free") -> DeclaredRack:
    """Return a rack whose places are all alike."""
    return DeclaredRack(slot, definition_uri, dict.fromkeys(PLACES, state), at)


def is_same_labware(one: str, other: str) -> bool:
    """Whether two URIs name the same labware; versions of a definition describe one thing."""
    return one == other or one.split("/")[:2] == other.split("/")[:2]


def places_under(nozzles: Nozzles, place: str) -> tuple[str, ...]:
    """Return the places under the nozzles in use when the pipette goes to `place`; empty if a rack has no such place.

    Nozzles that hang over the edge of the rack are over no place.
    """
    if place not in PLACES:
        return ()
    row, column = NOZZLES.index(place[0]), COLUMNS[int(place[1:]) - 1]
    step = 1 if nozzles.primary[0] == NOZZLES[0] else -1
    rows = (row + step * number for number in range(nozzles.active))
    return tuple(column[number] for number in rows if 0 <= number < len(column))


def free_places(rack: DeclaredRack) -> tuple[str, ...]:
    """Return the places of unused tips that nobody has reserved, column by column."""
    return tuple(place for place, state in rack.places.items() if state == "Free")


def next_free(rack: DeclaredRack, channels: int) -> tuple[str, ...]:
    """Return the places of the next tips for a pipette of 1 or 8 channels; empty if there are none."""
    free = frozenset(free_places(rack))
    if channels == 1:
        return next(((place,) for place in PLACES if place in free), ())
    return next((column for column in COLUMNS if free.issuperset(column)), ())


class RackDeck:
    """Tip racks by slot, changed in place by what happens to them."""

    def __init__(self, racks: Mapping[str, DeclaredRack], at: datetime.datetime) -> None:
        """Begin with these racks; one that comes onto the deck is declared at `at`."""
        self.racks = dict(racks)
        self._at = at

    def mark(self, slot: str, definition_uri: str, places: Iterable[str], state: TipPlaceState) -> None:
        """Note the state of places of a rack. If another rack was declared in the slot, its places become unknown."""
        rack = self.racks.get(slot)
        if rack is None:
            return
        named = tuple(places)
        if not named or not is_same_labware(rack.definition_uri, definition_uri):
            self.doubt(slot)
        else:
            self.racks[slot] = replace(rack, places={**rack.places, **dict.fromkeys(named, state)})

    def doubt(self, *slots: str, even_empty: bool = True) -> None:
        """Note that it is unknown what racks hold; without `even_empty`, places without a tip stay so."""
        for slot in slots:
            if (rack := self.racks.get(slot)) is not None:
                kept = () if even_empty else tuple(p for p, state in rack.places.items() if state == "Empty")
                places: dict[str, TipPlaceState] = dict.fromkeys(PLACES, "Unknown")
                self.racks[slot] = replace(rack, places={**places, **dict.fromkeys(kept, "Empty")})

    def place(self, slot: str, definition_uri: str) -> None:
        """Note that labware stands in a slot; if it is not the declared rack, the places of that become unknown."""
        rack = self.racks.get(slot)
        if rack is not None and not is_same_labware(rack.definition_uri, definition_uri):
            self.doubt(slot)

    def move(self, definition_uri: str, origin: str, target: str) -> None:
        """Note that labware was moved from one location to another; what a rack from elsewhere holds is unknown.

        Racks are followed from slot to slot; on other labware and off the deck they are forgotten.
        """
        moved = self.racks.get(origin)
        if moved is not None and not is_same_labware(moved.definition_uri, definition_uri):
            self.doubt(origin)
            moved = None
        is_rack = any(is_same_labware(rack.definition_uri, definition_uri) for rack in self.racks.values())
        if moved is not None:
            del self.racks[origin]
        if target not in SLOTS:
            return
        if moved is not None:
            self.racks[target] = replace(moved, slot=target)
        elif is_rack:
            self.racks[target] = new_rack(target, definition_uri, self._at, "Unknown")
        else:
            self.place(target, definition_uri)
