"""The modules: what they hold, what they shall hold, and what they held in the last hours."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from sila_ot2.number_text import read_number
from sila_ot2.web import fields, module_actions, sentences, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import Rebuilt, box, button, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.movable_panel import MovablePanel
from sila_ot2.web.movable_parts import MovablePart, movable_parts
from sila_ot2.web.readings import ModuleValue, Part, module_values, plot
from sila_ot2.web.times import utc_now
from sila_ot2.web.watched_robot import WatchedRobot


class ModulesPage:
    """A panel for each value that a module holds."""

    def __init__(self, robot: WatchedRobot, person: Person, _query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        text("h1", texts.MODULES)
        self._none = text("p", texts.NO_MODULES)
        self._grid = box(classes="cards")
        self._panels: dict[tuple[str, Part], ValuePanel] = {}
        self._kinds = Rebuilt[tuple[tuple[str, Part], ...]](self._grid, lambda _: self._build())
        self._movables: dict[tuple[str, MovablePart], MovablePanel] = {}
        self._parts = Rebuilt[tuple[tuple[str, MovablePart], ...]](
            box(classes="cards below"), lambda _: self._build_parts()
        )
        self.update(robot.facts)
        ui.context.client.on_delete(robot.listen(self.update))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        values = module_values(known)
        movables = movable_parts(known)
        self._none.set_visibility(not values and not movables)
        self._kinds.show(tuple(each.key for each in values))
        for each in values:
            self._panels[each.key].show(each)
        self._parts.show(tuple(each.key for each in movables))
        for movable in movables:
            self._movables[movable.key].show(movable)

    def _build(self) -> None:
        self._panels = {
            each.key: ValuePanel(self._robot, self._person, each) for each in module_values(self._robot.facts)
        }

    def _build_parts(self) -> None:
        self._movables = {
            each.key: MovablePanel(self._robot, self._person, each) for each in movable_parts(self._robot.facts)
        }


class ValuePanel:
    """A value of a module, with its plot and its switches."""

    def __init__(self, robot: WatchedRobot, person: Person, value: ModuleValue) -> None:
        self._robot, self._person, self._value, self._wanted = robot, person, value, ""
        with box("section", "panel"):
            text("h2", f"{texts.MODULE_PARTS[value.part]}, {value.model}")
            self._actual = text("p", classes="step")
            self._target = text("p", classes="muted")
            self._plot = ui.html("", sanitize=False).classes("plot")  # drawn from numbers alone
            self._range = text("p", classes="muted")
            if person.may_control:
                fields.number(f"{texts.TARGET} ({value.unit})", "", self._want)
                with box(classes="controls"):
                    button(texts.SET, "check", self._set, "primary")
                    button(texts.OFF, "power_settings_new", self._switch_off)

    def show(self, value: ModuleValue) -> None:
        """Show what it is now."""
        self._value = value
        self._actual.set_text(sentences.value(value.actual, value.unit))
        self._target.set_text(f"{sentences.target(value.target, value.unit)}, {value.status}")
        readings = self._robot.readings.of(value)
        self._plot.set_content(plot(readings, utc_now()))
        actual = [each.actual for each in readings] or [value.actual]
        name = texts.MODULE_PARTS[value.part]
        self._range.set_text(sentences.plot(name, min(actual), max(actual), value.unit))

    def _want(self, wanted: str) -> None:
        self._wanted = wanted

    async def _set(self) -> None:
        wanted = read_number(self._wanted)
        if wanted is None:
            self._person.refuse(texts.SET, texts.NAME_TARGET)
            return

        async def set_value() -> str:
            await module_actions.set_value(self._person.client(self._robot), self._value, wanted)
            return texts.SET_DONE

        await self._person.perform(texts.SET, set_value)

    async def _switch_off(self) -> None:
        async def switch_off() -> str:
            await module_actions.switch_off(self._person.client(self._robot), self._value)
            return texts.OFF_DONE

        await self._person.perform(texts.OFF, switch_off)
