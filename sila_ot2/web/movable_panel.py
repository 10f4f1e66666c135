"""A latch, a lid or magnets of a module, with what moves them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sila_ot2.client import AsyncOT2
from sila_ot2.number_text import read_number
from sila_ot2.web import fields, module_actions, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import box, button, text
from sila_ot2.web.movable_parts import Movable
from sila_ot2.web.watched_robot import WatchedRobot

Move = Callable[[AsyncOT2, Movable], Awaitable[None]]


class MovablePanel:
    """How a part is now, and the buttons that move it."""

    def __init__(self, robot: WatchedRobot, person: Person, movable: Movable) -> None:
        self._robot, self._person, self._movable, self._height = robot, person, movable, ""
        with box("section", "panel"):
            text("h2", f"{texts.MOVABLE_PARTS[movable.part]}, {movable.model}")
            self._state = text("p", classes="step")
            if person.may_control:
                self._controls()

    def show(self, movable: Movable) -> None:
        """Show how it is now."""
        self._movable = movable
        self._state.set_text(movable.state)

    def _controls(self) -> None:
        if self._movable.part == "magnets":
            fields.number(texts.MAGNET_HEIGHT, "", self._enter, hint=texts.MAGNET_HEIGHT_HINT)
            with box(classes="controls"):
                button(texts.RAISE, "arrow_upward", self._raise, "primary")
                button(texts.LOWER, "arrow_downward", lambda: self._move(texts.LOWER, module_actions.lower_magnets))
            return
        text("p", texts.ARM_MAY_MOVE, "muted")
        with box(classes="controls"):
            button(texts.OPEN, "lock_open", lambda: self._move(texts.OPEN, module_actions.open_part))
            button(texts.CLOSE_PART, "lock", lambda: self._move(texts.CLOSE_PART, module_actions.close_part))

    def _enter(self, height: str) -> None:
        self._height = height

    async def _raise(self) -> None:
        height_mm = read_number(self._height)
        if height_mm is None:
            self._person.refuse(texts.RAISE, texts.NAME_HEIGHT)
            return
        await self._move(texts.RAISE, lambda client, movable: module_actions.raise_magnets(client, movable, height_mm))

    async def _move(self, label: str, move: Move) -> None:
        async def moved() -> str:
            await move(self._person.client(self._robot), self._movable)
            return sentences.moved(texts.MOVABLE_PARTS[self._movable.part], label)

        await self._person.perform(label, moved)
