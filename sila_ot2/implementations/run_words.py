"""Runs in the words of the contract."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from sila_ot2.driver.run_tracker import RunView
from sila_ot2.generated.run_controller import (
    CommandFailure,
    CompletedRun,
    LabwareOffset,
    MountTipState,
    ParameterValue,
    RunProgress,
    RunSummary,
)
from sila_ot2.store.runs import KeptOffset, RunRecord


def values_of(parameters: Iterable[ParameterValue]) -> dict[str, str]:
    """Return run-time parameter values by name."""
    return {parameter.Name: parameter.Value for parameter in parameters}


def offsets_of(offsets: Iterable[LabwareOffset]) -> tuple[KeptOffset, ...]:
    """Return labware offsets as the driver knows them."""
    return tuple(
        KeptOffset(
            definition_uri=offset.DefinitionUri,
            slot=offset.Slot,
            module_model=offset.ModuleModel,
            x_mm=offset.X,
            y_mm=offset.Y,
            z_mm=offset.Z,
        )
        for offset in offsets
    )


def progress_of(view: RunView) -> RunProgress:
    """Return where a run stands."""
    return RunProgress(
        RunIdentifier=view.run_id,
        Status=view.status.value,
        CurrentCommandName=view.command_name,
        CurrentStepText=view.step,
        CompletedCommands=view.completed,
        TotalCommands=view.total,
        PauseReason=view.pause_reason.value,
        OperatorMessage=view.message,
    )


def summary_of(view: RunView) -> RunSummary:
    """Return a run that is current."""
    return RunSummary(
        RunIdentifier=view.run_id,
        Origin=view.start.origin,
        Status=view.status.value,
        ProtocolIdentifier=view.start.protocol_identifier,
        Label=view.start.label,
        StartedAt=_maybe(view.started_at),
        CompletedCommands=view.completed,
        TotalCommands=view.total,
        RemainingTime=[] if view.remaining_s is None else [view.remaining_s],
        PauseReason=view.pause_reason.value,
        PauseMessage=view.message,
    )


def record_of(record: RunRecord) -> CompletedRun:
    """Return the record of a run."""
    failed = record.failed_step
    return CompletedRun(
        RunIdentifier=record.start.run_id,
        Origin=record.start.origin,
        ProtocolIdentifier=record.start.protocol_identifier,
        Label=record.start.label,
        Result=record.result,
        StartedAt=_maybe(record.started_at),
        CompletedAt=_maybe(record.completed_at),
        Duration=record.duration_s,
        CompletedCommands=record.succeeded_commands,
        TotalCommands=record.total_commands,
        Explanation=record.explanation,
        FailedCommand=[CommandFailure(failed.index, failed.name, failed.error_code, failed.detail, failed.advice)]
        if failed
        else [],
        TipsUsed=record.tips_used,
        FinalTipState=[MountTipState(tip.mount, tip.state) for tip in record.final_tips],
        RobotSoftwareVersion=record.start.robot_software,
    )


def _maybe(instant: datetime.datetime | None) -> list[datetime.datetime]:
    return [instant] if instant else []
