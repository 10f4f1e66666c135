"""What a run did: its timeline, its pictures, and every command."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlencode

from nicegui import background_tasks, ui

from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.ot2_camera_service import RunPicture
from sila_ot2.client.generated.run_controller import CompletedRun
from sila_ot2.web import history_view, sentences, texts
from sila_ot2.web.command_names import in_words
from sila_ot2.web.elements import box, link, table, text
from sila_ot2.web.history_view import LogRow
from sila_ot2.web.layout import path_of
from sila_ot2.web.timeline import HEIGHT, WIDTH, Timeline, TimelineRow, timeline
from sila_ot2.web.times import local_time
from sila_ot2.web.watched_robot import WatchedRobot

Read = tuple[tuple[LogRow, ...], Timeline | None]
FAILED = '(row) => row.failed ? "failed" : ""'
"""Which rows are red, for the table in the browser."""


class RunLog:
    """The page of one run, which is read once."""

    def __init__(self, robot: WatchedRobot, run: str) -> None:
        self._robot, self._run = robot, run
        text("h1", texts.LOG)
        with box("p", "links"):
            link(texts.HISTORY, path_of(robot.address, "history"))
            link(texts.FILE, f"{path_of(robot.address, 'log')}?{urlencode({'run': run})}")
        self._said = text("p", texts.READING)
        self._said.props["role"] = "status"
        self._timeline, self._pictures, self._rows = box(), box(), box(classes="panel below")
        background_tasks.create(self._read(), name="log of a run")

    async def _read(self) -> None:
        record = next((each for each in self._robot.facts.run_history if each.run_identifier == self._run), None)
        try:
            log = await (await self._robot.client.run_controller.retrieve_run_log(self._run))
        except ClientError as error:
            self._said.set_text(sentences.failed(texts.LOG, in_words(str(error))))
            return
        rows, drawn = await asyncio.to_thread(_understand, log, record)  # others are served meanwhile
        self._said.set_text(sentences.log_size(len(rows)))
        if drawn is not None:
            with self._timeline:
                _show_timeline(drawn)
        with self._rows:
            _log_table(rows)
        await self._read_pictures()

    async def _read_pictures(self) -> None:
        try:
            found = await self._robot.client.camera_service.list_run_pictures(self._run)
        except ClientError:  # an older server, or a run that it has no pictures of
            return
        if found:
            with self._pictures:
                self._show_pictures(found)

    def _show_pictures(self, found: list[RunPicture]) -> None:
        with box("section", "panel below"):
            text("h2", texts.PICTURES)
            with box("ul", "pictures"):
                for each in found:
                    shown = sentences.run_picture(each.moment, local_time(each.taken_at))
                    source = urlencode({"run": self._run, "number": each.number})
                    path = f"{path_of(self._robot.address, 'picture')}?{source}"
                    with box("li"), box("a") as full:
                        full.props["href"] = path
                        picture = box("img")
                        picture.props.update({"src": path, "alt": shown, "loading": "lazy"})
                        text("span", shown)


def _understand(log: bytes, record: CompletedRun | None) -> Read:
    commands = json.loads(log)
    return history_view.log_rows(commands), timeline(commands, record)


def _show_timeline(shown: Timeline) -> None:
    with box("section", "panel"):
        text("h2", texts.TIMELINE)
        with box("ul", "timeline-rows"):
            for row in shown.rows:
                _show_timeline_row(row)
        with box("p", "ends muted"):
            text("span", shown.begin)
            text("span", shown.end)
        if shown.moments:
            with table(texts.MOMENTS, texts.MOMENT_COLUMNS):
                for moment in shown.moments:
                    with box("tr"):
                        text("td", moment.at)
                        text("td", moment.what)
                        text("td", moment.who, "wide-cell")


def _show_timeline_row(row: TimelineRow) -> None:
    with box("li"):
        text("span", row.label)
        ui.html(  # drawn from numbers alone
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
            f'<path d="{row.path}" fill="currentColor"/></svg>',
            sanitize=False,
        )


def _log_table(rows: tuple[LogRow, ...]) -> None:
    """Add a table that has all commands, and of which the browser builds what is seen."""
    columns = [
        {"name": name, "label": label, "field": name, "align": "left", "classes": classes}
        for name, label, classes in zip(LogRow.COLUMNS, texts.LOG_COLUMNS, LogRow.CLASSES, strict=True)
    ]
    shown = ui.table(rows=[each.shown() for each in rows], columns=columns, row_key="number").classes("log-table")
    shown.props("virtual-scroll flat")
    shown.props[":table-row-class-fn"] = FAILED
