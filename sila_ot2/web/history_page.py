"""The runs that have ended."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from sila_ot2.web import history_view, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import Rebuilt, box, link, show_text, table, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.history_view import RunRow
from sila_ot2.web.layout import path_of
from sila_ot2.web.run_log_page import RunLog
from sila_ot2.web.watched_robot import WatchedRobot


class HistoryPage:
    """All runs that the server keeps, or the log of one."""

    def __init__(self, robot: WatchedRobot, person: Person, query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        if run := query.get("run", ""):
            RunLog(robot, run)
            return
        text("h1", texts.HISTORY)
        self._none = text("p", texts.NO_HISTORY)
        self._runs = Rebuilt[tuple[RunRow, ...]](box(classes="panel sideways"), self._table)
        self.update(robot.facts)
        ui.context.client.on_delete(robot.listen(self.update))

    def update(self, known: RobotFacts) -> None:
        """Show what is known now."""
        rows = history_view.runs(known)
        self._none.set_visibility(not rows)
        self._runs.show(rows)

    def _table(self, rows: tuple[RunRow, ...]) -> None:
        with table(texts.HISTORY, texts.RUN_COLUMNS):
            for row in rows:
                with box("tr"):
                    with box("td", "wide-cell"):
                        text("strong", row.title)
                    with box("td", "wide-cell"):
                        text("span", row.result, "bad-word" if row.bad else "")
                        show_text(text("p", classes="muted"), row.trouble)
                    for each in (row.started, row.duration, row.steps, row.tips):
                        text("td", each)
                    with box("td", "links"):
                        link(texts.LOG, f"{path_of(self._robot.address, 'history')}?run={row.run}")
                        link(texts.FILE, f"{path_of(self._robot.address, 'log')}?run={row.run}")
                        if row.protocol and self._person.may_control:
                            link(texts.RUN_AGAIN, f"{path_of(self._robot.address, 'run')}?protocol={row.protocol}")
