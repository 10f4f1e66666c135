"""The progress of an observable command, for a person: a bar on a terminal, some lines where there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from sila_ot2.cli.terminal import beside, harmless, span
from sila_ot2.client import Execution, errors
from sila_ot2.client import Progress as State
from sila_ot2.client.execution import interruptible, withdraw
from sila_ot2.client.runs import ENDED_RUN_STATUSES

T = TypeVar("T")
A = ParamSpec("A")
BAR_COLUMNS = 20
NOT_PAUSED = "NotPaused"
LINES_EVERY = 0.2
"""How much has to be done, of 1, for the next line where there is no terminal."""


class ProgressView:
    """Shows how an execution stands, until the block ends; nothing of it stays on a terminal.

    Args:
        label: what it is the progress of.
        console: where; standard error unless given.
    """

    def __init__(self, label: str, console: Console | None = None) -> None:
        self._console = console or beside()
        self._label = label
        self._bar = Progress(
            TextColumn("{task.fields[label]}", markup=False),
            BarColumn(bar_width=BAR_COLUMNS),
            TextColumn("{task.fields[counted]}", markup=False),
            TextColumn("{task.fields[left]}", markup=False),
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None, label=label, counted="", left="")
        self._reported = 0.0
        self._status: str | None = None

    def __enter__(self) -> ProgressView:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, state: State[Any]) -> None:
        """Take over how the execution stands: share, remaining time, the step under way, how many are done."""
        task = self._bar.tasks[self._task]
        details = state.details
        counted, step, status = task.fields["counted"], task.description, ""
        for unit in ("commands", "steps"):
            if hasattr(details, f"completed_{unit}"):
                total = getattr(details, f"total_{unit}")
                counted = f"{getattr(details, f'completed_{unit}')}/{total or '?'}"
        if details is not None and hasattr(details, "status"):
            status = details.status
            # between two steps: the last one
            step = harmless(details.operator_message or details.current_step_text).plain or step
        paused = getattr(details, "pause_reason", NOT_PAUSED) != NOT_PAUSED
        left = (
            f"{span(state.remaining.total_seconds())} left"
            if state.remaining and status not in ENDED_RUN_STATUSES
            else ""
        )
        total_share = None if state.fraction is None else 1.0
        self._bar.update(
            self._task,
            completed=state.fraction or 0.0,
            total=total_share,
            label=f"{self._label} paused" if paused else self._label,
            counted=counted,
            left=left,
            description=step,
        )
        if not self._console.is_terminal and not (state.finished and not status):
            self._print_line(state.fraction or 0.0, status)

    def _print_line(self, share: float, status: str) -> None:
        if self._status == status and share < self._reported + LINES_EVERY:
            return
        task = self._bar.tasks[self._task]
        texts = (status.lower(), task.fields["counted"], task.fields["left"], task.description)
        if any(texts):  # at first the server may have reported nothing
            self._reported, self._status = share, status
            self._console.print("  ".join(filter(None, (self._label, *texts))), markup=False)


def wait_for(label: str, start: Callable[A, Execution[T, Any]], *args: A.args, **kwargs: A.kwargs) -> T:
    """Start an observable command, wait for it with its progress and return its result; Ctrl-C cancels it."""

    def shown(execution: Execution[T, Any]) -> T:
        with ProgressView(label) as view:
            for state in execution:
                view.show(state)
        return execution.result()

    return interruptible(lambda: start(*args, **kwargs), shown, _cancel)


def _cancel(execution: Execution[Any, Any]) -> None:
    error = withdraw(execution)
    if isinstance(error, errors.AnswerLost):
        print(f"sila-ot2: It is not known whether it was cancelled: {error}", file=sys.stderr)
    elif error is not None and not isinstance(error, errors.InvalidCommandExecutionUUID):  # that one has ended
        print(f"sila-ot2: It could not be cancelled and goes on: {error}", file=sys.stderr)
