"""All runs that this server follows or has archived: followed until they end, archived then."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from sila_ot2.driver.deck.offsets.offsets import Offsets
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.tracking.origins import RunOrigins
from sila_ot2.driver.tracking.status.foreign_actions import ForeignActions
from sila_ot2.driver.tracking.status.incidents import Incidents, reported_before
from sila_ot2.driver.tracking.status.progress import UNFINISHED
from sila_ot2.driver.tracking.status.run_status import PauseReason, RunStatus, was_cut_off, was_played
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tracker import RunTracker, RunView
from sila_ot2.errors import RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.journal import Journal
from sila_ot2.store.runs import ActivePart, Origin, RunArchive, RunRecord, RunStart
from sila_ot2.subscribers import Subscribers

log = logging.getLogger(__name__)

VIEWS_KEPT = 100
"""Runs whose last view is kept in memory, so that a waiting caller sees its end."""


class _Follower:
    """The lock of one run; it exists only while a thread follows the run."""

    def __init__(self) -> None:
        self.alone = threading.RLock()


class RunRegistry:
    """One per robot; safe to use from any thread. Each run is followed by one thread at a time."""

    def __init__(
        self,
        robot: RobotClient,
        archive: RunArchive,
        origins: RunOrigins,
        offsets: Offsets,
        foreign_actions: ForeignActions,
        stock: TipStock,
        journal: Journal,
        *,
        history_length: int,
        read_active_parts: Callable[[], tuple[ActivePart, ...]] = tuple,
    ) -> None:
        self._robot = robot
        self._archive = archive
        self._origins = origins
        self._offsets = offsets
        self._foreign_actions = foreign_actions
        self._stock = stock
        self._journal = journal
        self._history_length = history_length
        self._read_active_parts = read_active_parts
        self._keeping = threading.Lock()
        self._following: WeakValueDictionary[str, _Follower] = WeakValueDictionary()
        self._trackers: dict[str, RunTracker] = {}
        self._views: OrderedDict[str, RunView] = OrderedDict()
        self._stopped_here: set[str] = set()
        self.incidents = Incidents()
        self.history: Observable[tuple[RunRecord, ...]] = Observable(self._history())
        self.on_begin: Subscribers[wire.Run] = Subscribers()
        """Called with each run that begins to be followed, before anything that it has done is taken over."""
        self.on_end: Subscribers[RunRecord] = Subscribers()
        """Called with the record of each run that has ended, on the thread that has seen it."""

    def open(self, run: wire.Run, start: RunStart, plan: ExpectedSteps) -> None:
        """Begin to follow a run that this server has just created."""
        start = self._origins.completed(start)
        with self._follower(run.id):
            tracker = self._trackers[run.id] = RunTracker(run, start, plan, self._archive, self._stock)
            self._note_begin(run)
            self._keep_view(tracker.view())
            tracker.begin()

    def follow(self, run: wire.Run) -> RunView:
        """Take over the latest report of a run; reads its new commands, and archives it once it has ended.

        Raises:
            RobotUnreachable: the robot does not answer; the next call goes on.
            StorageFull: what is new cannot be written down; the next call tries it again.
        """
        with self._follower(run.id):
            known = self._views.get(run.id)
            if known is not None and known.record is not None:
                return known
            if run.id not in self._trackers and (record := self._archive.record(run.id)) is not None:
                return self._keep_view(_view_of(record))
            tracker = self._trackers.get(run.id) or self._adopt(run)
            if tracker.start.origin == "ThisServer":
                tracker.actions = self._foreign_actions.among(run, tracker.actions)
            tracker.begin()
            tracker.follow(self._robot, run)
            if run.status not in wire.ENDED_RUN_STATUSES or not tracker.caught_up:
                return self._keep_view(tracker.view())
            return self._end(tracker, restarted=was_cut_off(run))

    def reported(self, run: wire.Run) -> RunView:
        """Return a run as the robot has just reported it, whether or not `follow` could write that down."""
        with self._follower(run.id):
            if (tracker := self._trackers.get(run.id)) is None:
                return self.view(run.id)
            tracker.run = run
            return self._keep_view(tracker.view())

    def pass_time(self, run_id: str) -> RunView | None:
        """Return a run as it was seen last, its remaining time as it should be by now; None once it has ended."""
        with self._follower(run_id):
            tracker = self._trackers.get(run_id)
            if tracker is None:
                return None
            tracker.pass_time()
            return self._keep_view(tracker.view())

    def lose(self, run_id: str) -> None:
        """Close a run that the robot no longer knows (it restarted, or another client deleted the run)."""
        with self._follower(run_id):
            tracker = self._trackers.get(run_id)
            if tracker is not None:
                was_active = was_played(tracker.run) and tracker.run.status not in wire.ENDED_RUN_STATUSES
                if not was_active:
                    tracker.run = tracker.run.model_copy(update={"status": "stopped"})
                self._end(tracker, restarted=was_active, lost=True)
                return
            start = self._archive.start_of(run_id)
            if start is not None and self._archive.record(run_id) is None:
                run = wire.Run(id=run_id, status="failed", created_at=start.created_at)
                self._end(
                    RunTracker(run, start, ExpectedSteps(), self._archive, self._stock), restarted=True, lost=True
                )

    def collect(self, run_id: str) -> RunRecord | None:
        """Archive an ended run now, to its last command; returns its record, None if it has not ended.

        Raises:
            RunNotFound: neither the archive nor the robot has it.
            RobotUnreachable: the robot cannot be read.
        """
        record = self._archive.record(run_id)
        while record is None:
            run = self._robot.run(run_id)
            if run.status not in wire.ENDED_RUN_STATUSES:
                return None
            record = self.follow(run).record
        return record

    def view(self, run_id: str) -> RunView:
        """Return a run as it was seen last.

        Raises:
            RunNotFound: it was never seen, or its record has been given up for newer ones.
        """
        view = self._views.get(run_id)
        if view is not None:
            return view
        record = self._archive.record(run_id)
        if record is None:
            raise RunNotFound(
                f"Run {run_id} is neither on the robot nor in the archive of this server.",
                "RunHistory lists the runs there are.",
            )
        return _view_of(record)

    def is_behind(self, run_id: str) -> bool:
        """Return whether commands of the run are still to be read."""
        tracker = self._trackers.get(run_id)
        return tracker is not None and not tracker.caught_up

    def unfinished(self) -> list[str]:
        """Return the runs that have not ended as far as this server knows, oldest first."""
        return [start.run_id for start in self._archive.open_runs()]

    def runs_after(self, run_id: str) -> list[str]:
        """Return the runs and sessions that may have been carried out after a run, those of this server first."""
        created = self._journal.runs_created_after(run_id, seen_at=self._archive.first_seen_at(run_id))
        start, seen = self._archive.start_of(run_id), self._archive.runs_after(run_id)
        if start is not None and start.origin == "ThisServer":  # then the journal has the order of all that are ours
            seen = [other for other in seen if other.origin == "OtherClient"]
        return list(dict.fromkeys([*created, *(other.run_id for other in seen)]))

    def is_archived(self, run_id: str) -> bool:
        """Return whether the record of the run is closed."""
        view = self._views.get(run_id)
        return view.record is not None if view is not None else self._archive.record(run_id) is not None

    def note_stop(self, run_id: str) -> None:
        """Remember that it was this server that stopped the run."""
        self._stopped_here.add(run_id)

    def _adopt(self, run: wire.Run) -> RunTracker:
        """Follow a run that is found on the robot: another client's, or ours from before a restart of this server."""
        start = self._archive.start_of(run.id) or self._origins.of_found(run)
        plan = self._origins.plan_of(run, start) if run.status not in wire.ENDED_RUN_STATUSES else ExpectedSteps()
        tracker = self._trackers[run.id] = RunTracker(run, start, plan, self._archive, self._stock)
        self._note_begin(run)
        return tracker

    def _note_begin(self, run: wire.Run) -> None:
        self.on_begin.fire(run)

    def _end(self, tracker: RunTracker, *, restarted: bool, lost: bool = False) -> RunView:
        tracker.begin()  # it may not have been possible before
        run_id = tracker.start.run_id
        stopped_by: Origin = "ThisServer" if run_id in self._stopped_here else "OtherClient"
        failed = tracker.run.status == "failed" and not restarted
        reported = self._reported_before(tracker) if failed else ""
        first_seen_at = self._archive.first_seen_at(run_id)
        # A session of this server begins with commands that load its pipettes.
        is_session = tracker.start.purpose == "session" and tracker.start.origin == "ThisServer"
        emptied = is_session and tracker.completed == 0 and self._journal.may_have_commanded(run_id)
        record = tracker.close(
            restarted=restarted,
            lost=lost,
            emptied=emptied,
            stopped_by=stopped_by,
            reported=reported,
            active_parts=self._read_active_parts() if tracker.was_seen_active else (),
        )
        self._offsets.import_from(tracker.run, first_seen_at)
        self._trackers.pop(run_id, None)
        self._stopped_here.discard(run_id)
        view = self._keep_view(_view_of(record) if restarted else tracker.view(record))
        with self._keeping:
            self.history.set(self._history())
        self.on_end.fire(record)
        return view

    def _reported_before(self, tracker: RunTracker) -> str:
        return reported_before(tracker.run, self._robot, self.incidents.since(tracker.followed_since))

    def _keep_view(self, view: RunView) -> RunView:
        with self._keeping:
            self._views[view.run_id] = view
            self._views.move_to_end(view.run_id)
            while len(self._views) > VIEWS_KEPT:
                self._views.popitem(last=False)
        return view

    @contextmanager
    def _follower(self, run_id: str) -> Iterator[None]:
        """Let one thread at a time follow a run. The run is read meanwhile: others wait only to follow the same run."""
        with self._keeping:
            follower = self._following.setdefault(run_id, _Follower())
        with follower.alone:
            yield

    def _history(self) -> tuple[RunRecord, ...]:
        return tuple(self._archive.records(self._history_length))


def _progress_of(record: RunRecord) -> float:
    if record.result == "Succeeded":
        return 1.0
    done = record.succeeded_commands + record.failed_commands + record.skipped_commands
    return min(UNFINISHED, done / record.total_commands) if record.total_commands else 0.0


def _view_of(record: RunRecord) -> RunView:
    """Return an archived run as it was seen last."""
    status = RunStatus(record.result)
    return RunView(
        start=record.start,
        status=status,
        robot_status=status.value.lower(),
        started_at=record.started_at,
        completed=record.succeeded_commands + record.failed_commands + record.skipped_commands,
        total=record.total_commands,
        command_name="",
        step="",
        progress=_progress_of(record),
        remaining_s=0.0,
        pause_reason=PauseReason.NOT_PAUSED,
        message="",
        foreign_actions=record.foreign_actions,
        record=record,
        tips_used=record.tips_used,
    )
