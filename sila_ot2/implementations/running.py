"""Runs of protocols and worklists as observable commands: followed, paused and cancelled as executions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.request_keys import RequestKey
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.session.session import Moved
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.last_steps import ReadWorklist
from sila_ot2.driver.worklists.queued_runs import QueuedResult, QueuedRuns
from sila_ot2.implementations.recovering import run_followed
from sila_ot2.sila import Execution
from sila_ot2.store.runs import RunRecord


def run_protocol(
    runs: Runs,
    specification: RunSpecification,
    execution: Execution,
    remedies: Remedies,
    on_change: Callable[[RunView], None],
) -> RunRecord:
    """Run a protocol from beginning to end as this execution: cancelling it stops the run, and it can be paused.

    Errors that clients can remedy are listed meanwhile.

    Raises:
        OT2Fault: as `Runs.run_protocol`.
    """
    return run_followed(
        execution,
        remedies,
        runs.actions,
        lambda begin: runs.run_protocol(
            specification, cancelled=execution.cancelled, on_change=on_change, created=begin
        ),
    )


def execute_queued(
    queued: QueuedRuns,
    content: bytes,
    form: worklist.Format,
    key: str,
    execution: Execution,
    remedies: Remedies,
    moved: Moved = lambda *_: None,
) -> QueuedResult:
    """Execute a worklist as a run of its own and as this execution: cancelling it stops the run, and it can be paused.

    Args:
        queued: of the robot.
        content: the worklist.
        form: its format.
        key: the client's name for its request; empty: none.
        execution: the command's.
        remedies: what clients can have done when it cannot go on.
        moved: called after each command of the robot.

    Raises:
        WorklistInvalid: the list has an error; nothing moved.
        OT2Fault: as `QueuedRuns.execute`.
    """
    steps = worklist.read(content, form, queued.transfer_lists)
    with queued.last_steps.following("ExecuteWorklist", ReadWorklist(content, form, steps)) as attempt:
        return run_followed(
            execution,
            remedies,
            queued.actions,
            lambda begin: queued.execute(
                "ExecuteWorklist",
                worklist.plan_of(steps, queued.release, queued.liquid_classes),
                cancelled=execution.cancelled,
                report=execution.report,
                moved=moved,
                started=begin,
                attempt=attempt,
                key=RequestKey.of(key, "ExecuteWorklist", hashlib.sha256(content).hexdigest(), form),
            ),
        )
