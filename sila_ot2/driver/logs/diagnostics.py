"""Logs of the robot and of this server, and a bundle of all that somebody needs who looks for a fault."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Iterator
from typing import Any

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.logs.recent_lines import RecentLines
from sila_ot2.driver.logs.redaction import redacted
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.origins import SERVER_VERSION
from sila_ot2.errors import CommandCancelled, Movement, OT2Fault
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunArchive
from sila_ot2.times import utc_now

ROBOT_LOGS = ("api.log", "serial.log", "server.log")
"""The logs that every release has."""
RECORDS = 10_000
"""Of each log of the robot in a bundle."""
RUNS = 20
"""Records of ended runs in a bundle."""
COMMANDS = 200
"""The last commands of a run in a bundle: a robot takes a tenth of a second for so many."""


class Diagnostics:
    """One per robot; reads alone, safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        state: Observable[RobotState],
        archive: RunArchive,
        lines: RecentLines,
        settings: dict[str, Any],
    ) -> None:
        """Connect it to its robot.

        Args:
            robot: whose logs.
            state: the robot's state.
            archive: the runs that have ended.
            lines: the log of this server.
            settings: of this server, as they are in effect.
        """
        self._robot = robot
        self._state = state
        self._archive = archive
        self._lines = lines
        self._settings = settings

    def robot_log(self, name: str, records: int, *, cancelled: Cancellation) -> bytes:
        """Return a log of the robot, as it is.

        Raises:
            CommandCancelled: it was cancelled before the robot was asked.
            RobotRejected, UnsupportedByRobot: the robot has no such log.
            RobotUnreachable, RobotFaulty: it cannot be read.
        """
        _require_wanted(cancelled)
        return self._robot.robot_log(name, records=records)

    def server_log(self, *, cancelled: Cancellation) -> bytes:
        """Return the newest lines of this server's log.

        Raises:
            CommandCancelled: it was cancelled.
        """
        _require_wanted(cancelled)
        return self._lines.text().encode()

    def bundle(self, *, cancelled: Cancellation) -> bytes:
        """Return a zip with versions, settings, status, runs and logs, without secrets.

        What the robot does not answer is replaced by the reason.

        Raises:
            CommandCancelled: it was cancelled; nothing was kept.
        """
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self._texts(cancelled):
                _require_wanted(cancelled)
                archive.writestr(name, redacted(text))
        return out.getvalue()

    def _texts(self, cancelled: Cancellation) -> Iterator[tuple[str, str]]:
        state = self._state.value
        yield "versions.json", _json(self._versions(state))
        yield "settings.json", _json(self._settings)
        yield "status.txt", _status(state)
        yield "runs.jsonl", "".join(f"{record.model_dump_json()}\n" for record in self._archive.records(RUNS))
        yield "server.log", self._lines.text()
        yield "robot/run.jsonl", self._newest_run()
        for name in ROBOT_LOGS:
            _require_wanted(cancelled)
            yield f"robot/{name}", self._newest_records(name)

    def _newest_records(self, name: str) -> str:
        """Return the end of a log of the robot, or why it cannot be read."""
        try:
            return self._robot.robot_log(name, records=RECORDS).decode(errors="replace")
        except OT2Fault as fault:
            return _reason(fault)

    def _newest_run(self) -> str:
        """Return the current run, else the newest one, and its last commands, a line of JSON each; or why not."""
        try:
            kept = self._robot.runs()
            run_id = kept.current_id or (kept.runs[-1].id if kept.runs else "")
            if not run_id:
                return ""
            run = self._robot.run(run_id)
            total = self._robot.commands(run_id, cursor=0, page_length=1).total_length
            page = self._robot.commands(run_id, cursor=max(0, total - COMMANDS), page_length=COMMANDS)
        except OT2Fault as fault:
            return _reason(fault)
        return "".join(f"{one.model_dump_json(by_alias=True)}\n" for one in (run, *page.commands))

    def _versions(self, state: RobotState) -> dict[str, Any]:
        health = state.machine.health
        return {
            "made_at": utc_now().isoformat(),
            "server": SERVER_VERSION,
            "python": platform.python_version(),
            "system": platform.platform(),
            "robot": health.value.model_dump(mode="json") if health else None,
            "abilities": {
                report.ability.description: {"present": report.present, "reason": report.reason}
                for report in state.machine.abilities
            },
        }


def _reason(fault: OT2Fault) -> str:
    return f"It could not be read: {fault}\n"


def _require_wanted(cancelled: Cancellation) -> None:
    if cancelled.is_set():
        raise CommandCancelled("It was cancelled; nothing is kept.", moved=Movement.NONE)


def _status(state: RobotState) -> str:
    """Return what this server knows of the robot, a line for each fact."""
    facts = {
        "contact": state.contact.text or "made",
        "read at": state.read_at,
        "run": state.run,
        "owner of the current run": state.owner,
        "requests without a known outcome": state.unknown_requests,
        "pipettes that may hold a tip": state.uncertain_tips,
        "safety stop since": state.safety_stop_since,
        "command at work": state.turn,
        "door": state.machine.door,
        "pipettes": state.machine.pipettes,
        "modules": state.machine.listed_modules,
        "missing modules": state.machine.missing_modules,
        "robot settings": state.machine.settings,
        "last error": state.last_error,
    }
    return "".join(f"{name}: {fact}\n" for name, fact in facts.items())


def _json(document: Any) -> str:
    return json.dumps(document, indent=2, default=str) + "\n"
