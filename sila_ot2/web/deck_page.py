"""The deck as a picture and as a map of slots, and the tips that are left."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui

from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent
from sila_ot2.web import sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.deck_view import FIXED_TRASH, ROWS, ShownSlot, shown_slots
from sila_ot2.web.elements import Rebuilt, box, show_text, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.slot_areas import SlotArea, slot_areas
from sila_ot2.web.slot_dialog import SlotDialog
from sila_ot2.web.view import TipCount, tip_counts
from sila_ot2.web.watched_robot import WatchedRobot


class DeckPage:
    """What stands on the deck."""

    def __init__(self, robot: WatchedRobot, person: Person, _query: Mapping[str, str]) -> None:
        self._robot = robot
        self._drawn: tuple[SlotContent, ...] = ()
        choose = SlotDialog(robot, person).open if person.may_control else None
        self._choose = choose
        text("h1", texts.DECK)
        with box(classes="columns"):
            with box("section", "panel"):
                self._source = text("p", texts.DRAWING, "muted")
                self._trouble = text("p", classes="notice")
                with box(classes="deck-picture"):
                    self._picture = box("img", "deck")
                    self._areas = Rebuilt[tuple[SlotArea, ...]](box(), self._show_areas)
                self._picture.props["alt"] = texts.DECK_ALT
            with box():
                with box("section", "panel"):
                    text("h2", texts.SLOTS)
                    text("p", texts.SLOTS_HINT if choose else texts.LOG_IN_TO_DECLARE, "muted")
                    self._slots = SlotMap(choose)
                with box("section", "panel"):
                    text("h2", texts.TIPS)
                    self._no_racks = text("p", texts.NO_RACKS, "muted")
                    self._racks = Rebuilt[tuple[TipCount, ...]](box(), _racks)
        self.update(robot.facts)
        leave = ui.context.client.on_delete
        leave(robot.listen(self.update))
        leave(person.drawings.of(robot).look(self._draw))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        counts = tip_counts(known)
        self._no_racks.set_visibility(not counts)
        self._racks.show(counts)
        self._slots.show(shown_slots(known, self._drawn))

    def _draw(self, drawn: DrawDeckResponses | None, trouble: str) -> None:
        show_text(self._trouble, trouble)
        self._picture.set_visibility(drawn is not None)
        self._source.set_visibility(drawn is not None or not trouble)
        if drawn is None:
            return
        # An image runs no script, also if the name of a piece of labware contains one.
        source = f"data:image/svg+xml;base64,{base64.b64encode(drawn.picture).decode()}"
        if self._picture.props.get("src") != source:
            self._picture.props["src"] = source
            self._areas.show(slot_areas(drawn.picture) if self._choose else ())
        self._source.set_text(texts.DECK_SOURCE[drawn.deck_source])
        self._drawn = tuple(drawn.contents)
        self.update(self._robot.facts)

    def _show_areas(self, areas: tuple[SlotArea, ...]) -> None:
        """Make the slots of the picture clickable; the map of slots does the same for keyboards and screen readers."""
        for area in areas:
            if area.slot != FIXED_TRASH:
                place = box(classes="slot-area").style(area.style)
                place.props.update({"aria-hidden": "true", "title": sentences.slot(area.slot)})
                place.on("click", partial(self._press, area.slot))

    def _press(self, slot: str) -> None:
        if self._choose is not None:
            self._choose(shown_slots(self._robot.facts, self._drawn)[slot])


class SlotMap:
    """The slots as they lie on the deck, each with what stands there.

    Args:
        choose: is called with a slot that a person presses; None lets nobody press them.
    """

    def __init__(self, choose: Callable[[ShownSlot], None] | None) -> None:
        with box(classes="slots"):
            self._cells = {slot: SlotCell(slot, choose) for row in ROWS for slot in row}

    def show(self, slots: Mapping[str, ShownSlot]) -> None:
        """Show what stands in each slot."""
        for slot, shown in slots.items():
            self._cells[slot].show(shown)


class SlotCell:
    """A slot of the map; the element stays, so that a keyboard keeps its place."""

    def __init__(self, slot: str, choose: Callable[[ShownSlot], None] | None) -> None:
        self._shown: ShownSlot | None = None
        self._choose = None if slot == FIXED_TRASH else choose
        self._cell = box("button" if self._choose else "div", "slot")
        if self._choose:
            self._cell.props.update({"type": "button", "aria-haspopup": "dialog"})
            self._cell.on("click", self._press)
        with self._cell:
            text("strong", sentences.slot(slot))
            self._what = text("span", texts.FIXED_TRASH if slot == FIXED_TRASH else "")
            self._details = text("span", classes="muted")
            self._trouble = text("span", classes="low")

    def show(self, shown: ShownSlot) -> None:
        """Show what stands there."""
        if shown == self._shown:
            return
        self._shown = shown
        self._what.set_text(shown.what)
        show_text(self._details, shown.details)
        show_text(self._trouble, shown.trouble)

    def _press(self) -> None:
        if self._choose and self._shown:
            self._choose(self._shown)


def _racks(counts: tuple[TipCount, ...]) -> None:
    for each in counts:
        with box(classes="rack"):
            text("strong", sentences.rack(each.slot, each.definition))
            text("span", sentences.rack_tips(each.free, each.used, each.unknown), "low" if each.low else "")
