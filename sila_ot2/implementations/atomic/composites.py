"""AtomicLiquidHandling: commands of many movements, and those in the robot's own terms."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sila_ot2.driver.deck.plans.plan import CommandPlan, PlannedCommand
from sila_ot2.driver.liquid_handling import transfers
from sila_ot2.driver.liquid_handling.liquid_classes import LiquidClasses
from sila_ot2.driver.raw_commands import raw_command
from sila_ot2.driver.recovery.remedies import Remedies
from sila_ot2.driver.worklists import worklist
from sila_ot2.driver.worklists.last_steps import ReadWorklist
from sila_ot2.driver.worklists.queued_runs import QueuedRuns
from sila_ot2.errors import ParameterInvalid, RobotUnreachable
from sila_ot2.generated.atomic_liquid_handling import (
    CommandRecord,
    ConsolidateParameters,
    ConsolidateResponses,
    DistributeParameters,
    DistributeResponses,
    ExecuteRawCommandParameters,
    ExecuteRawCommandResponses,
    ExecuteWorklistParameters,
    ExecuteWorklistResponses,
    StepProgress,
    TransferParameters,
    TransferResponses,
)
from sila_ot2.implementations.atomic.mapping import format_of, options_of, tips_in, well_in
from sila_ot2.implementations.atomic.part import AtomicPart
from sila_ot2.implementations.recovering import watched
from sila_ot2.implementations.running import execute_queued
from sila_ot2.robot import wire
from sila_ot2.sila import Execution


class AtomicComposites(AtomicPart):
    """Transfer, distribute, consolidate, worklists and raw commands."""

    _queued: QueuedRuns
    _remedies: Remedies
    _liquid_classes: LiquidClasses
    _allow_raw_commands: bool

    def Transfer(self, given: TransferParameters, *, execution: Execution) -> TransferResponses:
        """From well to well."""
        plan = transfers.transfer(
            options_of(given, self._liquid_classes),
            self._session.release,
            given.source_labware_identifier,
            given.source_wells,
            given.target_labware_identifier,
            given.target_wells,
            given.volumes_ul,
        )
        return TransferResponses(*self._steps("Transfer", plan, execution))

    def Distribute(self, given: DistributeParameters, *, execution: Execution) -> DistributeResponses:
        """From one well to many."""
        plan = transfers.distribute(
            options_of(given, self._liquid_classes),
            self._session.release,
            transfers.WellReference(given.source_labware_identifier, given.source_well),
            given.target_labware_identifier,
            given.target_wells,
            given.volumes_ul,
            given.disposal_volume_ul,
        )
        return DistributeResponses(*self._steps("Distribute", plan, execution))

    def Consolidate(self, given: ConsolidateParameters, *, execution: Execution) -> ConsolidateResponses:
        """From many wells to one."""
        plan = transfers.consolidate(
            options_of(given, self._liquid_classes),
            self._session.release,
            given.source_labware_identifier,
            given.source_wells,
            transfers.WellReference(given.target_labware_identifier, given.target_well),
            given.volumes_ul,
        )
        return ConsolidateResponses(*self._steps("Consolidate", plan, execution))

    def ExecuteWorklist(self, given: ExecuteWorklistParameters, *, execution: Execution) -> ExecuteWorklistResponses:
        """Carry out a list of steps, here or as a run of the robot."""
        if given.request_key and given.mode == "Stepwise":
            raise ParameterInvalid(
                "A RequestKey needs the Mode QueuedRun: the robot does not keep what was done of single steps.",
                "Leave the key empty, or execute the worklist as a queued run.",
            )
        form = format_of(given.format)
        if given.mode == "Stepwise":
            rows = worklist.read(given.worklist, form, self._queued.transfer_lists)
            completed, tips, record = self._steps(
                "ExecuteWorklist",
                worklist.plan_of(rows, self._session.release, self._liquid_classes),
                execution,
                ReadWorklist(given.worklist, form, rows),
            )
            state = self._session.state.value
            return ExecuteWorklistResponses(completed, tips, state.run_id if state else "", record)
        result = execute_queued(
            self._queued,
            given.worklist,
            form,
            given.request_key,
            execution,
            self._remedies,
            moved=lambda done, of, what: execution.send_intermediate(StepProgress(done, of, well_in(what))),
        )
        run = result.record
        started_at, completed_at = run.started_at or run.start.created_at, run.completed_at or run.start.created_at
        record = CommandRecord("", started_at, completed_at, run.start.simulated)
        return ExecuteWorklistResponses(result.steps, result.tips, run.start.run_id, record)

    def ExecuteRawCommand(
        self, given: ExecuteRawCommandParameters, *, execution: Execution
    ) -> ExecuteRawCommandResponses:
        """Carry out a command in the robot's own terms."""
        plan = raw_command.read(given.command, allowed=self._allow_raw_commands, release=lambda: self._session.release)
        with raw_command.failures_as_said():
            commands = self._perform("ExecuteRawCommand", plan, execution)
        result = commands[-1].result if commands else None  # this server itself waits for a duration
        return ExecuteRawCommandResponses(json.dumps(result or {}).encode(), self._record_of(commands))

    def _steps(
        self, name: str, plan: CommandPlan, execution: Execution, rows: ReadWorklist | None = None
    ) -> tuple[int, int, CommandRecord]:
        """Carry out many movements; return how many there were, the tips used, and the record."""
        used: list[PlannedCommand] = []

        with (
            watched(execution, self._remedies.recovery) as found,
            self._queued.last_steps.following(name, rows) as attempt,
        ):

            def moved(done: int, of: int, what: PlannedCommand) -> None:
                attempt.end(done - 1)
                used.append(what)
                execution.send_intermediate(StepProgress(done, of, well_in(what)))

            def unreachable(lost: RobotUnreachable) -> None:
                attempt.not_sent()
                self._remedies.step_again(found, lost)

            def perform() -> Sequence[wire.Command]:
                return self._session.perform(
                    name,
                    attempt.noting(plan),
                    cancelled=execution.cancelled,
                    report=execution.report,
                    moved=moved,
                    unreachable=unreachable,
                    begun=attempt.begin,
                )

            commands = self._remedies.attempt(found, perform)
        return len(used), tips_in(used), self._record_of(commands)
