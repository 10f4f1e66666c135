"""Analyses of a protocol: the engine runs it on a machine of its own that takes no time."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opentrons.protocol_engine import ErrorOccurrence
from opentrons.protocol_engine.resources import ModelUtils
from opentrons.protocol_reader import ProtocolSource
from opentrons.protocol_runner import RunOrchestrator
from opentrons.protocol_runner.create_simulating_orchestrator import create_simulating_orchestrator
from opentrons.protocol_runner.run_orchestrator import ParseMode
from opentrons_shared_data.errors import EnumeratedError, PythonException

from sila_ot2.simulator.errors import JsonObject
from sila_ot2.simulator.machine.engine import to_json
from sila_ot2.simulator.machine.faults import AnalysisFaults

PARAMETER_VALUE_REQUIRED = "4010"


@dataclass
class SimulatedParameters:
    """Run-time parameter values and files chosen by the client.

    Attributes:
        values: by variable name.
        files: paths of data files by variable name.
    """

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)


@dataclass
class SimulatedAnalysis:
    """One analysis; ``document`` is there once it is completed."""

    id: str
    parameters: list[JsonObject]
    document: JsonObject | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the result is not there yet."""
        return self.document is None

    def summary(self) -> JsonObject:
        """The short form listed with the protocol."""
        if self.is_pending:
            return {"id": self.id, "status": "pending", "runTimeParameters": self.parameters}
        return {"id": self.id, "status": "completed"}

    def body(self) -> JsonObject:
        """The whole analysis, as far as it is known."""
        return self.summary() if self.document is None else self.document


@dataclass
class Prepared:
    """An analysis whose protocol is loaded (its parameters are known) but not run."""

    analysis: SimulatedAnalysis
    orchestrator: RunOrchestrator | None

    async def discard(self) -> None:
        """End the engine of an analysis that is not needed."""
        if self.orchestrator is not None:
            await self.orchestrator.finish(drop_tips_after_run=False, set_run_status=False)


async def prepare(source: ProtocolSource, parameters: SimulatedParameters) -> Prepared:
    """Load a protocol; if that fails, the analysis is complete and reports it."""
    orchestrator = await create_simulating_orchestrator("OT-2 Standard", source.config)
    analysis = SimulatedAnalysis(str(uuid.uuid4()), [])
    try:
        await orchestrator.load(
            protocol_source=source,
            run_time_param_values=parameters.values,
            run_time_param_paths=parameters.files,
            parse_mode=ParseMode.NORMAL,
        )
    except Exception as error:  # noqa: BLE001 - a protocol may raise anything
        analysis.parameters = [to_json(one) for one in orchestrator.get_run_time_parameters()]
        analysis.document = _document(
            analysis, source, commands=[], summary=None, errors=[_occurrence(error)], parameters=analysis.parameters
        )
        await Prepared(analysis, orchestrator).discard()
        return Prepared(analysis, None)
    analysis.parameters = [to_json(one) for one in orchestrator.get_run_time_parameters()]
    return Prepared(analysis, orchestrator)


async def complete(prepared: Prepared, source: ProtocolSource, faults: AnalysisFaults) -> None:
    """Run a prepared analysis to its end; the faults can make it slow or endless."""
    analysis, orchestrator = prepared.analysis, prepared.orchestrator
    if orchestrator is None:
        return
    result = await orchestrator.run(deck_configuration=[])
    if faults.delay_s > 0:
        await asyncio.sleep(faults.delay_s)
    while faults.endless:
        await asyncio.sleep(0.05)
    analysis.document = _document(
        analysis,
        source,
        commands=[to_json(command) for command in result.commands],
        summary=to_json(result.state_summary),
        errors=[to_json(error) for error in result.state_summary.errors],
        parameters=[to_json(one) for one in result.parameters],
    )
    analysis.document["commandAnnotations"] = [to_json(one) for one in result.command_annotations]
    analysis.document["commandPreconditions"] = to_json(orchestrator.get_preconditions())


def _document(
    analysis: SimulatedAnalysis,
    source: ProtocolSource,
    *,
    commands: list[JsonObject],
    summary: JsonObject | None,
    errors: list[JsonObject],
    parameters: list[JsonObject],
) -> JsonObject:
    summary = summary or {}
    result = "not-ok" if errors else "ok"
    if any(error.get("errorCode") == PARAMETER_VALUE_REQUIRED for error in _flatten(errors)):
        result = "parameter-value-required"
    return {
        "id": analysis.id,
        "status": "completed",
        "result": result,
        "robotType": source.robot_type,
        "runTimeParameters": parameters,
        "commands": commands,
        "labware": summary.get("labware", []),
        "pipettes": summary.get("pipettes", []),
        "modules": summary.get("modules", []),
        "liquids": summary.get("liquids", []),
        "liquidClasses": summary.get("liquidClasses", []),
        "errors": errors,
    }


def _flatten(errors: list[JsonObject]) -> list[JsonObject]:
    return [one for error in errors for one in (error, *_flatten(error.get("wrappedErrors", [])))]


def _occurrence(error: Exception) -> JsonObject:
    enumerated = error if isinstance(error, EnumeratedError) else PythonException(error)
    occurrence: JsonObject = to_json(
        ErrorOccurrence.from_failed(id=ModelUtils.generate_id(), createdAt=ModelUtils.get_timestamp(), error=enumerated)
    )
    return occurrence
