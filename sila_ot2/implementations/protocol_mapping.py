"""Protocols and analyses in the terms of the contract."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sila_ot2.driver.protocols.analyses import faults_of, slot_of, tip_use_of
from sila_ot2.driver.protocols.library import ProtocolEntry
from sila_ot2.generated.protocol_service import (
    Analysis,
    AnalysisError,
    DataFile,
    ParameterChoice,
    ParameterDefinition,
    ProtocolSummary,
    RequiredLabware,
    RequiredLiquid,
    RequiredModule,
    RequiredPipette,
    TipRackUse,
)
from sila_ot2.robot import wire
from sila_ot2.robot.command_parameters import finite_number, members_in
from sila_ot2.store.data_files import StoredDataFile

_RESULTS = {"": "NotAnalyzed", "ok": "Ok", "not-ok": "NotOk", "parameter-value-required": "ParameterValueRequired"}
_TYPES = {"int": "Integer", "float": "Real", "bool": "Boolean", "str": "String", "csv_file": "File"}


def summary_of(entry: ProtocolEntry) -> ProtocolSummary:
    """Return a protocol of the library."""
    stored = entry.stored
    return ProtocolSummary(
        ProtocolIdentifier=stored.identifier,
        Name=stored.name,
        Author=stored.author,
        ApiLevel=stored.api_level,
        RobotType=stored.robot_type,
        ProtocolKey=stored.key,
        UploadedAt=stored.uploaded_at,
        ContentHash=stored.content_hash,
        LastAnalysisResult=_RESULTS.get(stored.last_result, "NotAnalyzed"),
        PresentOnRobot=entry.on_robot,
    )


def data_file_of(file: StoredDataFile) -> DataFile:
    """Return a CSV file."""
    return DataFile(file.identifier, file.name, file.size_bytes, file.uploaded_at)


def analysis_of(analysis: wire.Analysis, *, estimated_s: float, api_level: str) -> Analysis:
    """Return what the robot found in a protocol."""
    return Analysis(
        AnalysisIdentifier=analysis.id,
        Result=_RESULTS.get(analysis.result or "not-ok", "NotOk"),
        Errors=[AnalysisError(fault.code, fault.detail, fault.line) for fault in faults_of(analysis)],
        Pipettes=[RequiredPipette(pipette.mount, pipette.pipette_name) for pipette in analysis.pipettes],
        Labware=[
            RequiredLabware(
                labware.load_name, labware.definition_uri, labware.display_name or "", _place(labware, analysis)
            )
            for labware in analysis.labware
        ],
        Modules=[RequiredModule(module.model, slot_of(module.location)) for module in analysis.modules],
        Liquids=[
            RequiredLiquid(liquid.display_name, liquid.description, _loaded_ul(liquid.id, analysis))
            for liquid in analysis.liquids
        ],
        Parameters=[_parameter(parameter) for parameter in analysis.run_time_parameters],
        CommandCount=len(analysis.commands),
        EstimatedDuration=estimated_s,
        TipUse=[TipRackUse(rack.slot, rack.definition_uri, rack.tips) for rack in tip_use_of(analysis)],
        EarliestRequiredApiLevel=api_level,
    )


def _parameter(parameter: wire.RunTimeParameter) -> ParameterDefinition:
    whole = parameter.type == "int"
    return ParameterDefinition(
        Name=parameter.variable_name,
        DisplayName=parameter.display_name,
        Details=parameter.description or "",
        ParameterType=_TYPES.get(parameter.type, "String"),
        UnitLabel=parameter.suffix or "",
        DefaultValue=_text(parameter.default, whole=whole),
        MinimalValue=_text(parameter.min, whole=whole),
        MaximalValue=_text(parameter.max, whole=whole),
        Choices=[
            ParameterChoice(_text(choice.value, whole=whole), choice.display_name) for choice in parameter.choices or ()
        ],
    )


def _text(value: object, *, whole: bool) -> str:
    """Return a value as `ParameterValues` takes it; the robot gives whole numbers as decimal ones."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if whole and isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _place(labware: wire.LoadedLabware, analysis: wire.Analysis) -> str:
    location = labware.location
    if not isinstance(location, Mapping):
        return str(location or "")
    if "moduleId" in location:
        for module in analysis.modules:
            if module.id == location["moduleId"]:
                return f"{module.model} in slot {slot_of(module.location)}"
    if "labwareId" in location:
        below = next((other for other in analysis.labware if other.id == location["labwareId"]), None)
        return f"on {below.display_name or below.load_name}" if below else ""
    return str(location.get("slotName") or location.get("addressableAreaName") or "")


def _loaded_ul(liquid_id: str, analysis: wire.Analysis) -> float:
    return math.fsum(
        finite_number(volume) or 0.0
        for command in analysis.commands
        if command.command_type == "loadLiquid" and command.params.get("liquidId") == liquid_id
        for volume in members_in(command.params.get("volumeByWell")).values()
    )
