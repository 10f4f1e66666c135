"""Runs of protocols as observable commands: followed, paused and cancelled as executions."""

from __future__ import annotations

from collections.abc import Callable

from sila_ot2.driver.runs.actions import RunActions
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.sila import Execution
from sila_ot2.store.runs import RunRecord


def run_protocol(
    runs: Runs,
    actions: RunActions,
    specification: RunSpecification,
    execution: Execution,
    on_change: Callable[[RunView], None],
) -> RunRecord:
    """Run a protocol from beginning to end as this execution: cancelling it stops the run, and it can be paused.

    Raises:
        OT2Fault: as `Runs.run_protocol`.
    """
    return runs.run_protocol(
        specification,
        cancelled=execution.cancelled,
        on_change=on_change,
        created=lambda run_id: let_pause(execution, actions, run_id),
    )
