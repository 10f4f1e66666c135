"""AtomicLiquidHandling: mapping between SiLA's types and the driver's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from sila_ot2.driver.deck.plans.plan import PlannedCommand
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.pipettes import MOUNTS, Mount, SessionPipette, fresh_pipette
from sila_ot2.driver.liquid_handling.liquid_classes import NO_CLASSES, LiquidClasses
from sila_ot2.driver.liquid_handling.transfers import BlowOutPlace, TipPolicy, TransferOptions
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.session.session_state import LastOutcome, SessionState
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.driver.worklists import worklist
from sila_ot2.generated.atomic_liquid_handling import (
    CommandOutcome,
    CommandRecord,
    ConsolidateParameters,
    DistributeParameters,
    LabwareState,
    ModuleState,
    PipetteState,
    ReportedPosition,
    SessionSummary,
    TransferParameters,
)
from sila_ot2.robot import wire
from sila_ot2.times import utc_now


def record_of(commands: Sequence[wire.Command], *, simulated: bool) -> CommandRecord:
    """Return when and as what the robot carried the commands out; the last one's name, from the first one's start."""
    now = utc_now()
    if not commands:
        return CommandRecord("", now, now, simulated)
    started_at, completed_at = commands[0].started_at or now, commands[-1].completed_at or now
    return CommandRecord(commands[-1].id, started_at, completed_at, simulated)


def summary_of(state: SessionState | None) -> list[SessionSummary]:
    """Return the property Session."""
    if state is None:
        return []
    return [SessionSummary(state.phase.value, state.run_id, state.opened_at, state.displaced_by)]


def outcome_of(outcome: LastOutcome | None, *, simulated: bool) -> list[CommandOutcome]:
    """Return the property LastCommand."""
    if outcome is None:
        return []
    return [
        CommandOutcome(
            outcome.name,
            outcome.command_id,
            outcome.result,
            outcome.started_at,
            [outcome.completed_at] if outcome.completed_at else [],
            outcome.fault.identifier if outcome.fault else "",
            str(outcome.fault) if outcome.fault else "",
            simulated,
        )
    ]


def axis_of(axis: str) -> Literal["x", "y", "z"]:
    """Return the robot's name of an axis of the deck."""
    return cast(Literal["x", "y", "z"], axis.lower())


def format_of(form: str) -> worklist.Format:
    """Return the driver's name of a worklist's format."""
    return cast(worklist.Format, form.lower())


def options_of(
    given: TransferParameters | DistributeParameters | ConsolidateParameters, classes: LiquidClasses = NO_CLASSES
) -> TransferOptions:
    """Return how liquid is to be moved, with the liquid classes that the parameters may name."""
    return TransferOptions(
        given.mount,
        cast(TipPolicy, given.tip_policy.lower()),
        given.mix_before,
        given.mix_after,
        given.air_gap_ul,
        cast(BlowOutPlace, given.blow_out.lower()),
        given.touch_tip,
        given.flow_rate_ul_s,
        given.source_height_mm,
        given.target_height_mm,
        given.liquid_class,
        classes,
    )


def well_in(planned: PlannedCommand) -> str:
    """Return where a movement goes, for people."""
    well = planned.params.get("wellName", "")
    return f"{well} of {planned.params['labwareId']}" if well else ""


def tips_in(planned: Sequence[PlannedCommand]) -> int:
    """Return how many times tips were picked up."""
    return sum(command.command_type == "pickUpTip" for command in planned)


def pipettes_of(deck_state: DeckState, uncertain_tips: UncertainTips, machine: Machine) -> list[PipetteState]:
    """Return the property PipetteStates: the session's pipettes, and in any case those in doubt."""
    for pipette in machine.attached_pipettes:
        mount = cast(Mount, pipette.mount)
        if mount in uncertain_tips.current.value and mount not in deck_state.pipettes:
            deck_state = deck_state.with_pipette(fresh_pipette(mount, "", pipette.instrument_name))
    deck_state = uncertain_tips.applied_to(deck_state)
    return [_pipette(deck_state.pipettes[mount]) for mount in MOUNTS if mount in deck_state.pipettes]


def _pipette(pipette: SessionPipette) -> PipetteState:
    tip = "Unknown" if pipette.untracked_tip else "Tip" if pipette.tip else "NoTip"
    return PipetteState(
        pipette.mount,
        pipette.pipette_id,
        pipette.name,
        pipette.model.channels,
        pipette.nozzles.active,
        pipette.model.min_volume_ul,
        pipette.capacity_ul,
        tip,
        pipette.tip.rack_id if pipette.tip else "",
        pipette.tip.well if pipette.tip else "",
        pipette.volume_ul,
        pipette.evidence.value,
    )


def labware_of(deck_state: DeckState) -> list[LabwareState]:
    """Return the property LoadedLabware."""
    return [
        LabwareState(labware.labware_id, labware.uri, labware.display_name, labware.location)
        for labware in deck_state.labware.values()
    ]


def modules_of(deck_state: DeckState) -> list[ModuleState]:
    """Return the property LoadedModules."""
    return [
        ModuleState(module.module_id, module.model, module.serial_number, module.slot)
        for module in deck_state.modules.values()
    ]


def position_of(deck_state: DeckState) -> list[ReportedPosition]:
    """Return the property Position."""
    position = deck_state.position
    return [ReportedPosition(*position)] if position else []
