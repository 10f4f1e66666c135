"""The feature RunController."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from sila_ot2.driver.analyses import Parameters
from sila_ot2.driver.run_actions import RunActions
from sila_ot2.driver.run_tracker import RunView
from sila_ot2.driver.runs import Runs, RunWish
from sila_ot2.driver.snapshot import Snapshot
from sila_ot2.driver.watcher import Watcher
from sila_ot2.generated.run_controller import (
    CompletedRun,
    LabwareOffset,
    ParameterValue,
    RunControllerBase,
    RunSummary,
    StopRunResponses,
)
from sila_ot2.implementations.run_words import offsets_of, progress_of, record_of, summary_of, values_of
from sila_ot2.sila import Call, Execution, ObservableProperty


class RunController(RunControllerBase):
    """Runs of protocols."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"RunProtocol"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"PauseRun", "StopRun"})
    INTERRUPTS: ClassVar[frozenset[str]] = frozenset(
        f"{RunControllerBase.FEATURE}/Command/{command}" for command in ("PauseRun", "ResumeRun", "StopRun")
    )
    """Commands that wait for no other (fully qualified)."""

    def __init__(self, runs: Runs, actions: RunActions, watcher: Watcher) -> None:
        self._runs = runs
        self._actions = actions
        self.CurrentRun: ObservableProperty[list[RunSummary]] = ObservableProperty([])
        self.RunStatus: ObservableProperty[str] = ObservableProperty("Unknown")
        watcher.snapshot.subscribe(self._tell)

    def RunProtocol(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        LabwareOffsets: list[LabwareOffset],
        RunLabel: str,
        *,
        execution: Execution,
    ) -> CompletedRun:
        """Run a protocol from beginning to end."""
        wish = RunWish(
            ProtocolIdentifier, Parameters(values_of(ParameterValues)), offsets_of(LabwareOffsets), label=RunLabel
        )
        record = self._runs.run_protocol(
            wish,
            cancelled=execution.cancelled,
            watch=_reporting_to(execution),
            created=lambda run_id: self._let_pause(execution, run_id),
        )
        return record_of(record)

    def PauseRun(self, RunIdentifier: str, *, call: Call) -> None:
        """Pause a run."""
        self._actions.pause(RunIdentifier)

    def ResumeRun(self, RunIdentifier: str, *, call: Call) -> None:
        """Resume a run."""
        self._actions.resume(RunIdentifier)

    def StopRun(self, RunIdentifier: str, Force: bool, *, execution: Execution) -> StopRunResponses:
        """Stop a run."""
        record = self._actions.stop(RunIdentifier, force=Force, cancelled=execution.cancelled)
        return StopRunResponses(record.start.run_id, record.result, list(record.dropped_tip_mounts))

    def _let_pause(self, execution: Execution, run_id: str) -> None:
        execution.allow_pause(lambda: self._actions.pause(run_id), lambda: self._actions.resume(run_id))

    def _tell(self, snapshot: Snapshot) -> None:
        self.CurrentRun.set([summary_of(snapshot.run)] if snapshot.run else [])
        self.RunStatus.set(snapshot.run_status.value)


def _reporting_to(execution: Execution) -> Callable[[RunView], None]:
    def report(view: RunView) -> None:
        execution.report(view.progress, view.remaining_s)
        execution.send_intermediate(progress_of(view))

    return report
