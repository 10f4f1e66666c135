"""The properties of RunController: the current run, the runs that have ended, and whether one may be started."""

from __future__ import annotations

from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.runs.start_permission import StartPermission
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.tracking.status.run_status import RunStatus
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.generated.run_controller import CompletedRun, Permission, RunSummary
from sila_ot2.implementations.run_mapping import permission_of, record_of, summary_of
from sila_ot2.sila import ObservableProperty


class ShownRuns:
    """Follows every change of the sources that it is given."""

    def __init__(self, state: Observable[RobotState], registry: RunRegistry, permission: StartPermission) -> None:
        self.current_run: ObservableProperty[list[RunSummary]] = ObservableProperty([])
        self.run_status: ObservableProperty[str] = ObservableProperty("Unknown")
        self.operator_prompt: ObservableProperty[str] = ObservableProperty("")
        self.next_steps: ObservableProperty[list[str]] = ObservableProperty([])
        self.history: ObservableProperty[list[CompletedRun]] = ObservableProperty([])
        self.start_permission: ObservableProperty[Permission] = ObservableProperty(permission_of(()))
        state.derive(lambda state: (state.run_status, state.run)).subscribe(lambda current: self._show(*current))
        registry.history.subscribe(lambda records: self.history.set([record_of(record) for record in records]))
        permission.obstacles.subscribe(lambda found: self.start_permission.set(permission_of(found)))

    def _show(self, status: RunStatus, run: RunView | None) -> None:
        self.current_run.set([summary_of(run)] if run else [])
        self.run_status.set(status.value)
        self.operator_prompt.set(run.message if run else "")
        self.next_steps.set(list(run.next_steps) if run else [])
