"""`sila-ot2 log`: what a run did, command by command."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.plain import line
from sila_ot2.cli.terminal import local, show_list, span

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def log(
    client: OT2,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help="The run; without it the current run, or else the last one.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print comma-separated text, with one line for each command.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print every command of a run with its parameters, time and outcome.

    While a run is active, only the commands that have ended are printed.
    """
    from sila_ot2.cli.progress import wait_for

    if as_csv and as_json:
        raise CommandLineError("--csv and --json were both given", remedy="Give one of them.", code=ExitCode.USAGE)
    execution = client.run_controller.retrieve_run_log(run or newest_run(client), format="Csv" if as_csv else "Json")
    content: bytes = wait_for(execution, "Reading the log")
    if as_csv or as_json:
        sys.stdout.write(content.decode())
    else:
        show_list(
            ("Started", "Took", "Command", "Parameters", "Outcome"), _rows(json.loads(content)), empty="No command."
        )


def newest_run(client: OT2) -> str:
    """Return the current run, or else the last that has ended."""
    for run in client.run_controller.current_run.get():
        return run.run_identifier
    for record in client.run_controller.run_history.get():
        return record.run_identifier
    raise CommandLineError("No run is known", remedy="", code=ExitCode.FAILED)


def _rows(commands: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for command in commands:
        begun, ended = _moment(command.get("startedAt")), _moment(command.get("completedAt"))
        took = span((ended - begun).total_seconds()) if begun and ended else ""
        detail = (command.get("error") or {}).get("detail", "")
        outcome = f"{command.get('status', '')}: {detail}" if detail else str(command.get("status", ""))
        parameters = command.get("params") or {}
        shown = ", ".join(f"{name}={line(value)}" for name, value in parameters.items())
        yield local(begun) if begun else "", took, str(command.get("commandType", "")), shown, outcome


def _moment(text: str | None) -> dt.datetime | None:
    """A time of the robot; Python 3.10 reads no Z."""
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
