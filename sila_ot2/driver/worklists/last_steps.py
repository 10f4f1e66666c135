"""How far the last command of many steps came: what is done, what is in doubt, and what was not begun.

What was begun and is not known to have ended is in doubt: nothing says that it was not done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.worklists.effects import effects_of, movement
from sila_ot2.driver.worklists.worklist import Format, Row, rest_of
from sila_ot2.errors import CommandCancelled, OT2Fault, OutcomeUnknown, RunStopped
from sila_ot2.robot import wire
from sila_ot2.store.last_steps import KeptSteps, LastStepsStore
from sila_ot2.store.write_down import write_down
from sila_ot2.times import utc_now

AT_WORK, INTERRUPTED = "AtWork", "Interrupted"
NOTHING = KeptSteps(outcome="Nothing", details="{}")
"""No command of many steps has begun anything yet."""
MOST_LISTED = 1_000
"""Movements and rows that a report lists one by one."""


class MovementProgress(Enum):
    """What is known of a movement."""

    NOT_BEGUN = "not begun"
    IN_DOUBT = "in doubt"
    """Begun, and not known to have ended as it should."""
    DONE = "done"


@dataclass(frozen=True)
class ReadWorklist:
    """A worklist as it was given, and its steps."""

    content: bytes
    form: Format
    rows: Sequence[Row]


class Attempt:
    """One execution of a command of many steps."""

    def __init__(self, last: LastSteps, command: str, worklist: ReadWorklist | None) -> None:
        """As for `LastSteps.following`."""
        self._last = last
        self._command = command
        self._worklist = worklist
        self._before = NOTHING
        self._started_at = utc_now()
        self._deck_state = DeckState()
        self._planned: Sequence[PlannedCommand] = ()
        self._progress: list[MovementProgress] = []
        self._command_ids: Sequence[str] = ()
        self._run_id = ""
        self._begun = False

    def noting(self, plan: CommandPlan) -> CommandPlan:
        """Return a plan that lets this know what is planned."""

        def noted(deck_state: DeckState) -> Sequence[PlannedCommand]:
            planned = plan(deck_state)
            self._deck_state, self._planned = deck_state, planned
            self._progress = [MovementProgress.NOT_BEGUN] * len(planned)
            return planned

        return noted

    def begin(self, number: int) -> None:
        """Note that a movement is about to be sent, counted from 0.

        Raises:
            StorageFull: the first one cannot be noted.
        """
        self._begin()
        self._progress[number] = MovementProgress.IN_DOUBT

    def end(self, number: int) -> None:
        """Note that a movement was carried out, counted from 0."""
        self._progress[number] = MovementProgress.DONE

    def not_sent(self) -> None:
        """Note that nothing was done of the movement that was begun last."""
        self._progress = [
            MovementProgress.NOT_BEGUN if each is MovementProgress.IN_DOUBT else each for each in self._progress
        ]

    def play(self, run_id: str, command_ids: Sequence[str]) -> None:
        """Note that a run is about to be started, whose commands these are; as long as its log is not read, all may be.

        Raises:
            StorageFull: it cannot be noted.
        """
        self._run_id, self._command_ids = run_id, command_ids
        self._begin()
        self._progress = [MovementProgress.IN_DOUBT] * len(self._planned)

    def not_played(self) -> None:
        """Note that the run was not started."""
        self._progress = [MovementProgress.NOT_BEGUN] * len(self._planned)

    def read_log(self, listed: Sequence[wire.Command]) -> None:
        """Take in the log of the run, which has ended."""
        by_id = {command.id: command for command in listed}
        if any(command_id not in by_id for command_id in self._command_ids):
            return  # the robot has lost some of it
        self._progress = [progress_of(by_id[command_id]) for command_id in self._command_ids]

    def close(self, outcome: str, error: str = "") -> None:
        """Keep how far it came; what was kept before stays if nothing of it was begun."""
        if not self._begun:
            return
        if outcome != "Succeeded" and all(each is MovementProgress.NOT_BEGUN for each in self._progress):
            self._last.write_down(self._before)
            return
        if outcome == "Succeeded":
            self._progress = [MovementProgress.DONE] * len(self._planned)
        kept = KeptSteps(outcome=outcome, details=json.dumps(self._report(outcome, error)), rest=self._rest())
        self._last.write_down(kept)

    def _begin(self) -> None:
        if self._begun:
            return
        self._before = self._last.latest
        self._last.write(KeptSteps(outcome=AT_WORK, details=json.dumps(self._head(AT_WORK, ""))))
        self._begun = True

    def _head(self, outcome: str, error: str) -> dict[str, Any]:
        return {
            "command": self._command,
            "outcome": outcome,
            "error": error,
            "run": self._run_id,
            "started_at": self._started_at.isoformat(),
            "movements": len(self._planned),
        }

    def _report(self, outcome: str, error: str) -> dict[str, Any]:
        of = {progress: self._of(progress) for progress in MovementProgress}
        done, doubtful = of[MovementProgress.DONE], of[MovementProgress.IN_DOUBT]
        effects = effects_of(done, self._deck_state)
        tips = [*effects.tips, *(effects.tip(each) for each in doubtful if each.command_type == "pickUpTip")]
        return {
            **self._head(outcome, error),
            "ended_at": utc_now().isoformat(),
            "movements_done": len(done),
            "movements_in_doubt": len(doubtful),
            "movements_not_begun": len(of[MovementProgress.NOT_BEGUN]),
            "in_doubt": [movement(each, effects) for each in doubtful[:MOST_LISTED]],
            "wells": effects.wells,
            "tips": tips,
            **(self._rows() if self._worklist else self._not_begun(of[MovementProgress.NOT_BEGUN])),
        }

    def _not_begun(self, commands: Sequence[PlannedCommand]) -> dict[str, Any]:
        effects = effects_of((), self._deck_state)
        return {"not_begun": [movement(each, effects) for each in commands[:MOST_LISTED]]}

    def _rows(self) -> dict[str, Any]:
        rows = self._worklist.rows if self._worklist else ()
        lines: dict[int, set[MovementProgress]] = {}
        for command, progress in zip(self._planned, self._progress, strict=True):
            lines.setdefault(rows[command.step - 1].place.line, set()).add(progress)
        done = [line for line, found in lines.items() if found == {MovementProgress.DONE}]
        left = [line for line, found in lines.items() if found == {MovementProgress.NOT_BEGUN}]
        doubtful = [line for line in lines if line not in {*done, *left}]
        return {
            "rows_done": len(done),
            "last_line_done": done[-1] if done else 0,
            "lines_in_doubt": doubtful[:MOST_LISTED],
            "rows_not_begun": len(left),
            "first_line_not_begun": left[0] if left else 0,
        }

    def _rest(self) -> str:
        if self._worklist is None:
            return ""
        begun = [
            command.step
            for command, progress in zip(self._planned, self._progress, strict=True)
            if progress is not MovementProgress.NOT_BEGUN
        ]
        return rest_of(self._worklist.content, self._worklist.form, self._worklist.rows, max(begun))

    def _of(self, progress: MovementProgress) -> list[PlannedCommand]:
        return [command for command, found in zip(self._planned, self._progress, strict=True) if found is progress]


class LastSteps:
    """One per robot; read from any thread.

    Attributes:
        latest: how far the last command came of which anything was begun.
    """

    def __init__(self, store: LastStepsStore) -> None:
        """Read what is kept; a command that was at work when the last process ended has been interrupted."""
        self._store = store
        self.latest = store.read() or NOTHING
        if self.latest.outcome == AT_WORK:
            explained = "This server ended meanwhile. It is not known how far the command came: look at the robot."
            report = {**json.loads(self.latest.details), "outcome": INTERRUPTED, "error": explained}
            self.write_down(KeptSteps(outcome=INTERRUPTED, details=json.dumps(report)))

    @contextmanager
    def following(self, command: str, worklist: ReadWorklist | None = None) -> Iterator[Attempt]:
        """Follow a command, and keep how far it came when it has ended.

        Args:
            command: its identifier.
            worklist: what it carries out; None: it has no rows.

        Raises:
            OT2Fault: what the block raises.
        """
        attempt = Attempt(self, command, worklist)
        outcome, error = "Unknown", ""
        try:
            yield attempt
            outcome = "Succeeded"
        except OT2Fault as fault:
            outcome, error = _outcome_of(fault), str(fault)
            raise
        finally:
            attempt.close(outcome, error)

    def write(self, kept: KeptSteps) -> None:
        """Keep this in place of what was kept.

        Raises:
            StorageFull: the disk is full.
        """
        self._store.write(kept)
        self.latest = kept

    def write_down(self, kept: KeptSteps) -> None:
        """Keep what has happened already, on the disk if possible."""
        write_down(partial(self._store.write, kept), "how far the last command of many steps came")
        self.latest = kept


def progress_of(command: wire.Command) -> MovementProgress:
    """Return what is known of a command of a run that has ended."""
    if command.status == "succeeded":
        return MovementProgress.DONE
    return (
        MovementProgress.NOT_BEGUN
        if command.started_at is None and command.status != "running"
        else MovementProgress.IN_DOUBT
    )


def _outcome_of(fault: OT2Fault) -> str:
    if isinstance(fault, OutcomeUnknown):
        return "Unknown"
    return "Cancelled" if isinstance(fault, CommandCancelled | RunStopped) else "Failed"
