"""One run, followed from its first command to its last: each command is read once, counted and written to the log."""

from __future__ import annotations

import datetime
import itertools
import math
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sila_ot2.driver.tracking.liquids.liquid_use import RunParts
from sila_ot2.driver.tracking.status.foreign_actions import KnownAction
from sila_ot2.driver.tracking.status.pauses import Pauses
from sila_ot2.driver.tracking.status.progress import RunClock
from sila_ot2.driver.tracking.status.run_status import PAUSED, PauseReason, RunStatus, plays_of, status_of
from sila_ot2.driver.tracking.steps.planned_steps import ExpectedSteps, NextSteps
from sila_ot2.driver.tracking.steps.step_text import operator_message, step_text
from sila_ot2.driver.tracking.steps.step_times import FINISH, FINISH_S, StepTimes
from sila_ot2.driver.tracking.stock.tip_stock import TipStock
from sila_ot2.driver.tracking.tips.tips import TipLedger, unknown_tips
from sila_ot2.robot import translate, wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import (
    ActivePart,
    FailedStep,
    MountTip,
    Result,
    RunArchive,
    RunRecord,
    RunStart,
    StepPace,
    TakenAction,
)
from sila_ot2.times import utc_now

PAGE = 100
"""Commands read at once while there are many new ones (37 ms for 200 on a fast computer, release 8.1)."""
LIVE_PAGE = 20
"""Commands read at once while the run goes on: a JSON protocol lists all its queued commands from the start."""
PAGES_A_TURN = 5
"""How many pages are read before the status is looked at again."""


@dataclass(frozen=True)
class RunView:
    """A run as the robot reported it last."""

    start: RunStart
    status: RunStatus
    robot_status: str
    """The robot's own term for the status."""
    started_at: datetime.datetime | None
    completed: int
    total: int
    """0: not known."""
    command_name: str
    step: str
    progress: float
    remaining_s: float | None
    pause_reason: PauseReason
    message: str
    next_steps: tuple[str, ...] = ()
    """What the run does after its current step, in words; empty where that is not known."""
    foreign_actions: tuple[TakenAction, ...] = ()
    """Of a run of ours: what somebody else asked for."""
    record: RunRecord | None = None
    """Once the run has ended and is archived."""
    plays: int = 0
    """How often it was started or resumed."""
    prompt_id: str = ""
    """The last command with which the protocol paused the run, if it is paused by that."""
    tips_used: int = 0
    """How many tips it has picked up."""

    @property
    def run_id(self) -> str:
        """Which run."""
        return self.start.run_id


class RunTracker:
    """Follows one run. Not thread-safe: one thread at a time."""

    def __init__(
        self, run: wire.Run, start: RunStart, plan: ExpectedSteps, archive: RunArchive, stock: TipStock
    ) -> None:
        """Begin, or go on where the log of an earlier process ends.

        Args:
            run: as the robot has reported it.
            start: what is known of it.
            plan: what is expected of it.
            archive: where it is written to.
            stock: what its commands do to the tips of the deck.
        """
        self.start = start
        self.plan = plan
        self.run = run
        self._archive = archive
        self._stock = stock
        finish_s = array("f", [plan.finish_s] if plan.steps_s else [])
        self._clock = RunClock(plan.steps_s + finish_s, learned=plan.learned)
        self._next = NextSteps(plan.planned)
        self._tips = TipLedger()
        self._times = StepTimes()
        self._paces: dict[str, StepPace] = defaultdict(StepPace)
        self._step_s: array[float] = array("f")
        self._counts = {"succeeded": 0, "failed": 0, "skipped": 0}
        self._listed_ahead = 0
        """How many commands the robot lists before it carries them out: of a JSON protocol, all there are."""
        self._pauses = Pauses()
        self._current: wire.Command | None = None
        self._failed: tuple[int, wire.Command] | None = None
        self._paused_steps: set[int] = set()
        self._paused_s = 0.0
        self._paused_since: datetime.datetime | None = None
        self._previous_end: datetime.datetime | None = None
        self.actions: tuple[KnownAction, ...] = ()
        """The actions on a run of ours, with whose they are."""
        self.followed_since = utc_now()
        self.was_seen_active = False
        """Whether the run was seen before it had ended."""
        self.caught_up = self._begun = False
        self.last_step = ""
        if archive.resume(run.id):
            for command in archive.commands(run.id):
                self._count(wire.Command.model_validate(command))

    def begin(self) -> None:
        """Open the record of the run, unless that is done.

        Raises:
            StorageFull: that is not possible now.
        """
        if not self._begun:
            self._archive.begin(self.start, plan_key=self.plan.key)
            self._begun = True

    @property
    def completed(self) -> int:
        """How many commands have ended; also where the next page begins."""
        return sum(self._counts.values())

    @property
    def _foreign_actions(self) -> tuple[TakenAction, ...]:
        return tuple(action.foreign for action in self.actions if action.foreign is not None)

    @property
    def _total(self) -> int:
        """How many commands the run consists of; 0 while nobody knows."""
        known = len(self.plan.steps_s) or self._listed_ahead
        return max(known, self.completed) if known or self.run.status == "succeeded" else 0

    def follow(self, robot: RobotClient, run: wire.Run) -> None:
        """Read what is new; `caught_up` says whether that was all.

        Raises:
            RobotUnreachable: the robot does not answer; nothing is lost, the next call goes on.
            RunNotFound: the robot has forgotten the run.
        """
        self.run = run
        status = status_of(run)
        self._note_pause(status)
        ended = run.status in wire.ENDED_RUN_STATUSES
        self.was_seen_active |= not ended
        self.caught_up = status is RunStatus.IDLE and not ended
        if self.caught_up:
            return
        for turn in range(PAGES_A_TURN):
            if self._read_page(robot, PAGE if ended or turn else LIVE_PAGE, take_all=ended):
                self.caught_up = True
                break
        if status in PAUSED:
            self._paused_steps.add(self.completed)  # the step under way: how long it takes says nothing
        self._clock.observe(self.completed, RunStatus.RUNNING if ended and not self.caught_up else status)
        foreign_ids = {action.action_id for action in self.actions if action.foreign is not None}
        self._pauses.follow(run, self._current, foreign_ids)

    def pass_time(self) -> None:
        """Update the estimate of the remaining time from the last report, without reading the robot."""
        self._clock.observe(self.completed, status_of(self.run))

    def view(self, record: RunRecord | None = None) -> RunView:
        """Return the run as the robot reported it last."""
        run, current = self.run, self._current
        status = status_of(run)
        step = step_text(current, run.labware) if current else ""
        remaining_s = self._clock.remaining_s
        return RunView(
            start=self.start,
            status=status,
            robot_status=run.status,
            started_at=run.started_at or _played_at(run),
            completed=self.completed,
            total=self._total,
            command_name=current.command_type if current else "",
            step=step,
            progress=round(self._clock.progress, 4),
            remaining_s=None if remaining_s is None else float(round(remaining_s)),
            pause_reason=self._pauses.reason,
            message=self._pauses.message,
            next_steps=() if run.status in wire.ENDED_RUN_STATUSES else self._next.after(self.completed, current),
            foreign_actions=self._foreign_actions,
            record=record,
            plays=plays_of(run),
            prompt_id=self._pauses.prompt_id,
            tips_used=self._tips.used(run),
        )

    def close(
        self,
        *,
        restarted: bool = False,
        lost: bool = False,
        emptied: bool = False,
        stopped_by: str = "",
        reported: str = "",
        active_parts: tuple[ActivePart, ...] = (),
    ) -> RunRecord:
        """Write the record of the run that has ended, and learn from it.

        Args:
            restarted: the robot restarted while the run was active.
            lost: the robot no longer has the run.
            emptied: the robot no longer has the commands of the run.
            stopped_by: whose stop it was.
            reported: what the robot and its modules reported before a failure.
            active_parts: what is on or hot in the modules.
        """
        run = self.run
        readable = run.ok and not (restarted or lost or emptied)
        result: Result = "Failed" if restarted else _RESULTS.get(run.status, "Failed")
        if restarted and self._current is not None:
            self._tips.take(self._current)
        dropped = self._dropped(result, restarted=restarted)
        if readable:
            self._stock.end(run.id, [pipette.id for pipette in run.pipettes if pipette.mount in dropped])
        else:
            self._stock.lose(run.id)
        started_at = run.started_at or _played_at(run)
        record = RunRecord(
            start=self.start,
            result=result,
            started_at=started_at,
            completed_at=run.completed_at or (None if restarted else self._previous_end),
            seen_ended_at=utc_now(),
            succeeded_commands=self._counts["succeeded"],
            failed_commands=self._counts["failed"],
            skipped_commands=self._counts["skipped"],
            total_commands=self._total,
            failed_step=self._failed_step() if result == "Failed" else None,
            error=f"{self._error(restarted=restarted)} {reported}".rstrip() if result == "Failed" else "",
            restarted=restarted,
            stopped_by=stopped_by if result == "Stopped" else "",
            tips_used=self._tips.used(run),
            final_tips=self._final_tips(result) if readable else unknown_tips(run.pipettes),
            dropped_tip_mounts=dropped,
            paused_s=round(self._paused_s, 3),
            foreign_actions=self._foreign_actions,
            own_actions=tuple(action.taken for action in self.actions if action.own),
            active_parts=active_parts,
        )
        learned = self._step_s + array("f", [self._learn_finish()]) if result == "Succeeded" else None
        self._archive.end(record, learned, self._stock.use_of(run.id))
        self._archive.note_paces(self._paces)
        return record

    def _read_page(self, robot: RobotClient, length: int, *, take_all: bool) -> bool:
        """Take the next commands that have ended; returns whether there are no more now."""
        at = self.completed
        page = robot.commands(self.start.run_id, cursor=at, page_length=length)
        if any(command.status == "queued" for command in page.commands):
            self._listed_ahead = page.total_length
        new = page.commands[max(0, at - page.cursor) :]  # the robot clamps a cursor beyond the end to the last command
        self._current = None
        ended = new if take_all else tuple(itertools.takewhile(lambda one: one.status in ("succeeded", "failed"), new))
        if len(ended) < len(new) and new[len(ended)].status == "running":
            self._current = new[len(ended)]
        self._use_tips(robot, ended)  # first: what is in the log has been applied
        taken = [command.model_dump_json(by_alias=True, exclude_unset=True) for command in ended]
        self._archive.append(self.start.run_id, taken)  # before they count: if it fails, they are read again
        for command in ended:
            self._count(command)
        if self._current is not None:
            self.last_step = step_text(self._current, self.run.labware)
        return len(taken) < len(new) or self.completed >= page.total_length or not new

    def _use_tips(self, robot: RobotClient, commands: Sequence[wire.Command]) -> None:
        run_id = self.start.run_id
        parts, read = RunParts.of(self.run), partial(robot.command, run_id)
        self._stock.take(run_id, commands, parts, read, are_read_again=False)  # but from the log, which goes on there

    def _count(self, command: wire.Command) -> None:
        index = self.completed
        if command.status == "failed" and (command.started_at or command.error):
            self._counts["failed"] += 1
            self._failed = (index, command)
        else:
            self._counts["succeeded" if command.status == "succeeded" else "skipped"] += 1
        self._tips.take(command)
        self._next.note(index, command)
        if command.started_at is not None:
            self.last_step = step_text(command, self.run.labware)
            self._pauses.note(command)
        self._learn(index, command)

    def _learn(self, index: int, command: wire.Command) -> None:
        """Note how long the step took, with the wait before it; NaN where a pause makes that meaningless."""
        expected_s = self._times.expected_s(command)
        taken_s = math.nan
        began, ended = command.started_at, command.completed_at
        if began and ended and index not in self._paused_steps and operator_message(command) is None:
            since = max(self._previous_end, began - _LONGEST_GAP) if self._previous_end else began
            if not any(since <= (action.created_at or began) <= ended for action in self.run.actions[1:]):
                taken_s = max(0.0, (ended - min(since, began)).total_seconds())
                pace = self._paces[command.command_type]
                pace.steps += 1
                pace.expected_s += expected_s
                pace.taken_s += taken_s
        self._step_s.append(taken_s)
        self._previous_end = ended or self._previous_end

    def _learn_finish(self) -> float:
        """Note how long the run went on after its last step; NaN where the robot does not say when it ended."""
        if self.run.completed_at is None or self._previous_end is None:
            return math.nan
        finish_s = max(0.0, (self.run.completed_at - self._previous_end).total_seconds())
        self._paces[FINISH] = StepPace(1, FINISH_S, finish_s)
        return finish_s

    def _note_pause(self, status: RunStatus) -> None:
        now = utc_now()
        if status in PAUSED:
            self._paused_since = self._paused_since or now
        elif self._paused_since is not None:
            self._paused_s += (now - self._paused_since).total_seconds()
            self._paused_since = None

    def _failed_step(self) -> FailedStep | None:
        if self._failed is None:
            return None
        index, command = self._failed
        error = command.error.root() if command.error else wire.ErrorOccurrence()
        what = step_text(command, self.run.labware) or command.command_type
        return FailedStep(
            index=index,
            name=command.command_type,
            error_code=error.error_code or error.error_type,
            detail=(command.error.detail if command.error else "") or error.detail,
            advice=translate.failure(what, command.error).remedy if command.error else "",
        )

    def _error(self, *, restarted: bool) -> str:
        if restarted:
            return f"The robot restarted during the run; the last step seen was: {self.last_step or 'none'}."
        return "; ".join(f"{error.detail} ({error.error_type})" for error in self.run.errors)

    def _final_tips(self, result: Result) -> tuple[MountTip, ...]:
        states = self._tips.states(self.run)
        dropped = self._dropped(result, restarted=False)
        unsure = result == "Failed"  # a robot that failed may not have been able to drop anything
        return tuple(
            MountTip(
                mount=tip.mount,
                state="NoTip" if tip.mount in dropped else "Unknown" if unsure and tip.state == "Tip" else tip.state,
            )
            for tip in states
        )

    def _dropped(self, result: Result, *, restarted: bool) -> tuple[str, ...]:
        """At the end of a played run the robot homes and drops the tips that it knows of into the trash."""
        if result == "Failed" or restarted or _played_at(self.run) is None:
            return ()
        return self._tips.believed(self.run)


_RESULTS: dict[str, Result] = {"succeeded": "Succeeded", "failed": "Failed", "stopped": "Stopped"}
_LONGEST_GAP = datetime.timedelta(seconds=2)
"""A longer wait between two commands belongs to neither."""


def _played_at(run: wire.Run) -> datetime.datetime | None:
    return next((action.created_at for action in run.actions if action.action_type == "play"), None)
