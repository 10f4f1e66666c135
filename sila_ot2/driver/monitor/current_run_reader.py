"""Reads the current run: the parts that keep and follow runs get it, and it becomes the run that clients see."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sila_ot2.driver.monitor.schedule import APART_S
from sila_ot2.driver.monitor.write_failures import WriteFailures
from sila_ot2.driver.ownership.current_run import CurrentWork, read_current_run
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.subscribers import Subscribers


@dataclass(frozen=True)
class RunReading:
    """The current run as it was just read."""

    view: RunView | None
    """None: none is current, or a session of ours."""


class CurrentRunReader:
    """Reads the current run on the monitor's thread; one per robot."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        request_log: RequestLog,
        registry: RunRegistry,
        write_failures: WriteFailures,
        note_end: Callable[[], None],
        *,
        app_every_s: float,
    ) -> None:
        """Prepare; nothing is read.

        Args:
            robot: read from.
            ownership: gets every reading of the current run.
            request_log: knows whether a run is being created.
            registry: gets every run.
            write_failures: keeps the database's troubles from ending the reading.
            note_end: called when a run that was followed has ended or given way.
            app_every_s: how often to read what the Opentrons App does while a run is active.
        """
        self._robot = robot
        self._ownership = ownership
        self._request_log = request_log
        self._registry = registry
        self._write_failures = write_failures
        self._note_end = note_end
        self._app_every_s = app_every_s
        self._followed: str | None = None
        self._app_asked_at = -1e9
        self._app_works = False
        self.on_run: Subscribers[wire.Run | None] = Subscribers()
        """Called with each reading of the current run, before `Ownership` gets it."""

    def forget(self) -> None:
        """Follow no run any more: another robot answers."""
        self._followed = None

    def read(self, reading: int) -> RunReading | None:
        """Read the current run; None if it may be the run that we are creating right now.

        Args:
            reading: from `Ownership.begin_reading`.
        """
        self._write_failures.begin_reading()
        work = self._current_work()
        run = work.run
        ours = run is not None and self._ownership.purpose_of(run.id) is not None
        if run is not None and not ours and self._request_log.creating_run:
            return None
        is_session = run is not None and self._ownership.purpose_of(run.id) == "session"
        view = None
        if run is not None and not is_session:
            self._write_failures.attempt(self._registry.follow, run)
            view = self._registry.reported(run)
        if view is not None and view.start.purpose == "session" and view.start.origin == "ThisServer":
            view = None
        followed = (
            run.id if run is not None and view is not None and run.status not in wire.ENDED_RUN_STATUSES else None
        )
        if self._followed is not None and self._followed != followed:
            self._note_end()
        self._followed = followed
        for listener in self.on_run:
            self._write_failures.attempt(listener, run)
        self._ownership.note(work, reading)
        return RunReading(view)

    def _current_work(self) -> CurrentWork:
        """Return the current run and what the Opentrons App does beside it.

        A run that is played ends a maintenance run, not a calibration session; beside one the App seldom begins
        anything, so it is asked for less often.
        """
        work, now = self._current_run(), time.monotonic()
        is_active = work.run is not None and work.run.status not in (*wire.ENDED_RUN_STATUSES, "idle")
        if not is_active or self._app_works or now - self._app_asked_at > self._app_every_s:
            work = replace(work, app_work=self._ownership.read_app_work())
            self._app_works, self._app_asked_at = work.app_work is not None, now
        return work

    def _current_run(self) -> CurrentWork:
        """Return the current run; while one is followed, it need not be read which run is current."""
        if self._followed is not None:
            try:
                run = self._robot.run(self._followed)
            except RunNotFound:
                self._write_failures.attempt(self._registry.lose, self._followed)
            else:
                if run.current:
                    return CurrentWork(run)
                self._write_failures.attempt(self._registry.follow, run)
        return read_current_run(self._robot, apart_s=APART_S)
