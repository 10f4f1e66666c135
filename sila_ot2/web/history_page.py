"""The runs that have ended, and the log of each."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import background_tasks, ui

from sila_ot2.client.errors import ClientError
from sila_ot2.web import history_view, texts
from sila_ot2.web.actions import Person
from sila_ot2.web.elements import Rebuilt, box, link, show_text, table, text
from sila_ot2.web.facts import RobotFacts
from sila_ot2.web.history_view import LogRow, RunRow
from sila_ot2.web.layout import path_of
from sila_ot2.web.watched_robot import WatchedRobot


class HistoryPage:
    """All runs that the server keeps, or the log of one."""

    def __init__(self, robot: WatchedRobot, person: Person, query: Mapping[str, str]) -> None:
        self._robot, self._person = robot, person
        if run := query.get("run", ""):
            RunLog(robot, run, int(query["page"]) if query.get("page", "").isdecimal() else 1)
            return
        text("h1", texts.HISTORY)
        self._none = text("p", texts.NO_HISTORY)
        self._runs = Rebuilt[tuple[RunRow, ...]](box(classes="panel scroll"), self._table)
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
                    with box("td"):
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


class RunLog:
    """The commands of a run, a page at a time."""

    def __init__(self, robot: WatchedRobot, run: str, page: int) -> None:
        self._robot, self._run, self._page = robot, run, page
        text("h1", texts.LOG)
        with box("p", "links"):
            link(texts.HISTORY, path_of(robot.address, "history"))
            link(texts.FILE, f"{path_of(robot.address, 'log')}?run={run}")
        self._said = text("p", texts.READING)
        self._said.props["role"] = "status"
        self._rows = Rebuilt[tuple[LogRow, ...]](box(classes="panel scroll"), _log_table)
        self._pages = box("nav", "links")
        self._pages.props["aria-label"] = texts.PAGES
        background_tasks.create(self._read(), name="log of a run")

    async def _read(self) -> None:
        try:
            execution = await self._robot.client.run_controller.retrieve_run_log(self._run)
            rows = history_view.log_rows(await execution)
        except ClientError as error:
            self._said.set_text(texts.failed(texts.LOG, str(error)))
            return
        count = history_view.pages(rows)
        self._said.set_text(texts.log_size(len(rows), min(self._page, count), count))
        self._rows.show(history_view.page_of(rows, min(self._page, count)))
        if count > 1:
            with self._pages:
                for number in range(1, count + 1):
                    target = f"{path_of(self._robot.address, 'history')}?run={self._run}&page={number}"
                    link(str(number), target, current=number == self._page)


def _log_table(rows: tuple[LogRow, ...]) -> None:
    with table(texts.LOG, texts.LOG_COLUMNS):
        for row in rows:
            with box("tr", "failed" if row.failed else ""):
                for each in (str(row.number), row.started, row.took, row.command):
                    text("td", each)
                for each in (row.parameters, row.outcome):
                    text("td", each, "wide-cell")
