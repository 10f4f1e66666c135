"""`sila-ot2 run`: run a protocol and wait for its end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli import protocol_arguments as arguments
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.protocol_arguments import DataFiles, FileOrName, LabwareFiles, SupportFiles, Values
from sila_ot2.cli.terminal import beside, counted, show_active_parts, show_json, span

if TYPE_CHECKING:
    from sila_ot2.client import OT2, Execution
    from sila_ot2.client.generated.run_controller import CompletedRun, RunProgress
    from sila_ot2.client.runs import Value


@on_server
def run(
    client: OT2,
    protocol: FileOrName,
    values: Values = None,
    data_files: DataFiles = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A text that is kept with the run, for example a plate number."),
    ] = None,
    support_files: SupportFiles = None,
    labware_files: LabwareFiles = None,
    stored_offsets: Annotated[
        bool, typer.Option("--stored-offsets", help="Apply the labware offsets that the server remembers.")
    ] = False,
    detach: Annotated[bool, typer.Option("--detach", help="End as soon as the run has started.")] = False,
    as_json: AsJson = False,
) -> int:
    """Run a protocol and wait until the run has ended. Shows progress, current step and remaining time.

    A file is uploaded and analyzed first. Ctrl-C asks whether to detach, to pause or to stop; without a terminal it
    detaches. The run continues after this command ends, unless you choose to stop it. Ends with code 5 if the run
    did not succeed.
    """
    from sila_ot2.cli.following import Detached, follow
    from sila_ot2.client.execution import withdraw
    from sila_ot2.client.interrupts import Interrupts

    given = arguments.parameters(values, data_files)
    file = arguments.file_of(protocol)
    known = None if file else arguments.uploaded(client, protocol)
    name = known.name if known else Path(protocol).name
    execution: Execution[CompletedRun, RunProgress] | None = None
    try:
        with beside().status(f"Starting {name}"), Interrupts():
            if file:
                execution = client.start(
                    file,
                    label=label,
                    support_files=support_files or (),
                    labware_definitions=labware_files or (),
                    use_stored_offsets=stored_offsets,
                    parameters=given,
                )
            else:
                assert known is not None  # noqa: S101 - it is a file or known
                execution = _start_known(client, known.protocol_identifier, given, label, stored_offsets=stored_offsets)
    except KeyboardInterrupt:
        is_cancelled = execution is not None and withdraw(execution) is None
        state = "cancelled. See" if is_cancelled else "not cancelled. It may be running: see"
        print(f"sila-ot2: The start was interrupted and {state} `sila-ot2 status`.", file=sys.stderr)
        raise
    try:
        if detach:
            return _report_start(execution, as_json=as_json)
        record = follow(execution, name, can_pause=True)
    except (Detached, KeyboardInterrupt):
        print("sila-ot2: The run goes on. See `sila-ot2 status`, `pause` and `stop`.", file=sys.stderr)
        return ExitCode.INTERRUPTED
    if as_json:
        show_json(record)
    else:
        print(summary(record))
        show_active_parts(record.active_parts)
    return ExitCode.SUCCESS


def summary(record: CompletedRun) -> str:
    """Return in one line how a run ended."""
    return (
        f"Run {record.run_identifier} {record.result.lower()} in {span(record.duration)}: "
        f"{record.completed_commands} of {record.total_commands} commands, {counted(record.tips_used, 'tip')}."
    )


def _start_known(
    client: OT2, identifier: str, given: dict[str, Value], label: str | None, *, stored_offsets: bool
) -> Execution[CompletedRun, RunProgress]:
    from sila_ot2.client.generated.run_controller import ParameterFile, ParameterValue
    from sila_ot2.client.runs import prepare

    values, files = prepare(client, given)
    return client.run_controller.run_protocol(
        identifier,
        parameter_values=[ParameterValue(name=name, value=value) for name, value in values.items()],
        parameter_files=[ParameterFile(name=name, data_file_identifier=file) for name, file in files.items()],
        use_stored_offsets=stored_offsets,
        run_label=label,
    )


def _report_start(execution: Execution[CompletedRun, RunProgress], *, as_json: bool) -> ExitCode:
    """Wait until the robot has the run, or has refused it."""
    from sila_ot2.cli.progress import ProgressView

    run = ""
    with ProgressView("Starting") as view:
        for state in execution:
            view.show(state)
            run = state.details.run_identifier if state.details else ""
            if run and state.details and state.details.status not in ("Idle", "Starting"):
                break
        else:
            execution.result()
    if as_json:
        show_json({"RunIdentifier": run, "Execution": execution.reference})
    else:
        print(f"Run {run} was started. See `sila-ot2 status`.")
    return ExitCode.SUCCESS
