"""The deck as a picture and in words, and the tips that are left."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from nicegui import ui

from sila_ot2.client.generated.ot2_deck_picture_provider import DrawDeckResponses, SlotContent
from sila_ot2.web import fields, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import Rebuilt, box, button, show_text, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.view import TipCount, tip_counts
from sila_ot2.web.watched_robot import WatchedRobot


class DeckPage:
    """What stands on the deck."""

    def __init__(self, robot: WatchedRobot, person: Person, _query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        text("h1", texts.DECK)
        with box(classes="columns"):
            with box("section", "panel"):
                self._source = text("p", classes="muted")
                self._trouble = text("p", classes="notice")
                self._picture = box("img", "deck")
                self._picture.props["alt"] = texts.DECK_ALT
                self._contents = Rebuilt[tuple[SlotContent, ...]](box("ul", "contents"), _contents)
            with box():
                with box("section", "panel"):
                    text("h2", texts.TIPS)
                    self._no_racks = text("p", texts.NO_RACKS, "muted")
                    self._racks = Rebuilt[tuple[TipCount, ...]](box(), self._show_racks)
                if person.may_control:
                    self._marking()
        self.update(robot.facts)
        leave = ui.context.client.on_delete
        leave(robot.listen(self.update))
        leave(person.drawings.of(robot).look(self._draw))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        counts = tip_counts(known)
        self._no_racks.set_visibility(not counts)
        self._racks.show(counts)

    def _draw(self, drawn: DrawDeckResponses | None, trouble: str) -> None:
        show_text(self._trouble, trouble)
        self._picture.set_visibility(drawn is not None)
        if drawn is None:
            return
        # As an image it can run no script, whatever the names of labware are.
        source = f"data:image/svg+xml;base64,{base64.b64encode(drawn.picture).decode()}"
        if self._picture.props.get("src") != source:
            self._picture.props["src"] = source
        self._source.set_text(texts.DECK_SOURCE[drawn.deck_source])
        self._contents.show(tuple(drawn.contents))

    def _show_racks(self, counts: tuple[TipCount, ...]) -> None:
        for each in counts:
            with box(classes="rack"):
                text("strong", sentences.rack(each.slot, each.definition))
                text("span", sentences.rack_tips(each.free, each.used, each.unknown), "low" if each.low else "")
                if self._person.may_control:
                    button(texts.NEW_RACK, "refresh", lambda slot=each.slot: self._renew(slot))

    def _marking(self) -> None:
        mark = {"slot": "1", "wells": "", "state": "Used", "rack": ""}
        with box("section", "panel"):
            text("h2", texts.MARK_TIPS)
            slots = [(str(number), str(number)) for number in range(1, 12)]
            fields.choice(texts.SLOT, mark["slot"], slots, lambda value: mark.update(slot=value))
            fields.line(texts.WELLS, "", lambda value: mark.update(wells=value), hint=texts.WELLS_HINT)
            fields.choice(
                texts.TIP_STATE, mark["state"], list(texts.TIP_STATES.items()), lambda value: mark.update(state=value)
            )
            button(texts.MARK, "edit", lambda: self._mark(mark["slot"], mark["wells"], mark["state"]))
        with box("section", "panel"):
            text("h2", texts.DECLARE_RACK)
            fields.choice(texts.SLOT, mark["slot"], slots, lambda value: mark.update(slot=value))
            fields.line(texts.DEFINITION, "", lambda value: mark.update(rack=value), hint=texts.DEFINITION_HINT)
            button(texts.DECLARE, "add", lambda: self._renew(mark["slot"], mark["rack"].strip()))

    async def _renew(self, slot: str, definition: str = "") -> None:
        async def renew() -> str:
            await self._robot.client.tip_tracking_service.reset_tips(slot, definition_uri=definition or None)
            return texts.RACK_RENEWED

        await self._person.perform(texts.NEW_RACK, renew)

    async def _mark(self, slot: str, wells: str, state: str) -> None:
        async def mark() -> str:
            places = wells.upper().replace(",", " ").split()
            await self._robot.client.tip_tracking_service.mark_tips(slot, wells=places, tip_state=state)  # type: ignore[arg-type]  # one of the choices
            return texts.TIPS_MARKED

        await self._person.perform(texts.MARK, mark)


def _contents(contents: tuple[SlotContent, ...]) -> None:
    for each in contents:
        with box("li"):
            text("strong", sentences.slot(each.slot))
            text("span", f" {each.labware_name}{f' ({each.details})' if each.details else ''}")
