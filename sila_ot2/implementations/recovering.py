"""Command executions that wait for what a client chooses when they cannot go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sila_ot2.driver.recovery.recovery import Recovery, WatchedExecution
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.sila import Execution

T = TypeVar("T")


@contextmanager
def watched(execution: Execution, recovery: Recovery, *, stops_run: bool = True) -> Iterator[WatchedExecution]:
    """Let clients remedy errors of a command within."""
    with recovery.watching(
        execution.identifier, execution.execution_uuid, execution.cancelled, stops_run=stops_run
    ) as found:
        yield found


def run_followed(
    execution: Execution, remedies: Remedies, actions: RunActions, run: Callable[[Callable[[str], None]], T]
) -> T:
    """Run something as a run of the robot; clients can remedy its errors, and pause it.

    Args:
        execution: the command's.
        remedies: of the robot.
        actions: by which the run is paused and resumed.
        run: called with what it calls with its run: from then on it is not done a second time.
    """
    with watched(execution, remedies.recovery) as found:

        def begin(run_id: str) -> None:
            let_pause(execution, actions, run_id)
            remedies.recovery.follow(found, run_id)

        return remedies.attempt(found, lambda: run(begin))
