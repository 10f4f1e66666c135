"""The feature OT2WorkflowService: runs in texts and numbers only."""

from __future__ import annotations

import json
from typing import ClassVar

from sila_ot2.driver.monitor.device_status import device_status
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.recovery.recovery import RecoverableError
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.runs.text_requests import TextRequests
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.driver.worklists.rest_of_run import RestsOfRuns
from sila_ot2.errors import RunNotFound
from sila_ot2.generated.ot2_workflow_service import (
    ExecuteWorklistTextResponses,
    OT2WorkflowServiceBase,
    RetrieveRunResultResponses,
    RetrieveUnfinishedRunWorkResponses,
    RetrieveUnfinishedWorkResponses,
    RunProtocolTextResponses,
    RunStoredProtocolResponses,
    UploadProtocolTextResponses,
)
from sila_ot2.implementations.running import execute_queued, run_protocol
from sila_ot2.sila import Call, Execution
from sila_ot2.store.runs import RunRecord


class OT2WorkflowService(OT2WorkflowServiceBase):
    """Runs of protocols for tools that know only texts and numbers."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"RunProtocolText", "RunStoredProtocol", "ExecuteWorklistText"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset(
        {"RetrieveRunResult", "RetrieveUnfinishedWork", "RetrieveUnfinishedRunWork"}
    )
    INTERRUPTS: ClassVar[frozenset[str]] = frozenset({f"{OT2WorkflowServiceBase.FEATURE}/Command/AnswerError"})
    """Commands that wait for no other (fully qualified)."""

    def __init__(
        self,
        requests: TextRequests,
        runs: Runs,
        queued: QueuedRuns,
        registry: RunRegistry,
        state: Observable[RobotState],
        remedies: Remedies,
        rests: RestsOfRuns,
        *,
        displace_idle: bool,
    ) -> None:
        self._requests = requests
        self._runs = runs
        self._queued = queued
        self._registry = registry
        self._state = state
        self._remedies = remedies
        self._rests = rests
        self._displace_idle = displace_idle

    def UploadProtocolText(
        self, FileName: str, ProtocolText: str, *, execution: Execution
    ) -> UploadProtocolTextResponses:
        """Take a protocol into the library."""
        stored = self._requests.upload(FileName, ProtocolText, cancelled=execution.cancelled)
        return UploadProtocolTextResponses(stored.identifier, stored.name)

    def UploadDataText(self, FileName: str, DataText: str, *, call: Call) -> str:
        """Keep a CSV file."""
        return self._requests.upload_data(FileName, DataText).identifier

    def RunProtocolText(
        self,
        FileName: str,
        ProtocolText: str,
        ParameterValuesText: str,
        ParameterFilesText: str,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Execution,
    ) -> RunProtocolTextResponses:
        """Upload, analyze and run a protocol."""
        self._runs.readiness.require_same_robot()
        protocol = self._requests.upload(FileName, ProtocolText, cancelled=execution.cancelled).identifier
        specification = self._requests.specification(
            protocol, ParameterValuesText, ParameterFilesText, label=RunLabel, key=RequestKey
        )
        return RunProtocolTextResponses(*self._run(specification, execution))

    def RunStoredProtocol(
        self,
        ProtocolName: str,
        ParameterValuesText: str,
        ParameterFilesText: str,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Execution,
    ) -> RunStoredProtocolResponses:
        """Run a protocol of the library."""
        protocol = self._requests.protocol(ProtocolName, RequestKey)
        specification = self._requests.specification(
            protocol, ParameterValuesText, ParameterFilesText, label=RunLabel, key=RequestKey
        )
        return RunStoredProtocolResponses(*self._run(specification, execution))

    def ExecuteWorklistText(
        self, WorklistText: str, RequestKey: str, *, execution: Execution
    ) -> ExecuteWorklistTextResponses:
        """Carry out a list of steps as a run of the robot."""
        result = execute_queued(self._queued, WorklistText.encode(), "csv", RequestKey, execution, self._remedies)
        record = result.record
        return ExecuteWorklistTextResponses(
            record.start.run_id, record.result, result.steps, result.tips, record.duration_s
        )

    def RetrieveRunResult(self, RunIdentifier: str, *, call: Call) -> RetrieveRunResultResponses:
        """Return how a run has ended."""
        view = self._registry.view(RunIdentifier or self._newest_run())
        record, start = view.record, view.start
        if record is None:
            return RetrieveRunResultResponses(start.run_id, "NotEnded", "", "", start.label, view.completed, 0.0)
        return RetrieveRunResultResponses(
            start.run_id,
            record.result,
            record.explanation,
            record.failed_step.name if record.failed_step else "",
            start.label,
            record.succeeded_commands,
            record.duration_s,
        )

    def RetrieveUnfinishedWork(self, *, call: Call) -> RetrieveUnfinishedWorkResponses:
        """Return how far the last command of many steps came."""
        kept = self._queued.last_steps.latest
        return RetrieveUnfinishedWorkResponses(kept.outcome, kept.details, kept.rest)

    def RetrieveUnfinishedRunWork(self, RunIdentifier: str, *, call: Call) -> RetrieveUnfinishedRunWorkResponses:
        """Return how far a run of a protocol came."""
        rest = self._rests.rest_of_run(RunIdentifier or self._newest_run("protocol"))
        report = json.dumps(rest.details, ensure_ascii=False)
        later = "\n".join(map(str, rest.later))
        return RetrieveUnfinishedRunWorkResponses(rest.run_id, rest.outcome, report, rest.not_begun, later)

    def AnswerError(self, CommandExecutionUUID: str, OptionIdentifier: str, *, call: Call) -> None:
        """Do what a client has chosen about a recoverable error."""
        self._remedies.recovery.choose(CommandExecutionUUID, OptionIdentifier)

    def PolledRecoverableErrors(self, *, call: Call) -> str:
        """Return the recoverable errors, one in each line."""
        return "\n".join(line_of(error) for error in self._remedies.recovery.errors.value)

    def PolledDeviceStatus(self, *, call: Call) -> str:
        """Return the status of the robot in one word."""
        return device_status(self._state.value, displace_idle=self._displace_idle).value

    def PolledRunStatus(self, *, call: Call) -> str:
        """Return the status of the current run in one word."""
        return self._state.value.run_status.value

    def PolledOperatorPrompt(self, *, call: Call) -> str:
        """Return what the current run asks an operator."""
        run = self._state.value.run
        return run.message if run else ""

    def _run(self, specification: RunSpecification, execution: Execution) -> tuple[str, str, int, float]:
        record: RunRecord = run_protocol(
            self._runs,
            specification,
            execution,
            self._remedies,
            lambda view: execution.report(view.progress, view.remaining_s),
        )
        return record.start.run_id, record.result, record.succeeded_commands, record.duration_s

    def _newest_run(self, purpose: str = "") -> str:
        """Return the current run, or else the one that ended last; with a purpose, only such a run."""
        run = self._state.value.run
        if run is not None and (not purpose or self._registry.view(run.run_id).start.purpose == purpose):
            return run.run_id
        ended = (record.start for record in self._registry.history.value)
        newest = next((start.run_id for start in ended if not purpose or start.purpose == purpose), None)
        if newest is None:
            raise RunNotFound(
                "No run is current, and none has ended that this server knows of.", "Run a protocol first."
            )
        return newest


def line_of(error: RecoverableError) -> str:
    """Return a recoverable error as one line: execution, error, options and message, with tabs between them."""
    options = ",".join(option.identifier for option in error.condition.options)
    message = " ".join(error.condition.message.split())
    return "\t".join((error.execution_uuid, error.condition.identifier, options, message))
