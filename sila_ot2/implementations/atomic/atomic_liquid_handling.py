"""The feature AtomicLiquidHandling: session, deck and properties; the commands that move are in its parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar, TypeVar, cast

from sila_ot2.driver.deck.slots import loading
from sila_ot2.driver.deck.state.command_results import result_member
from sila_ot2.driver.deck.state.deck_state import DeckState
from sila_ot2.driver.deck.state.labware import OFF_DECK
from sila_ot2.driver.deck.state.pipettes import Mount
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.modules.switch_off import SwitchOff
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.session.reconciliation import Reconciliation
from sila_ot2.driver.session.session import Session
from sila_ot2.driver.session.session_loading import SessionLoading
from sila_ot2.driver.tracking.tips.uncertain_tips import UncertainTips
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.generated.atomic_liquid_handling import (
    ActivePart,
    AtomicLiquidHandlingBase,
    CommandOutcome,
    CommandRecord,
    DefineLabwareParameters,
    LabwareState,
    LoadLabwareParameters,
    LoadLabwareResponses,
    LoadModuleParameters,
    LoadModuleResponses,
    LoadPipetteParameters,
    LoadPipetteResponses,
    ModuleState,
    MoveLabwareParameters,
    PipetteState,
    ReconcileStateParameters,
    RemoveLabwareParameters,
    ReportedPosition,
    SessionSummary,
)
from sila_ot2.implementations.active_parts import part_fields
from sila_ot2.implementations.atomic import mapping as mapping
from sila_ot2.implementations.atomic.composites import AtomicComposites
from sila_ot2.implementations.atomic.liquids import AtomicLiquids
from sila_ot2.implementations.atomic.motions import AtomicMotions
from sila_ot2.implementations.atomic.tips import AtomicTips
from sila_ot2.sila import Execution, ObservableProperty

T = TypeVar("T")


class AtomicLiquidHandling(AtomicTips, AtomicLiquids, AtomicMotions, AtomicComposites, AtomicLiquidHandlingBase):
    """Single commands in a session. All of them act, or change what the session knows: all need the turn."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset(AtomicLiquidHandlingBase.__abstractmethods__)
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()
    DURING_HANDOVER: ClassVar[frozenset[str]] = frozenset({"ReconcileState"})  # it moves nothing

    def __init__(
        self,
        session: Session,
        session_loading: SessionLoading,
        reconciliation: Reconciliation,
        queued: QueuedRuns,
        uncertain_tips: UncertainTips,
        machine: Observable[Machine],
        switch_off: SwitchOff,
        remedies: Remedies,
        *,
        liquid_classes: LiquidClasses,
        allow_raw_commands: bool,
        simulated: bool = False,
    ) -> None:
        self._session = session
        self._session_loading = session_loading
        self._reconciliation = reconciliation
        self._queued = queued
        self._switch_off = switch_off
        self._remedies = remedies
        self._liquid_classes = liquid_classes
        self._allow_raw_commands = allow_raw_commands
        self._simulated = simulated
        self.Session: ObservableProperty[list[SessionSummary]] = ObservableProperty([])
        self.LastCommand: ObservableProperty[list[CommandOutcome]] = ObservableProperty([])
        self.PipetteStates: ObservableProperty[list[PipetteState]] = ObservableProperty([])
        self.LoadedLabware: ObservableProperty[list[LabwareState]] = ObservableProperty([])
        self.LoadedModules: ObservableProperty[list[ModuleState]] = ObservableProperty([])
        self.Position: ObservableProperty[list[ReportedPosition]] = ObservableProperty([])
        session.state.subscribe(lambda state: self.Session.set(mapping.summary_of(state)))
        session.last.subscribe(lambda outcome: self.LastCommand.set(mapping.outcome_of(outcome, simulated=simulated)))
        self._uncertain_tips = uncertain_tips
        self._machine = machine
        self._showing = threading.Lock()
        session.deck_state.subscribe(self._show_pipettes)
        uncertain_tips.current.subscribe(self._show_pipettes)  # they are shown without a session, too
        machine.subscribe(self._show_pipettes)
        self._follow(mapping.labware_of, self.LoadedLabware)
        self._follow(mapping.modules_of, self.LoadedModules)
        self._follow(mapping.position_of, self.Position)

    def OpenSession(self, *, execution: Execution) -> str:
        """Open a session."""
        return self._session.open(cancelled=execution.cancelled).run_id

    def CloseSession(self, *, execution: Execution) -> list[ActivePart]:
        """Close it."""
        was_open = self._session.close(cancelled=execution.cancelled)
        return [ActivePart(*part_fields(part)) for part in self._switch_off.after_session(was_open=was_open)]

    def LoadLabware(self, given: LoadLabwareParameters, *, execution: Execution) -> LoadLabwareResponses:
        """Tell what stands where."""
        commands = self._session_loading.load_labware(
            given.load_name,
            given.namespace,
            given.version,
            given.location,
            given.display_name,
            cancelled=execution.cancelled,
        )
        return LoadLabwareResponses(result_member(commands[-1], "labwareId"), self._record_of(commands))

    def DefineLabware(self, given: DefineLabwareParameters, *, execution: Execution) -> str:
        """Send a custom definition."""
        return self._session.define_labware(given.definition, cancelled=execution.cancelled)

    def LoadPipette(self, given: LoadPipetteParameters, *, execution: Execution) -> LoadPipetteResponses:
        """Use the attached pipette."""
        pipette_id, commands = self._session_loading.load_pipette(given.mount, cancelled=execution.cancelled)
        return LoadPipetteResponses(pipette_id, self._record_of(commands))

    def LoadModule(self, given: LoadModuleParameters, *, execution: Execution) -> LoadModuleResponses:
        """Tell where a module stands."""
        commands = self._perform("LoadModule", loading.load_module(given.module_model, given.slot), execution)
        return LoadModuleResponses(result_member(commands[-1], "moduleId"), self._record_of(commands))

    def MoveLabware(self, given: MoveLabwareParameters, *, execution: Execution) -> CommandRecord:
        """Tell where labware has been put."""
        plan = loading.move_labware(given.labware_identifier, given.new_location)
        return self._record_of(self._perform("MoveLabware", plan, execution))

    def RemoveLabware(self, given: RemoveLabwareParameters, *, execution: Execution) -> CommandRecord:
        """Tell that labware has been taken away."""
        return self._record_of(
            self._perform("RemoveLabware", loading.move_labware(given.labware_identifier, OFF_DECK), execution)
        )

    def ReconcileState(self, given: ReconcileStateParameters, *, execution: Execution) -> None:
        """Settle what is unknown."""
        stated = {cast(Mount, state.Mount): state.TipState == "Tip" for state in given.tip_states}
        self._reconciliation.settle(stated, confirmed=given.confirm, cancelled=execution.cancelled)

    def _show_pipettes(self, _changed: object) -> None:
        with self._showing:  # the sources change on several threads
            shown = mapping.pipettes_of(self._session.deck_state.value, self._uncertain_tips, self._machine.value)
            if shown != self.PipetteStates.value:
                self.PipetteStates.set(shown)

    def _follow(self, part: Callable[[DeckState], T], shown: ObservableProperty[T]) -> None:
        """Show a part of the record; most commands leave most parts as they are, and to write them takes time."""

        def show(deck_state: DeckState) -> None:
            if (value := part(deck_state)) != shown.value:
                shown.set(value)

        self._session.deck_state.subscribe(show)
