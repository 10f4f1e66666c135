"""AtomicLiquidHandling: commands of many movements, and those in the robot's own terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sila_ot2.driver.deck.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.liquid_handling import transfers
from sila_ot2.driver.raw_commands import raw_command
from sila_ot2.driver.runs.request_keys import RequestKey as Key
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.errors import ParameterInvalid
from sila_ot2.generated.atomic_liquid_handling import (
    CommandRecord,
    ConsolidateResponses,
    DistributeResponses,
    ExecuteRawCommandResponses,
    ExecuteWorklistResponses,
    StepProgress,
    TransferResponses,
)
from sila_ot2.implementations.atomic.mapping import format_of, options_of, record_of, tips_in, well_in
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.implementations.pausing import let_pause
from sila_ot2.robot import wire
from sila_ot2.sila import Execution


class AtomicComposites(AtomicPart):
    """Transfer, distribute, consolidate, worklists and raw commands."""

    _queued: QueuedRuns
    _allow_raw_commands: bool

    def Transfer(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWells: list[str],
        TargetLabwareIdentifier: str,
        TargetWells: list[str],
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        *,
        execution: Execution,
    ) -> TransferResponses:
        """From well to well."""
        options = options_of(
            Mount, TipPolicy, MixBefore, MixAfter, AirGap, BlowOut, TouchTip, FlowRate, SourceHeight, TargetHeight
        )
        plan = transfers.transfer(
            options,
            self._session.release,
            SourceLabwareIdentifier,
            SourceWells,
            TargetLabwareIdentifier,
            TargetWells,
            Volumes,
        )
        return TransferResponses(*self._steps("Transfer", plan, execution))

    def Distribute(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWell: str,
        TargetLabwareIdentifier: str,
        TargetWells: list[str],
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        DisposalVolume: float,
        *,
        execution: Execution,
    ) -> DistributeResponses:
        """From one well to many."""
        options = options_of(
            Mount, TipPolicy, MixBefore, MixAfter, AirGap, BlowOut, TouchTip, FlowRate, SourceHeight, TargetHeight
        )
        source = transfers.WellReference(SourceLabwareIdentifier, SourceWell)
        plan = transfers.distribute(
            options, self._session.release, source, TargetLabwareIdentifier, TargetWells, Volumes, DisposalVolume
        )
        return DistributeResponses(*self._steps("Distribute", plan, execution))

    def Consolidate(
        self,
        Mount: str,
        SourceLabwareIdentifier: str,
        SourceWells: list[str],
        TargetLabwareIdentifier: str,
        TargetWell: str,
        Volumes: list[float],
        TipPolicy: str,
        MixBefore: int,
        MixAfter: int,
        AirGap: float,
        BlowOut: str,
        TouchTip: bool,
        FlowRate: float,
        SourceHeight: float,
        TargetHeight: float,
        *,
        execution: Execution,
    ) -> ConsolidateResponses:
        """From many wells to one."""
        options = options_of(
            Mount, TipPolicy, MixBefore, MixAfter, AirGap, BlowOut, TouchTip, FlowRate, SourceHeight, TargetHeight
        )
        target = transfers.WellReference(TargetLabwareIdentifier, TargetWell)
        plan = transfers.consolidate(
            options, self._session.release, SourceLabwareIdentifier, SourceWells, target, Volumes
        )
        return ConsolidateResponses(*self._steps("Consolidate", plan, execution))

    def ExecuteWorklist(
        self, Worklist: bytes, Format: str, Mode: str, RequestKey: str, *, execution: Execution
    ) -> ExecuteWorklistResponses:
        """Carry out a list of steps, here or as a run of the robot."""
        if RequestKey and Mode == "Stepwise":
            raise ParameterInvalid(
                "A RequestKey needs the Mode QueuedRun: the robot does not keep what was done of single steps. Nothing "
                "was done. Leave the key empty, or execute the worklist as a queued run."
            )
        plan = worklist.plan_of(worklist.read(Worklist, format_of(Format)), self._session.release)
        if Mode == "Stepwise":
            completed, tips, record = self._steps("ExecuteWorklist", plan, execution)
            state = self._session.state.value
            return ExecuteWorklistResponses(completed, tips, state.run_id if state else "", record)
        result = self._queued.execute(
            "ExecuteWorklist",
            plan,
            cancelled=execution.cancelled,
            report=execution.report,
            moved=lambda done, of, what: execution.send_intermediate(StepProgress(done, of, well_in(what))),
            started=lambda run_id: let_pause(execution, self._queued.actions, run_id),
            key=Key.of(RequestKey, "ExecuteWorklist", hashlib.sha256(Worklist).hexdigest(), Format),
        )
        run = result.record
        record = CommandRecord("", run.started_at or run.start.created_at, run.completed_at or run.start.created_at)
        return ExecuteWorklistResponses(result.steps, result.tips, run.start.run_id, record)

    def ExecuteRawCommand(self, Command: bytes, *, execution: Execution) -> ExecuteRawCommandResponses:
        """Carry out a command in the robot's own terms."""
        plan = raw_command.read(Command, allowed=self._allow_raw_commands)
        with raw_command.failures_as_said():
            commands = self._perform("ExecuteRawCommand", plan, execution)
        result = commands[-1].result if commands else None  # this server itself waits for a duration
        return ExecuteRawCommandResponses(json.dumps(result or {}).encode(), record_of(commands))

    def _steps(self, name: str, plan: CommandPlan, execution: Execution) -> tuple[int, int, CommandRecord]:
        """Carry out many movements; return how many there were, the tips used, and the record."""
        used: list[PlannedCommand] = []

        def moved(done: int, of: int, what: PlannedCommand) -> None:
            used.append(what)
            execution.send_intermediate(StepProgress(done, of, well_in(what)))

        commands: Sequence[wire.Command] = self._session.perform(
            name, plan, cancelled=execution.cancelled, report=execution.report, moved=moved
        )
        return len(used), tips_in(used), record_of(commands)
