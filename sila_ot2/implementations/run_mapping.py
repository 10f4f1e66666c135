"""Runs in the terms of the contract."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Protocol, get_args

from sila_ot2.driver.protocols.analyses import Parameters
from sila_ot2.driver.runs.obstacles import Obstacle as Found
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.tracking.tracker import RunView
from sila_ot2.generated.run_controller import (
    ActivePart,
    CommandFailure,
    CompletedRun,
    ForeignAction,
    LabwareOffset,
    LeftOutOffset,
    MountTipState,
    Obstacle,
    OwnAction,
    ParameterFile,
    ParameterValue,
    Permission,
    RetrieveDeckUseResponses,
    RunProgress,
    RunSummary,
    TipRackUse,
    WellUse,
)
from sila_ot2.implementations.active_parts import part_fields
from sila_ot2.store.deck_use import DeckUse, LabwareUse, TipUse
from sila_ot2.store.runs import KeptOffset, RunRecord, TakenAction


class _Value(Protocol):
    """A parameter value of either feature."""

    @property
    def Name(self) -> str: ...  # noqa: D102
    @property
    def Value(self) -> str: ...  # noqa: D102


class _ParameterFile(Protocol):
    """A parameter file of either feature."""

    @property
    def Name(self) -> str: ...  # noqa: D102
    @property
    def DataFileIdentifier(self) -> str: ...  # noqa: D102


def specification_of(
    protocol: str,
    values: Iterable[ParameterValue],
    files: Iterable[ParameterFile],
    offsets: Iterable[LabwareOffset],
    *,
    use_stored: bool,
    label: str,
    key: str = "",
) -> RunSpecification:
    """Return a run as it was asked for."""
    return RunSpecification(protocol, parameters_of(values, files), offsets_of(offsets), use_stored, label, key)


def parameters_of(values: Iterable[_Value], files: Iterable[_ParameterFile]) -> Parameters:
    """Return run-time parameters by name."""
    return Parameters(
        {value.Name: value.Value for value in values}, {file.Name: file.DataFileIdentifier for file in files}
    )


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


def permission_of(found: Iterable[Found]) -> Permission:
    """Return whether a run may start."""
    listed = tuple(found)
    reasons = [Obstacle(one.code.value, one.explanation, one.remedy) for one in listed]
    return Permission(Allowed=not any(one.blocks for one in listed), Reasons=reasons)


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
        TipsUsed=view.tips_used,
        RemainingTime=[] if view.remaining_s is None else [view.remaining_s],
        PauseReason=view.pause_reason.value,
        PauseMessage=view.message,
        ForeignActions=_foreign(view.foreign_actions),
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
        ForeignActions=_foreign(record.foreign_actions),
        OwnActions=[OwnAction(Action=action.action, OccurredAt=action.at) for action in record.own_actions],
        AppliedOffsets=[
            LabwareOffset(one.definition_uri, one.slot, one.module_model, one.x_mm, one.y_mm, one.z_mm)
            for one in record.start.offsets
        ],
        LeftOutOffsets=[
            LeftOutOffset(one.offset.definition_uri, one.offset.slot, one.offset.module_model, one.reason)
            for one in record.start.left_out_offsets
        ],
        ActiveParts=[ActivePart(*part_fields(one)) for one in record.active_parts],
        Simulated=record.start.simulated,
    )


def deck_use_of(use: DeckUse) -> RetrieveDeckUseResponses:
    """Return what a run has done to wells and tips."""
    wells = [
        WellUse(one.location, labware_id, one.definition_uri, name, well.drawn_ul, well.dispensed_ul, well.in_doubt)
        for labware_id, one in use.labware.items()
        for name, well in one.wells.items()
    ]
    racks = [
        TipRackUse(one.location, labware_id, one.definition_uri, *(_places(one, state) for state in get_args(TipUse)))
        for labware_id, one in use.labware.items()
        if one.tips
    ]
    return RetrieveDeckUseResponses(wells, racks, use.is_complete)


def _places(labware: LabwareUse, state: TipUse) -> list[str]:
    return [place for place, found in labware.tips.items() if found == state]


def _foreign(actions: Iterable[TakenAction]) -> list[ForeignAction]:
    return [ForeignAction(Action=action.action, OccurredAt=action.at) for action in actions]


def _maybe(instant: datetime.datetime | None) -> list[datetime.datetime]:
    return [instant] if instant else []
