"""`sila-ot2 log`: what a run did, command by command."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.completion import complete_run
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.plain import line
from sila_ot2.cli.terminal import local, show_json, show_list, span

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.run_controller import RetrieveDeckUseResponses


@on_server
def log(
    client: OT2,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="The run; without it the current run, or else the last one.",
            autocompletion=complete_run,
        ),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print comma-separated text, with one line for each command.")
    ] = False,
    wells: Annotated[
        bool, typer.Option("--wells", help="Print what each well got, and which tips were used, instead of commands.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print every command of a run with its parameters, time and outcome.

    While a run is active, only the commands that have ended are printed.
    """
    from sila_ot2.cli.progress import wait_for

    if wells:
        _show_use(client.run_controller.retrieve_deck_use(run or newest_run(client)), as_csv=as_csv, as_json=as_json)
        return
    if as_csv and as_json:
        raise CommandLineError("--csv and --json were both given", remedy="Give one of them.", code=ExitCode.USAGE)
    wanted = run or newest_run(client)
    retrieve = client.run_controller.retrieve_run_log
    content = wait_for("Reading the log", retrieve, wanted, format="Csv" if as_csv else "Json")
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


def _show_use(use: RetrieveDeckUseResponses, *, as_csv: bool, as_json: bool) -> None:
    if as_csv:
        raise CommandLineError("--wells has no CSV", remedy="Use --json.", code=ExitCode.USAGE)
    if as_json:
        show_json(use)
        return
    show_list(("Slot", "Labware", "Well", "Drawn µL", "Dispensed µL", ""), _wells(use), empty="No well was used.")
    show_list(("Slot", "Rack", "Tips", "Places"), _tips(use), empty="No tip was used.")
    if not use.complete:
        print(
            "This is not all: commands of the run could not be read, or liquid was moved at a place that is not known."
        )


def _wells(use: RetrieveDeckUseResponses) -> Iterator[tuple[str, ...]]:
    for well in use.wells:
        volumes = f"{well.drawn_volume:g}", f"{well.dispensed_volume:g}"
        yield well.slot, well.definition_uri, well.well, *volumes, "in doubt" if well.in_doubt else ""


def _tips(use: RetrieveDeckUseResponses) -> Iterator[tuple[str, ...]]:
    for rack in use.tips:
        states = (("taken", rack.taken_tips), ("returned", rack.returned_tips), ("in doubt", rack.doubtful_tips))
        for state, places in states:
            if places:
                yield rack.slot, rack.definition_uri, state, ", ".join(places)


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
