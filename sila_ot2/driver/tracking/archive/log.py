"""The log of a run as one document: every command with its parameters, times and outcome."""

from __future__ import annotations

import io
import itertools
import json
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from sila_ot2.driver.csv_output import as_table
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.errors import CommandCancelled, Movement, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.deck_use import DeckUse
from sila_ot2.store.runs import RunArchive

LogFormat = Literal["Json", "Csv"]
COLUMNS = ("index", "commandType", "status", "startedAt", "completedAt", "params", "errorType", "errorCode", "detail")

USE_COLUMNS = ("slot", "labware", "well", "drawn_ul", "dispensed_ul", "tip", "in_doubt")


class RunLogs:
    """One per robot; safe to use from any thread."""

    def __init__(self, robot: RobotClient, registry: RunRegistry, archive: RunArchive, stock: TipStock) -> None:
        self._robot = robot
        self._registry = registry
        self._archive = archive
        self._stock = stock

    def retrieve(self, run_id: str, form: LogFormat, *, cancelled: threading.Event) -> bytes:
        """Return the log; of a run that goes on, its commands that have ended.

        What is in the archive is not read from the robot again.

        Raises:
            RunNotFound: neither the archive nor the robot has the run.
            RobotUnreachable: it is not in the archive, and the robot cannot be read.
            CommandCancelled: it was cancelled.
        """
        if not self._registry.is_archived(run_id):
            self._catch_up(run_id)
        commands = _until(cancelled, self._archive.commands(run_id))
        document = as_csv(commands) if form == "Csv" else as_json(commands)
        if cancelled.is_set():
            raise CommandCancelled("Reading the log was cancelled.", moved=Movement.NONE)
        return document

    def deck_use(self, run_id: str) -> DeckUse:
        """Return what a run has done to wells and tips; of a run or session that goes on, what it has done so far.

        Of runs that ended before this was kept it is empty and not complete. The robot is not asked.

        Raises:
            RunNotFound: this server does not know the run.
        """
        if self._registry.is_archived(run_id):
            return self._archive.use(run_id) or DeckUse(is_complete=False)
        if not self._stock.has_followed(run_id):  # sessions are not in the registry
            self._registry.view(run_id)
        return self._stock.use_of(run_id)

    def _catch_up(self, run_id: str) -> None:
        """Bring the archive up to date with the robot; a run that the monitor follows is up to date already."""
        try:
            self._registry.view(run_id)
        except RunNotFound:
            run = self._robot.run(run_id)
            self._registry.follow(run)
            if run.status in wire.ENDED_RUN_STATUSES:
                self._registry.collect(run_id)


def as_json(commands: Iterable[dict[str, Any]]) -> bytes:
    """Return commands as a JSON array, in the robot's own terms."""
    out = io.StringIO()
    out.write("[")
    for index, command in enumerate(commands):
        out.write(",\n" if index else "\n")
        json.dump(command, out, ensure_ascii=False)
    out.write("\n]\n")
    return out.getvalue().encode()


def as_csv(commands: Iterable[dict[str, Any]]) -> bytes:
    """Return commands as a table with a head; parameters as JSON."""
    return as_table(COLUMNS, (_row(index, command) for index, command in enumerate(commands)))


def use_as_csv(use: DeckUse) -> bytes:
    """Return what a run has done to wells and tips as a table: first the wells, then the places of tip racks."""
    wells = (
        (one.location, one.definition_uri, name, well.drawn_ul, well.dispensed_ul, "", "yes" if well.in_doubt else "no")
        for one in use.labware.values()
        for name, well in one.wells.items()
    )
    tips = (
        (one.location, one.definition_uri, place, None, None, state, "yes" if state == "InDoubt" else "no")
        for one in use.labware.values()
        for place, state in one.tips.items()
    )
    return as_table(USE_COLUMNS, itertools.chain(wells, tips))


def _row(index: int, command: dict[str, Any]) -> list[object]:
    error = command.get("error") or {}
    return [
        index,
        *(str(command.get(name) or "") for name in COLUMNS[1:5]),
        json.dumps(command.get("params") or {}, ensure_ascii=False),
        *(str(error.get(name) or "") for name in COLUMNS[6:]),
    ]


def _until(cancelled: threading.Event, commands: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for command in commands:
        if cancelled.is_set():
            return
        yield command
