"""Command executions whose errors clients can remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.sila import Execution


@contextmanager
def followed(execution: Execution, recovery: Recovery, actions: RunActions) -> Iterator[Callable[[str], None]]:
    """Let clients remedy errors of a command within; yields what is called with its run, which can be paused then."""
    with recovery.watching(
        execution.identifier, execution.execution_uuid, execution.cancelled, stops_run=True
    ) as follow:

        def begin(run_id: str) -> None:
            let_pause(execution, actions, run_id)
            follow(run_id)

        yield begin
