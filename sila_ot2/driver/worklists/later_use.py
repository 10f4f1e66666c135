"""What has been carried out since a run has ended, or may have been: its rest may be done already.

Runs and sessions of this server are in its journal from before they exist, those of other clients in the archive. What
nobody has followed leaves no trace, so it is in doubt: only the end of a run that was seen without a gap is sure to be
before all that follows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.ownership.app_work import AppWork
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.session.session_state import Phase, SessionState
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.worklists.last_steps import AT_WORK, LastSteps
from sila_ot2.robot import wire
from sila_ot2.store.deck_use import DeckUse
from sila_ot2.store.runs import RunArchive, RunRecord
from sila_ot2.times import utc_now

MOST_FOLLOWED = 1_000
"""Runs that are known to have been followed to their end; older ones are in doubt."""


class LaterUse(NamedTuple):
    """Something that has used tips or wells after the end of a run, or may have."""

    what: str
    at: datetime
    """When it was noticed, by this computer's clock."""
    is_certain: bool
    run_id: str = ""
    """The run or session; empty: it is none."""

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')} {self.what}"


class LaterUses:
    """One per robot; asks the robot nothing, safe to use from any thread."""

    def __init__(
        self,
        archive: RunArchive,
        registry: RunRegistry,
        tips: TipStock,
        request_log: RequestLog,
        last_steps: LastSteps,
        session: Observable[SessionState | None],
        robot: Observable[RobotState],
    ) -> None:
        self._archive = archive
        self._registry = registry
        self._tips = tips
        self._request_log = request_log
        self._last_steps = last_steps
        self._session = session
        self._robot = robot
        self._followed: deque[str] = deque(maxlen=MOST_FOLLOWED)
        """Runs that were seen active after the last gap."""
        self._seen_active: deque[str] = deque(maxlen=MOST_FOLLOWED)
        """Runs that were seen active by this process."""
        self._gap = LaterUse("This server was started; what the robot did before is not known.", utc_now(), False)

    def follow(self, run: wire.Run | None) -> None:
        """Use a reading of the current run."""
        if run is not None and run.status not in wire.ENDED_RUN_STATUSES:
            for runs in (self._followed, self._seen_active):
                if run.id not in runs:
                    runs.append(run.id)

    def note_contact(self) -> None:
        """Note that the robot is in reach from now on: what it has done until now is not known."""
        self._note_gap("This server was started or had lost contact; what the robot did before is not known.")

    def note_app_work(self, work: AppWork | None) -> None:
        """Note what the Opentrons App does: nothing tells afterwards what it has done."""
        if work is not None:
            self._note_gap(f"Somebody worked with the Opentrons App ({work}).")

    def since(self, record: RunRecord) -> list[LaterUse]:
        """Return what has been carried out since a run has ended, or may have been; empty: nothing."""
        return [*self._of_runs(record.start.run_id), *self._unseen(record.start.run_id)]

    def _of_runs(self, run_id: str) -> Iterator[LaterUse]:
        session = self._session.value  # first: what it has done until now is in the stock
        for other in self._registry.runs_after(run_id):
            record = self._archive.record(other)
            if record is not None:
                what, at = f"{record.start.purpose} {other}", record.seen_ended_at
                # What ended while this server was down is seen first when it is back, and may be older.
                is_later = record.start.origin == "ThisServer" or other in self._seen_active
                yield from _use_by(what, other, self._archive.use(other), at, is_later=is_later)
            elif session is not None and session.run_id == other and session.phase is Phase.READY:
                yield from _use_by(f"open session {other}", other, self._tips.use_of(other), session.opened_at)
            elif self._archive.start_of(other) is None:
                yield LaterUse(f"The record of run {other} is no longer kept, or not yet.", utc_now(), False, other)
            else:
                yield LaterUse(f"Run {other} has not ended, or its end has not been read.", utc_now(), False, other)

    def _unseen(self, run_id: str) -> Iterator[LaterUse]:
        if run_id not in self._followed:
            yield self._gap
        if not self._robot.value.reachable:
            yield LaterUse("The robot is out of reach.", utc_now(), False)
        if self._request_log.unknown:
            yield LaterUse("It is not known whether the robot has carried out a request.", utc_now(), False)
        if self._last_steps.latest.outcome == AT_WORK:
            yield LaterUse("A worklist or transfer is at work.", utc_now(), False)

    def _note_gap(self, what: str) -> None:
        self._gap = LaterUse(what, utc_now(), False)
        self._followed.clear()


def _use_by(what: str, run_id: str, use: DeckUse | None, at: datetime, *, is_later: bool = True) -> Iterator[LaterUse]:
    if use is not None and use.labware:
        doubt = "" if is_later else ", but perhaps before"
        yield LaterUse(f"The {what} has used tips or wells{doubt}.", at, is_later, run_id)
    elif use is None or not use.is_complete:
        yield LaterUse(f"The {what} may have used tips or wells.", at, False, run_id)
