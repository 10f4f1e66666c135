"""Queued runs: a plan given to the robot as a run of its own, then played; it can be paused, resumed and stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClasses
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.request_keys import RequestKey, RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.session.session import Moved, Session
from sila_ot2.driver.session.session_deck import DeckSetup
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.worklists.last_steps import Attempt, LastSteps
from sila_ot2.driver.worklists.run_queue import RunQueue, pick_ups
from sila_ot2.driver.worklists.transfer_list import NO_TRANSFER_LISTS, TransferList
from sila_ot2.errors import (
    CommandCancelled,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    ParameterInvalid,
    RobotRefused,
)
from sila_ot2.robot import wire
from sila_ot2.robot.releases import Release
from sila_ot2.store.runs import RunRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class QueuedResult:
    """A plan that was carried out."""

    record: RunRecord
    steps: int
    """Commands of the robot that it was made of."""
    tips: int
    """How many times tips were picked up."""


class QueuedRuns:
    """One per robot. Callers hold the turn.

    Attributes:
        actions: how a run that was started is paused and resumed.
        transfer_lists: how worklists without commands are read.
        liquid_classes: which steps may name.
        last_steps: how far the last one came.
    """

    def __init__(
        self,
        session: Session,
        runs: Runs,
        actions: RunActions,
        request_log: RequestLog,
        keys: RequestKeys,
        queue: RunQueue,
        last_steps: LastSteps,
        transfer_lists: TransferList = NO_TRANSFER_LISTS,
        liquid_classes: LiquidClasses = NO_CLASSES,
    ) -> None:
        self.transfer_lists = transfer_lists
        self.liquid_classes = liquid_classes
        self.last_steps = last_steps
        self.actions = actions
        self._session = session
        self._runs = runs
        self._request_log = request_log
        self._keys = keys
        self._queue = queue

    @property
    def release(self) -> Release:
        """The robot's software release.

        Raises:
            RobotUnreachable: the robot has not answered yet.
        """
        return self._session.release

    def execute(
        self,
        name: str,
        plan: CommandPlan,
        *,
        cancelled: Cancellation,
        report: Callable[..., None],
        moved: Moved,
        started: Callable[[str], None],
        attempt: Attempt,
        key: RequestKey | None = None,
    ) -> QueuedResult:
        """Carry out a plan as a run of its own; the session is open again afterwards.

        A repetition of a request (by its key) follows the run of the first: nothing is planned or sent.

        Args:
            name: the command's identifier, for LastCommand.
            plan: made in the session; nothing is done if it refuses.
            cancelled: stops the run.
            report: progress.
            moved: called with how many of the plan's commands are done, of how many, and which was the last.
            started: called with the run's id when it has been started: from then on it can be paused.
            attempt: called with how far it came.
            key: the client's name for its request.

        Raises:
            ParameterInvalid: the key was given before with other arguments, or for a run that was never started.
            CommandCancelled: it was stopped; the message says what had been done.
            RunFailed, RunStopped, RobotRestarted: how it ended otherwise.
            UnsupportedByRobot: the robot's release does not know a command that the run needs; nothing moved.
            OT2Fault: it was not started; nothing moved.
        """
        key = key or RequestKey()
        if earlier := self._keys.run_of(key.key, key.digest):
            return self._follow_earlier(earlier, key.key, cancelled, report, started)
        run_ids: list[str] = []

        def known_to_robot(deck_state: DeckState) -> Sequence[PlannedCommand]:
            planned = plan(deck_state)
            for command in planned:
                self.release.require_command(command.command_type, command.params)
            return planned

        def use(deck_setup: DeckSetup, planned: Sequence[PlannedCommand]) -> QueuedResult:
            filled = self._queue.fill(deck_setup, planned, cancelled, key)
            run_ids.append(filled.run_id)
            try:
                attempt.play(filled.run_id, filled.command_ids)
                self._queue.start(filled.run_id, cancelled)
            except (RobotRefused, CommandCancelled):
                attempt.not_played()
                self._queue.give_up(filled.run_id)
                raise
            started(filled.run_id)

            def watch(view: RunView) -> None:
                done = max(0, min(view.completed - filled.commands_before, len(planned)))
                report(progress=done / len(planned), remaining_s=view.remaining_s)
                if done:
                    moved(done, len(planned), planned[done - 1])

            return QueuedResult(self._follow(filled.run_id, cancelled, watch), len(planned), pick_ups(planned))

        def begun(planned: Sequence[PlannedCommand]) -> Sequence[PlannedCommand]:
            return self._begun(run_ids[0], planned, attempt) if run_ids else ()

        return self._session.suspend_for(name, attempt.noting(known_to_robot), use, begun, cancelled=cancelled)

    def _follow_earlier(
        self,
        run_id: str,
        key: str,
        cancelled: Cancellation,
        report: Callable[..., None],
        started: Callable[[str], None],
    ) -> QueuedResult:
        """Follow the run of an earlier request to its end."""
        self._runs.readiness.require_same_robot()
        was_started = self._runs.watch.was_started(run_id)
        if not was_started and self._request_log.unknown:
            raise OutcomeUnknown(
                f"It is not known whether run {run_id} of the earlier request with this key was started.",
                "Look at the robot, then call ReconcileState.",
            )
        if not was_started or self._runs.watch.was_given_up(run_id):
            raise ParameterInvalid(
                f"Run {run_id} of the earlier request with this key was never started.", "Use a new key."
            )
        started(run_id)
        record = self._follow(
            run_id, cancelled, lambda view: report(progress=view.progress, remaining_s=view.remaining_s)
        )
        return QueuedResult(record, *self._keys.worklist_of(key))

    def _begun(self, run_id: str, planned: Sequence[PlannedCommand], attempt: Attempt) -> Sequence[PlannedCommand]:
        """Return what the run has picked up, or begun to, by its own log; all that was planned if it cannot be read."""
        try:
            run, listed = self._queue.log_of(run_id)
        except OT2Fault as fault:
            log.warning("the log of run %s cannot be read, so that all its tips count as used: %s", run_id, fault)
            return planned
        if not listed:  # the robot has lost it
            return planned
        if run.ok and run.status in wire.ENDED_RUN_STATUSES:
            attempt.read_log(listed)
        return [
            PlannedCommand(command.command_type, command.params)
            for command in listed
            if command.command_type in ("pickUpTip", "configureNozzleLayout") and command.started_at is not None
        ]

    def _follow(self, run_id: str, cancelled: Cancellation, watch: Callable[[RunView], None]) -> RunRecord:
        try:
            return self._runs.watch.attach(run_id, cancelled=cancelled, on_change=watch)
        except CommandCancelled:
            if not cancelled.is_set():
                raise  # this server stops: the run goes on
        record = self.actions.stop(run_id)
        raise CommandCancelled(
            f"The worklist was cancelled: its run {run_id} was stopped after {record.succeeded_commands} commands "
            f"(loading the deck included), and has ended as {record.result}. Attached tips are in the trash.",
            "Look at the deck before you go on.",
            moved=Movement.SOME if record.succeeded_commands else Movement.UNKNOWN,
        )
