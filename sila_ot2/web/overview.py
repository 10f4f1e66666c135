"""All robots, a card for each."""

from __future__ import annotations

from nicegui import ui

from sila_ot2.web import texts
from sila_ot2.web.elements import PageProgressBar, box, show_text, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.layout import path_of
from sila_ot2.web.robots import Robots
from sila_ot2.web.status import StatusWord
from sila_ot2.web.view import RobotView, view
from sila_ot2.web.watched_robot import WatchedRobot


class Overview:
    """The cards of all robots; robots that are found later are added."""

    def __init__(self, robots: Robots) -> None:
        self._robots = robots
        self._client = ui.context.client
        text("h1", texts.OVERVIEW)
        self._empty = box("p", "empty")
        with self._empty:
            text("strong", texts.NO_ROBOTS)
            text("span", texts.NO_ROBOTS_REMEDY)
        self._cards = box("ul", "cards")
        self._shown: set[str] = set()
        self._add()
        self._client.on_delete(robots.listen(self._add))

    def _add(self) -> None:
        for robot in self._robots.all():
            if robot.address not in self._shown:
                self._shown.add(robot.address)
                with self._client, self._cards, box("li"):
                    card = RobotCard(robot)
                self._client.on_delete(robot.listen(card.update))
        self._empty.set_visibility(not self._shown)


class RobotCard:
    """A robot in a few words."""

    def __init__(self, robot: WatchedRobot) -> None:
        card = box("a", "card")
        card.props["href"] = path_of(robot.address)
        with card:
            self._name = text("h2")
            self._status = StatusWord()
            self._notice = text("p", classes="notice")
            self._prompt = text("p", classes="asks")
            self._run = text("p", classes="title")
            with box(classes="progress") as self._progress:
                self._bar = PageProgressBar(texts.PROGRESS)
                self._steps = text("p", classes="muted")
            self._needs = text("p", classes="needs")
            self._door = text("p", classes="muted")
        self.update(robot.facts)

    def update(self, facts: RobotFacts) -> None:
        """Show what is known now."""
        self._show(view(facts))

    def _show(self, shown: RobotView) -> None:
        self._name.set_text(shown.name)
        self._status.show(shown)
        show_text(self._notice, shown.notice)
        show_text(self._prompt, f"{texts.PROMPT}: {shown.prompt}" if shown.prompt else "")
        show_text(
            self._run, f"{shown.run.title}: {shown.run.status}" if shown.run else texts.NO_RUN if shown.facts else ""
        )
        self._progress.set_visibility(shown.run is not None and shown.run.active)
        if shown.run is not None:
            self._bar.show(shown.run.fraction)
            self._steps.set_text(", ".join(filter(None, (shown.run.steps, shown.run.remaining))))
        show_text(self._needs, " ".join(shown.to_do[0]) if shown.to_do else "")
        door = dict(shown.facts).get(texts.DOOR_LABEL)
        show_text(self._door, f"{texts.DOOR_LABEL}: {door}" if door else "")
