"""`sila-ot2 analyze`: what a protocol needs and whether the robot can run it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli import protocol_arguments as arguments
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.options import AsJson, number_within
from sila_ot2.cli.protocol_arguments import DataFiles, FileOrName, LabwareFiles, SupportFiles, Values
from sila_ot2.cli.terminal import show_facts, show_json, span

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.protocol_service import Analysis, ParameterDefinition


@on_server
def analyze(
    client: OT2,
    protocol: FileOrName,
    values: Values = None,
    data_files: DataFiles = None,
    support_files: SupportFiles = None,
    labware_files: LabwareFiles = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", **number_within(1), help="How long to wait for the robot's analysis."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Have the robot analyze a protocol: errors, pipettes, labware, modules, parameters, tips, duration. Nothing moves.

    A file is uploaded first. Ends with code 5 if the protocol cannot run in its present form.
    """
    from sila_ot2.cli.progress import wait_for
    from sila_ot2.cli.upload import send
    from sila_ot2.client.generated.protocol_service import ParameterFile, ParameterValue
    from sila_ot2.client.runs import prepare

    given = arguments.parameters(values, data_files)
    file = arguments.file_of(protocol)
    if file:
        identifier = send(client, file, support_files or [], labware_files or []).protocol_identifier
    else:
        identifier = arguments.uploaded(client, protocol).protocol_identifier
    texts, files = prepare(client, given)
    analysis: Analysis = wait_for(
        f"Analyzing {Path(protocol).name}",
        client.protocol_service.analyze_protocol,
        identifier,
        parameter_values=[ParameterValue(name=name, value=value) for name, value in texts.items()],
        parameter_files=[ParameterFile(name=name, data_file_identifier=file) for name, file in files.items()],
        analysis_timeout=timeout,
    )
    if as_json:
        show_json(analysis)
    else:
        show_facts(facts(analysis))
    return ExitCode.SUCCESS if analysis.result == "Ok" else ExitCode.FAILED


RESULTS = {
    "Ok": "it can be run",
    "NotOk": "it has faults",
    "ParameterValueRequired": "a parameter without default needs a value",
}


def facts(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """What a person wants to know of an analysis."""
    yield "Result", f"{analysis.result}: {RESULTS[analysis.result]}"
    for error in analysis.errors:
        yield "Fault", f"line {error.line}: {error.detail}" if error.line else error.detail
    if analysis.command_count:
        yield "Duration", f"{span(analysis.estimated_duration)}, {analysis.command_count} commands"
    for pipette in analysis.pipettes:
        yield "Pipette", f"{pipette.mount} {pipette.pipette_name}"
    for module in analysis.modules:
        yield "Module", f"{module.module_model} in slot {module.slot}"
    for labware in analysis.labware:
        yield "Labware", f"{labware.load_name} in {labware.location}"
    for rack in analysis.tip_use:
        yield "Tips", f"{rack.tip_count} from slot {rack.slot}"
    for liquid in analysis.liquids:
        yield "Liquid", f"{liquid.name}, {liquid.volume:g} µL"
    for parameter in analysis.parameters:
        yield "Parameter", explained(parameter)


def explained(parameter: ParameterDefinition) -> str:
    """A run-time parameter with its type, default and limits."""
    limits = [parameter.minimal_value, parameter.maximal_value]
    parts = [
        parameter.parameter_type.lower(),
        f"default {parameter.default_value}" if parameter.default_value else "",
        f"{limits[0] or '...'} to {limits[1] or '...'}" if any(limits) else "",
        f"one of {', '.join(choice.value for choice in parameter.choices)}" if parameter.choices else "",
        parameter.unit_label,
        parameter.details or parameter.display_name,
    ]
    return f"{parameter.name}: {', '.join(filter(None, parts))}"
