"""Queued runs: a plan given to the robot as a run of its own, then played; it can be paused, resumed and stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.deck.checks.module_safety import known_to_new_run
from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.slots.loading import restore
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClasses
from sila_ot2.driver.ownership.half_created import clear_half_created
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.requests.ending_requests import UncurrentRequest
from sila_ot2.driver.requests.repeatable import again_if_lost
from sila_ot2.driver.requests.request import CommandRequest, CreateRunRequest
from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.request_keys import RequestKey, RequestKeys
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.session.run_commands import RunCommands
from sila_ot2.driver.session.session import Moved, Session
from sila_ot2.driver.session.session_deck import DeckSetup
from sila_ot2.driver.tracking.left_behind.ended_runs import EndedRuns
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.worklists.last_steps import Attempt, LastSteps
from sila_ot2.driver.worklists.transfer_list import NO_TRANSFER_LISTS, TransferList
from sila_ot2.errors import (
    CommandCancelled,
    CommandFailed,
    ModuleMissing,
    Movement,
    OT2Fault,
    OutcomeUnknown,
    ParameterInvalid,
    RobotRefused,
)
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import AnswerLost
from sila_ot2.robot.releases import Release
from sila_ot2.robot.translate import failure
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
    """One per robot; the turn is held.

    Attributes:
        actions: how a run that was started is paused and resumed.
        transfer_lists: how worklists without commands are read.
        liquid_classes: which steps may name.
        last_steps: how far the last one came.
    """

    def __init__(
        self,
        robot: RobotClient,
        request_log: RequestLog,
        ownership: Ownership,
        commands: RunCommands,
        session: Session,
        runs: Runs,
        actions: RunActions,
        uncertain_tips: UncertainTips,
        ended: EndedRuns,
        keys: RequestKeys,
        last_steps: LastSteps,
        transfer_lists: TransferList = NO_TRANSFER_LISTS,
        labware_offsets: Callable[[], list[dict[str, Any]]] = list,
        liquid_classes: LiquidClasses = NO_CLASSES,
    ) -> None:
        self.transfer_lists = transfer_lists
        self.liquid_classes = liquid_classes
        self.last_steps = last_steps
        self._robot = robot
        self._request_log = request_log
        self._ownership = ownership
        self._commands = commands
        self._session = session
        self._runs = runs
        self.actions = actions
        self._uncertain_tips = uncertain_tips
        self._ended = ended
        self._keys = keys
        self._labware_offsets = labware_offsets

    @property
    def release(self) -> Release:
        """The robot's software release.

        Raises:
            RobotUnreachable: the robot has not answered yet.
        """
        return self._robot.release

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
            first = known_to_new_run(planned, deck_setup.deck_state, self._robot.modules())
            run_id, command_ids = self._queue(deck_setup, planned, first, cancelled, key)
            run_ids.append(run_id)
            setup_commands = len(restore(deck_setup.deck_state)) + len(first)
            try:
                attempt.play(run_id, command_ids)
                self._ownership.require_nobody_at_the_app()  # it reads what a maintenance run has left on the pipettes
                self._uncertain_tips.require_none()
                self.actions.start(self._robot.run(run_id), cancelled)
            except (RobotRefused, CommandCancelled):
                attempt.not_played()
                self._release_run(run_id)
                raise
            started(run_id)

            def watch(view: RunView) -> None:
                done = max(0, min(view.completed - setup_commands, len(planned)))
                report(progress=done / len(planned), remaining_s=view.remaining_s)
                if done:
                    moved(done, len(planned), planned[done - 1])

            return QueuedResult(self._follow(run_id, cancelled, watch), len(planned), _pick_ups(planned))

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
        self._ownership.identity.ask()
        was_started = self._runs.was_started(run_id)
        if not was_started and self._request_log.unknown:
            raise OutcomeUnknown(
                f"It is not known whether run {run_id} of the earlier request with this key was started.",
                "Look at the robot, then call ReconcileState.",
            )
        if not was_started or self._runs.was_given_up(run_id):
            raise ParameterInvalid(
                f"Run {run_id} of the earlier request with this key was never started.", "Use a new key."
            )
        started(run_id)
        record = self._follow(
            run_id, cancelled, lambda view: report(progress=view.progress, remaining_s=view.remaining_s)
        )
        return QueuedResult(record, *self._keys.worklist_of(key))

    def _queue(
        self,
        deck_setup: DeckSetup,
        planned: Sequence[PlannedCommand],
        first: Sequence[PlannedCommand],
        cancelled: Cancellation,
        key: RequestKey,
    ) -> tuple[str, list[str]]:
        """Create a run of all commands; returns its identifier, and those of the commands that were planned."""
        clear_half_created(self._request_log, self._ownership)
        before = [run.id for run in self._robot.runs().runs]
        run = self._request_log.perform(
            CreateRunRequest(
                purpose="worklist",
                labware_offsets=self._labware_offsets(),
                runs_before=before,
                request_key=key.key,
                request_digest=key.digest,
                steps=len(planned),
                tips=_pick_ups(planned),
            )
        )
        self._ended.open(run.id)
        self._ownership.note_run(run)
        try:
            self._ended.examine()  # another client may have used the robot before this run
            self._uncertain_tips.require_none()
            loads = self._load_deck(run.id, deck_setup)
            command_ids = []
            for command in (*first, *planned):
                if cancelled.is_set():
                    raise CommandCancelled("The worklist was cancelled before it was started.", moved=Movement.NONE)
                command_ids.append(self._add(run.id, command, "protocol").id)
            self._require_loaded_deck(run.id, loads, cancelled)
            self._require_same_modules(run.id, loads, deck_setup)
        except OT2Fault:
            self._release_run(run.id)
            raise
        return run.id, command_ids[len(first) :]

    def _add(self, run_id: str, command: PlannedCommand, intent: Literal["setup", "protocol"]) -> wire.Command:
        """Queue one command. Nothing moves before the run is played, so the journal need not know of it.

        Raises:
            AnswerLost: the answer was lost, and the robot does not know the command; the run is then not played.
        """
        request = CommandRequest(
            run_id=run_id, command_type=command.command_type, params=dict(command.params), intent=intent
        )
        try:
            return request.send(self._robot)
        except AnswerLost:
            if (found := request.find(self._robot)) is None:
                raise
            return found

    def _load_deck(self, run_id: str, deck_setup: DeckSetup) -> list[wire.Command]:
        """Let the robot load the session's deck, while the run is being queued."""
        definitions: Mapping[str, Mapping[str, Any]] = deck_setup.definitions
        for definition in definitions.values():
            again_if_lost(partial(self._robot.add_labware_definition, run_id, definition))
        return [self._add(run_id, command, "setup") for command in restore(deck_setup.deck_state)]

    def _require_loaded_deck(self, run_id: str, loads: Sequence[wire.Command], cancelled: Cancellation) -> None:
        page = self._robot.commands(run_id, cursor=0, page_length=len(loads)) if loads else None
        listed = {command.id: command for command in page.commands} if page else {}
        for load in loads:
            try:
                ended = self._commands.follow(run_id, listed.get(load.id, load), cancelled)
            except OutcomeUnknown as silent:  # cancelled while the robot gives no answer; but loading moves nothing
                raise CommandCancelled(
                    "The worklist was cancelled before it was started.", moved=Movement.NONE
                ) from silent
            if ended.status == "failed":
                raise CommandFailed.of(
                    failure(load.command_type, ended.error),
                    before="The run of the worklist could not be given the session's deck.",
                    moved=Movement.NONE,
                )

    def _require_same_modules(self, run_id: str, loads: Sequence[wire.Command], deck_setup: DeckSetup) -> None:
        """Return if the run's modules are those of the session: of several of a kind, the robot chooses.

        Raises:
            ModuleMissing: the robot has given the run another one.
        """
        for load in loads:
            known = deck_setup.deck_state.modules.get(str(load.params.get("moduleId", "")))
            if load.command_type != "loadModule" or known is None or not known.serial_number:
                continue
            found = str((self._robot.command(run_id, load.id).result or {}).get("serialNumber") or "")
            if found not in ("", known.serial_number):
                raise ModuleMissing(
                    f"The robot has given the run of the worklist the module {found} for slot {known.slot}, where the "
                    f"session has {known.serial_number}.",
                    "Close the session, open it again and load the modules anew.",
                )

    def _begun(self, run_id: str, planned: Sequence[PlannedCommand], attempt: Attempt) -> Sequence[PlannedCommand]:
        """Return what the run has picked up, or begun to, by its own log; all that was planned if it cannot be read."""
        try:
            run = self._robot.run(run_id)
            listed = list(self._commands.log(run_id, results=False))
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
            return self._runs.attach(run_id, cancelled=cancelled, on_change=watch)
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

    def _release_run(self, run_id: str) -> None:
        try:
            self._request_log.perform(UncurrentRequest(run_id=run_id))
            self._ownership.refresh()
        except OT2Fault as left:
            log.warning("run %s of a worklist that was not started is left on the robot: %s", run_id, left)


def _pick_ups(planned: Sequence[PlannedCommand]) -> int:
    return sum(command.command_type == "pickUpTip" for command in planned)
