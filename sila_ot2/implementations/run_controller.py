"""The feature RunController."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, cast

from sila_ot2.driver.protocols.files import GivenFile
from sila_ot2.driver.protocols.library import Protocols
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.runs.packages import RunPackages
from sila_ot2.driver.runs.release import RunRelease
from sila_ot2.driver.runs.run_files import RunFiles
from sila_ot2.driver.runs.runs import Runs
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.tracking.archive.log import LogFormat, RunLogs
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.generated.run_controller import (
    CompletedRun,
    LabwareOffset,
    ParameterFile,
    ParameterValue,
    RetrieveDeckUseResponses,
    RunControllerBase,
    RunFile,
    RunProgress,
    StopRunResponses,
    SupportFile,
)
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.implementations.recovering import watched
from sila_ot2.implementations.run_mapping import (
    deck_use_of,
    progress_of,
    record_of,
    specification_of,
)
from sila_ot2.implementations.running import run_protocol
from sila_ot2.implementations.shown_runs import ShownRuns
from sila_ot2.sila import Call, Execution


class RunController(RunControllerBase):
    """Runs of protocols."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset(
        {"RunProtocol", "RunUploadedFile", "CreateRun", "StartRun", "DeleteRun"}
    )
    UNLOCKED: ClassVar[frozenset[str]] = frozenset(
        {
            "AttachToRun",
            "PauseRun",
            "StopRun",
            "ListRunFiles",
            "RetrieveDeckUse",
            "RetrieveRunFile",
            "RetrieveRunLog",
            "RetrieveRunPackage",
        }
    )
    INTERRUPTS: ClassVar[frozenset[str]] = frozenset(
        f"{RunControllerBase.FEATURE}/Command/{command}"
        for command in ("PauseRun", "ResumeRun", "StopRun", "ReleaseRun")
    )
    """Commands that wait for no other (fully qualified)."""

    def __init__(
        self,
        protocols: Protocols,
        runs: Runs,
        release: RunRelease,
        logs: RunLogs,
        packages: RunPackages,
        files: RunFiles,
        remedies: Remedies,
        shown: ShownRuns,
    ) -> None:
        self._protocols = protocols
        self._runs = runs
        self._release = release
        self._logs = logs
        self._packages = packages
        self._files = files
        self._remedies = remedies
        self.CurrentRun = shown.current_run
        self.RunStatus = shown.run_status
        self.OperatorPrompt = shown.operator_prompt
        self.NextSteps = shown.next_steps
        self.RunHistory = shown.history
        self.StartPermission = shown.start_permission

    def RunProtocol(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Execution,
    ) -> CompletedRun:
        """Run a protocol from beginning to end."""
        specification = specification_of(
            ProtocolIdentifier,
            ParameterValues,
            ParameterFiles,
            LabwareOffsets,
            use_stored=UseStoredOffsets,
            label=RunLabel,
            key=RequestKey,
        )
        return self._run(specification, execution)

    def RunUploadedFile(
        self,
        FileName: str,
        Content: bytes,
        SupportFiles: list[SupportFile],
        LabwareDefinitions: list[bytes],
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        RequestKey: str,
        *,
        execution: Execution,
    ) -> CompletedRun:
        """Upload, analyze and run a protocol."""
        self._runs.readiness.require_same_robot()
        stored, _ = self._protocols.upload(
            GivenFile(FileName, Content),
            support=[GivenFile(file.FileName, file.Content) for file in SupportFiles],
            labware=LabwareDefinitions,
            cancelled=execution.cancelled,
        )
        specification = specification_of(
            stored.identifier,
            ParameterValues,
            ParameterFiles,
            LabwareOffsets,
            use_stored=UseStoredOffsets,
            label=RunLabel,
            key=RequestKey,
        )
        return self._run(specification, execution)

    def CreateRun(
        self,
        ProtocolIdentifier: str,
        ParameterValues: list[ParameterValue],
        ParameterFiles: list[ParameterFile],
        LabwareOffsets: list[LabwareOffset],
        UseStoredOffsets: bool,
        RunLabel: str,
        *,
        execution: Execution,
    ) -> str:
        """Create a run and do not start it."""
        specification = specification_of(
            ProtocolIdentifier,
            ParameterValues,
            ParameterFiles,
            LabwareOffsets,
            use_stored=UseStoredOffsets,
            label=RunLabel,
        )
        return self._runs.create(specification, cancelled=execution.cancelled)

    def StartRun(self, RunIdentifier: str, RequestKey: str, *, execution: Execution) -> CompletedRun:
        """Start a run that was created, and watch it to its end."""
        let_pause(execution, self._runs.actions, RunIdentifier)
        with watched(execution, self._remedies.recovery) as found:
            record = self._remedies.attempt(
                found,
                lambda: self._runs.start(
                    RunIdentifier,
                    cancelled=execution.cancelled,
                    on_change=_reporting_to(execution),
                    request_key=RequestKey,
                    begun=lambda: self._remedies.recovery.follow(found, RunIdentifier),
                ),
            )
        return record_of(record)

    def AttachToRun(self, RunIdentifier: str, *, execution: Execution) -> CompletedRun:
        """Watch a run to its end."""
        with watched(execution, self._remedies.recovery, stops_run=False) as found:
            self._remedies.recovery.follow(found, RunIdentifier)
            record = self._runs.watch.attach(
                RunIdentifier, cancelled=execution.cancelled, on_change=_reporting_to(execution)
            )
        return record_of(record)

    def PauseRun(self, RunIdentifier: str, *, call: Call) -> None:
        """Pause a run."""
        self._runs.actions.pause(RunIdentifier)

    def ResumeRun(self, RunIdentifier: str, *, call: Call) -> None:
        """Resume a run."""
        self._runs.actions.resume(RunIdentifier)

    def StopRun(self, RunIdentifier: str, Force: bool, *, execution: Execution) -> StopRunResponses:
        """Stop a run."""
        record = self._runs.actions.stop(RunIdentifier, force=Force, cancelled=execution.cancelled)
        return StopRunResponses(record.start.run_id, record.result, list(record.dropped_tip_mounts))

    def ReleaseRun(self, RunIdentifier: str, Force: bool, *, execution: Execution) -> None:
        """Make the current run give up the robot."""
        self._release.release(RunIdentifier, force=Force, cancelled=execution.cancelled)

    def DeleteRun(self, RunIdentifier: str, *, call: Call) -> None:
        """Delete a run from the robot."""
        self._runs.removal.delete(RunIdentifier)

    def RetrieveRunLog(self, RunIdentifier: str, Format: str, *, execution: Execution) -> bytes:
        """Return every command of a run."""
        return self._logs.retrieve(RunIdentifier, cast("LogFormat", Format), cancelled=execution.cancelled)

    def RetrieveDeckUse(self, RunIdentifier: str, *, call: Call) -> RetrieveDeckUseResponses:
        """Return what a run has done to wells and tips."""
        return deck_use_of(self._logs.deck_use(RunIdentifier))

    def RetrieveRunPackage(self, RunIdentifier: str, *, execution: Execution) -> bytes:
        """Return everything that is kept of a run."""
        return self._packages.make(RunIdentifier, cancelled=execution.cancelled)

    def ListRunFiles(self, RunIdentifier: str, *, call: Call) -> list[RunFile]:
        """List the files that the robot keeps of a run."""
        return [
            RunFile(
                FileIdentifier=file.id,
                FileName=file.filename,
                MediaType=file.mime_type,
                Generated=file.generated,
                Stored=file.stored,
            )
            for file in self._files.files_of_run(RunIdentifier)
        ]

    def RetrieveRunFile(self, RunIdentifier: str, FileIdentifier: str, *, execution: Execution) -> bytes:
        """Read one of them from the robot."""
        return self._files.content_of_file(RunIdentifier, FileIdentifier, cancelled=execution.cancelled)

    def _run(self, specification: RunSpecification, execution: Execution) -> CompletedRun:
        return record_of(run_protocol(self._runs, specification, execution, self._remedies, _reporting_to(execution)))


def _reporting_to(execution: Execution) -> Callable[[RunView], None]:
    reported: RunProgress | None = None

    def report(view: RunView) -> None:
        nonlocal reported
        execution.report(view.progress, view.remaining_s)
        if (progress := progress_of(view)) != reported:
            execution.send_intermediate(progress)
            reported = progress

    return report
