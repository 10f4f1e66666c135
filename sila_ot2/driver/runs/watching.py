"""Watches runs until they end, and looks up how earlier ones ended."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.monitor.monitor import Monitor
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_faults import fault_of
from sila_ot2.driver.tracking.status.run_status import was_played
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.errors import CommandCancelled, Movement, OutcomeUnknown, RunNotFound
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunRecord

OnChange = Callable[[RunView], None]
A_DAY_S = 86_400.0


class RunWatch:
    """One per robot; any number of clients may watch at a time."""

    def __init__(self, robot: RobotClient, monitor: Monitor, registry: RunRegistry, actions: RunActions) -> None:
        self._robot = robot
        self._monitor = monitor
        self._registry = registry
        self._actions = actions
        self._closing = threading.Event()

    def close(self) -> None:
        """Stop no run from now on when its watching is cancelled: this server stops."""
        self._closing.set()

    def to_end(self, run_id: str, cancelled: Cancellation, on_change: OnChange, *, stop_on_cancel: bool) -> RunRecord:
        """Return the record of a run that has ended with success.

        Args:
            run_id: the run.
            cancelled: ends the watching.
            on_change: called with the run whenever it has changed.
            stop_on_cancel: whether a cancel also stops the run.

        Raises:
            CommandCancelled: it was cancelled; the message says what has become of the run.
            RunFailed, RunStopped, RobotRestarted: how it ended otherwise.
        """
        reported: RunView | None = None

        def changed() -> RunView | None:
            try:
                view = self._registry.view(run_id)
            except RunNotFound:  # another client's run that the monitor has not seen yet
                return None
            if view.record is not None and not self._is_published(run_id):
                return None  # a client that reads the properties next is to see it there, too
            return view if view != reported else None

        while True:
            view = self._monitor.wait_for(changed, timeout_s=A_DAY_S, cancelled=cancelled)
            if view is not None:
                reported = view
                on_change(view)
                if view.record is not None:
                    return _require_success(view.record)
            elif cancelled.is_set():
                return self._cancelled(run_id, stop_on_cancel=stop_on_cancel)

    def attach(self, run_id: str, *, cancelled: Cancellation, on_change: OnChange = lambda view: None) -> RunRecord:
        """Watch a run of any client to its end, and return the record of its success.

        Args:
            run_id: empty for the current run.
            cancelled: ends the watching; the run goes on.
            on_change: called whenever the run changes.

        Raises:
            RunNotFound: there is no such run.
            RunFailed, RunStopped, RobotRestarted: how it ended.
            CommandCancelled: the watching was cancelled.
        """
        if not run_id:
            current = self._monitor.state.value.run
            if current is None:
                raise RunNotFound("No run is current on the robot.", "Name the run that you mean.")
            run_id = current.run_id
        try:
            self._registry.view(run_id)
        except RunNotFound:  # the monitor has not seen it; the robot may know it
            self._registry.collect(run_id)
            self._monitor.wake()
        return self.to_end(run_id, cancelled, on_change, stop_on_cancel=False)

    def was_started(self, run_id: str) -> bool:
        """Return whether a run of ours was started or has ended; the robot is read only if it has not been seen.

        Raises:
            OutcomeUnknown: neither the robot nor the archive knows the run any more.
        """
        try:
            view = self._registry.view(run_id)
            if view.record is not None or view.started_at is not None:
                return True
        except RunNotFound:
            pass
        try:
            run = self._robot.run(run_id)
        except RunNotFound as gone:
            raise OutcomeUnknown(
                f"Run {run_id} of the earlier request with this key is neither on the robot nor in the archive. "
                "No other was created.",
                "Use a new key.",
                moved=Movement.NONE,
            ) from gone
        return was_played(run) or run.status in wire.ENDED_RUN_STATUSES

    def was_given_up(self, run_id: str) -> bool:
        """Return whether a run of ours has ended without having been started.

        Raises:
            RunNotFound: neither the archive nor the robot has it.
            RobotUnreachable: the robot cannot be read.
        """
        with contextlib.suppress(RunNotFound):  # the monitor has not seen it: the robot is asked
            view = self._registry.view(run_id)
            if view.record is None and view.started_at is not None:
                return False
        record = self._registry.collect(run_id)
        return record is not None and record.started_at is None and not record.restarted

    def _is_published(self, run_id: str) -> bool:
        """Return whether the published state no longer shows a run, whose record is there, as going on.

        While the robot cannot be read, nothing new is published, and nobody waits for it.
        """
        state = self._monitor.state.value
        return not state.reachable or state.run is None or state.run.run_id != run_id or state.run.record is not None

    def _cancelled(self, run_id: str, *, stop_on_cancel: bool) -> RunRecord:
        if self._closing.is_set():
            raise CommandCancelled(f"This server stops; run {run_id} goes on.", "Watch it with AttachToRun later.")
        if not stop_on_cancel:
            raise CommandCancelled(
                f"Watching run {run_id} was cancelled; the run itself goes on.", "Watch it with AttachToRun."
            )
        record = self._actions.stop(run_id)
        if record.result == "Stopped":
            dropped = (
                f" The tips on {', '.join(record.dropped_tip_mounts)} were dropped."
                if record.dropped_tip_mounts
                else ""
            )
            raise CommandCancelled(
                f"Run {run_id} was cancelled and has stopped after {record.succeeded_commands} commands.{dropped}",
                "Look at the deck before you go on.",
                moved=Movement.SOME if record.succeeded_commands else Movement.UNKNOWN,
            )
        return _require_success(record)


def _require_success(record: RunRecord) -> RunRecord:
    if (fault := fault_of(record)) is not None:
        raise fault
    return record
