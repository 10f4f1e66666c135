"""Runs of protocols and worklists as observable commands: followed, paused and cancelled as executions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sila_ot2.driver.recovery.recovery import Recovery
from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.request_keys import RequestKey
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.session.session import Moved
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.queued_runs import QueuedResult, QueuedRuns
from sila_ot2.implementations.recovering import followed
from sila_ot2.sila import Execution
from sila_ot2.store.runs import RunRecord


def run_protocol(
    runs: Runs,
    actions: RunActions,
    specification: RunSpecification,
    execution: Execution,
    recovery: Recovery,
    on_change: Callable[[RunView], None],
) -> RunRecord:
    """Run a protocol from beginning to end as this execution: cancelling it stops the run, and it can be paused.

    Errors that clients can remedy are listed meanwhile.

    Raises:
        OT2Fault: as `Runs.run_protocol`.
    """
    with followed(execution, recovery, actions) as follow:
        return runs.run_protocol(specification, cancelled=execution.cancelled, on_change=on_change, created=follow)


def execute_queued(
    queued: QueuedRuns,
    content: bytes,
    form: worklist.Format,
    key: str,
    execution: Execution,
    recovery: Recovery,
    moved: Moved = lambda *_: None,
) -> QueuedResult:
    """Execute a worklist as a run of its own and as this execution: cancelling it stops the run, and it can be paused.

    Args:
        queued: of the robot.
        content: the worklist.
        form: its format.
        key: the client's name for its request; empty: none.
        execution: the command's.
        recovery: lists errors that clients can remedy.
        moved: called after each command of the robot.

    Raises:
        WorklistInvalid: the list has an error; nothing moved.
        OT2Fault: as `QueuedRuns.execute`.
    """
    steps = worklist.read(content, form, queued.transfer_lists)
    with followed(execution, recovery, queued.actions) as follow:
        return queued.execute(
            "ExecuteWorklist",
            worklist.plan_of(steps, queued.release),
            cancelled=execution.cancelled,
            report=execution.report,
            moved=moved,
            started=follow,
            key=RequestKey.of(key, "ExecuteWorklist", hashlib.sha256(content).hexdigest(), form),
        )
