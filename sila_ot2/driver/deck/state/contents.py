"""Contents of wells on a deck, and what changes them: liquid is drawn and added, labware comes, goes and is moved."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sila_ot2.driver.deck.state.labware import SLOTS
from sila_ot2.driver.deck.state.tip_racks import is_same_labware
from sila_ot2.store.labware_contents import LabwareContents, WellContent

SAME_UL = 0.001
"""Volumes that differ by less are the same."""
Liquids = frozenset[str]


@dataclass(frozen=True)
class LiquidProblem:
    """What is wrong with the liquid that a command draws."""

    kind: Literal["Shortage", "Contamination"]
    slot: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass
class _Labware:
    """Labware that commands are changing."""

    slot: str
    uri: str
    known_since: datetime.datetime
    wells: dict[str, WellContent]


class ContentsDeck:
    """Contents of wells by slot, changed in place by what happens to them; problems are noted."""

    def __init__(self, contents: Mapping[str, LabwareContents], at: datetime.datetime) -> None:
        """Begin with these contents; what becomes known of other labware is known since `at`."""
        self._before = dict(contents)
        self._changed: dict[str, _Labware] = {}
        self.problems: list[LiquidProblem] = []
        self._at = at

    @property
    def contents(self) -> dict[str, LabwareContents]:
        """Return what is known now; of labware of which nothing has changed it is the same object as before."""
        changed = {
            slot: LabwareContents(slot, one.uri, one.wells.copy(), one.known_since)
            for slot, one in self._changed.items()
        }
        return {**self._before, **changed}

    def draw(
        self, slot: str, uri: str, wells: Sequence[str], volume_ul: float, touched: Sequence[Liquids]
    ) -> tuple[bool, list[Liquids]]:
        """Draw the same volume through each nozzle; returns whether all of it was there, and what each tip touched.

        Args:
            slot: where the labware stands.
            uri: its definition.
            wells: the well under each nozzle.
            volume_ul: drawn through each of them.
            touched: what each tip has touched before.
        """
        here = self._of(slot, uri)
        known, entered, drawn = here.wells, [], dict[str, float]()
        for well, before in zip(wells, touched, strict=True):
            content = known.get(well) or _unknown(here, well)
            drawn[well] = drawn.get(well, 0.0) + volume_ul
            if before <= content.liquids:
                entered.append(content.liquids)
            else:
                entered.append(before | content.liquids)
                content = content._replace(liquids=self._contaminated(slot, well, content.liquids, before))
            known[well] = content
        enough = True
        for well, taken_ul in drawn.items():
            there_ul, liquids, stated = known[well]
            if there_ul is None:
                continue
            left_ul = round(there_ul - taken_ul, 6)
            if left_ul < -SAME_UL:
                enough = False
                if stated:
                    text = (
                        f"{taken_ul:g} µL are to be drawn from well {well} in slot {slot}, which holds {there_ul:g} µL."
                    )
                    self.problems.append(LiquidProblem("Shortage", slot, text))
            known[well] = WellContent(max(left_ul, 0.0) if left_ul >= -SAME_UL else None, liquids, stated)
        return enough, entered

    def _contaminated(self, slot: str, well: str, liquids: Liquids, touched: Liquids) -> Liquids:
        """Note that a tip contaminates a well; returns what is in it then."""
        there = _named(liquids) or "nothing that is known"
        text = (
            f"A tip that has touched {_named(touched - liquids)} is to draw from well {well} in slot {slot}, which "
            f"holds {there}."
        )
        self.problems.append(LiquidProblem("Contamination", slot, text))
        return liquids | touched

    def add(
        self, slot: str, uri: str, wells: Sequence[str], volume_ul: float | None, touched: Sequence[Liquids]
    ) -> list[Liquids]:
        """Add the same volume (None: not known) through each nozzle; returns what was in each well before.

        Empty for wells that are not known to have held anything.
        """
        here = self._of(slot, uri)
        known, met = here.wells, []
        for well, brought in zip(wells, touched, strict=True):
            content = known.get(well) or _unknown(here, well)
            met.append(content.liquids if content.volume_ul else frozenset())
            there = content.volume_ul
            total = None if there is None or volume_ul is None else round(there + volume_ul, 6)
            liquids = content.liquids if brought <= content.liquids else content.liquids | brought
            known[well] = WellContent(total, liquids, content.stated)
        return met

    def load(self, slot: str, uri: str, volumes_ul: Mapping[str, float], liquid: str) -> None:
        """Note what a protocol loads into wells; a volume that was stated stays, and gets the liquid's name."""
        here = self._of(slot, uri)
        named = frozenset({liquid} if liquid else ())
        for well, volume_ul in volumes_ul.items():
            known = here.wells.get(well)
            if known is None or not known.stated:
                here.wells[well] = WellContent(volume_ul, named)
            elif known.liquids == _unknown(here, well).liquids:
                here.wells[well] = known._replace(liquids=named)

    def state(self, slot: str, uri: str, volumes_ul: Mapping[str, float], liquid: str) -> None:
        """Note what somebody has stated about wells; without a name, each well holds a different liquid."""
        here = self._of(slot, uri)
        for well, volume_ul in volumes_ul.items():
            named = frozenset({liquid}) if liquid else _unknown(here, well).liquids
            here.wells[well] = WellContent(volume_ul, named if volume_ul > 0 else frozenset(), stated=True)

    def doubt(self, slot: str, wells: Iterable[str] | None = None) -> None:
        """Note that it is unknown how much some wells of a slot hold, or all of them."""
        here = self._known(slot)
        if here is not None:
            for well in tuple(here.wells) if wells is None else here.wells.keys() & set(wells):
                here.wells[well] = here.wells[well]._replace(volume_ul=None)

    def doubt_all(self) -> None:
        """Note that it is unknown how much any well holds."""
        for slot in {*self._before, *self._changed}:
            self.doubt(slot)

    def place(self, slot: str, uri: str) -> None:
        """Note that labware was loaded in a slot: only stated contents stay known.

        If other labware was known there, its stated volumes become unknown.
        """
        here = self._known(slot)
        if here is None:
            return
        here.wells = {well: content for well, content in here.wells.items() if content.stated}
        if not here.wells:
            self.forget(slot)
        elif not is_same_labware(here.uri, uri):
            self.doubt(slot)

    def move(self, uri: str, origin: str, target: str) -> None:
        """Note that labware was moved from one slot to another; off the deck it is forgotten."""
        moved = self._known(origin)
        self.forget(origin)
        self.forget(target)
        if moved is not None and target in SLOTS and is_same_labware(moved.uri, uri):
            moved.slot = target
            self._changed[target] = moved

    def forget(self, slot: str = "") -> None:
        """Know nothing of a slot any more, or of all slots if `slot` is empty."""
        for known in (self._before, self._changed):
            for one in [slot] if slot else list(known):
                known.pop(one, None)

    def put_tips(self, slot: str, uri: str, places: Sequence[str], touched: Sequence[Liquids]) -> None:
        """Note which liquids the tips have touched that are put back into a rack."""
        marks = {place: liquids for place, liquids in zip(places, touched, strict=False) if liquids}
        if marks:
            self._of(slot, uri).wells.update({place: WellContent(liquids=liquids) for place, liquids in marks.items()})

    def take_tips(self, slot: str, places: Sequence[str]) -> list[Liquids]:
        """Return which liquids the tips have touched that are picked up; their places forget it."""
        here = self._known(slot) if slot in self._before or slot in self._changed else None
        if here is None:
            return [frozenset() for _ in places]
        return [here.wells.pop(place, WellContent()).liquids for place in places]

    def _known(self, slot: str) -> _Labware | None:
        """Return what is known of a slot, to be changed; None if nothing is."""
        if slot not in self._changed and (before := self._before.get(slot)) is not None:
            self._changed[slot] = _Labware(slot, before.definition_uri, before.known_since, dict(before.wells))
        return self._changed.get(slot)

    def _of(self, slot: str, uri: str) -> _Labware:
        """Return what is known of labware in a slot, to be changed.

        If somebody has stated contents of other labware there, these stay, with unknown volumes, and what is noted of
        the labware that is returned is not kept.
        """
        here = self._known(slot)
        if here is not None and is_same_labware(here.uri, uri):
            return here
        new = _Labware(slot, uri, self._at, {})
        if here is not None and any(content.stated for content in here.wells.values()):
            self.doubt(slot)
        else:
            self._changed[slot] = new
        return new


def _unknown(here: _Labware, well: str) -> WellContent:
    """Return a well of unknown contents: a liquid that no other well has."""
    return WellContent(liquids=frozenset({f"{well} in slot {here.slot} of {here.known_since:%d %b %H:%M:%S}"}))


def _named(liquids: Liquids) -> str:
    return ", ".join(sorted(liquids))
