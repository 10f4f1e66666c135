"""`sila-ot2 worklist`: how far the last worklist or a run came, and what is left of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.completion import complete_run
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.plain import rows_of_csv
from sila_ot2.cli.terminal import beside, show_facts, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2

LEAVES_NO_REST = {
    "Nothing": "No command of many steps has begun yet",
    "AtWork": "The command has not ended",
    "Interrupted": "The server ended meanwhile, and it is not known how far the command came",
}
"""Outcomes after which it is not known what is left."""


class WorklistAction(str, Enum):
    """What is to be shown."""

    REPORT = "report"
    REST = "rest"


@on_server
def worklist(
    client: OT2,
    action: Annotated[
        WorklistAction,
        typer.Argument(metavar="[report|rest]", help="'rest' writes what was not begun."),
    ] = WorklistAction.REPORT,
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="RUN",
            help="A run of a protocol that has ended: its identifier, or 'last'.",
            autocompletion=complete_run,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show how far the last worklist, transfer or run came, or write the steps that were not begun. Nothing moves."""
    if run is not None:
        of_run(client, action, "" if run == "last" else run, as_json=as_json)
    else:
        of_last_worklist(client, action, as_json=as_json)


def of_last_worklist(client: OT2, action: WorklistAction, *, as_json: bool) -> None:
    """Show how far the last worklist or transfer came, or write the steps that were not begun."""
    last = client.workflow_service.retrieve_unfinished_work()
    report = json.loads(last.report)
    if action is WorklistAction.REPORT:
        if as_json:
            show_json({**report, "outcome": last.outcome})
        else:
            show_facts(facts_of(last.outcome, report))
        return
    if last.outcome in LEAVES_NO_REST:
        raise CommandLineError(
            LEAVES_NO_REST[last.outcome], remedy="See: sila-ot2 worklist report", code=ExitCode.FAILED
        )
    if doubtful := report.get("lines_in_doubt"):
        lines = ", ".join(map(str, doubtful))
        beside().print(f"In doubt, and left out: line {lines} of the worklist. Look at the deck.", markup=False)
    if as_json:
        show_json({"outcome": last.outcome, "remaining_worklist": last.remaining_worklist})
    else:
        print(last.remaining_worklist, end="")


def of_run(client: OT2, action: WorklistAction, run: str, *, as_json: bool) -> None:
    """Show how far a run of a protocol came, or write what it has not begun; an empty identifier means the newest."""
    left = client.workflow_service.retrieve_unfinished_run_work(run_identifier=run)
    report = json.loads(left.report)
    if action is WorklistAction.REPORT:
        if as_json:
            show_json(report)
        else:
            show_facts(run_facts_of(report))
        return
    if report.get("unknown"):
        raise CommandLineError(
            report["unknown"].removesuffix("."),
            remedy="See: sila-ot2 worklist report --run RUN",
            code=ExitCode.FAILED,
        )
    for each in left.carried_out_since.splitlines():
        beside().print(f"Since the run: {each}", markup=False)
    for each in report["in_doubt"]:
        beside().print(f"In doubt, and left out: {_command(each)}. Look at the deck.", markup=False)
    rows = rows_of_csv(left.commands_not_begun)
    if more := report["commands_not_begun"] - len(rows):
        beside().print(f"{more} more commands are not listed: see the end of the protocol.", markup=False)
    if as_json:
        show_json(rows)
    else:
        print(left.commands_not_begun, end="")


def run_facts_of(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a report says of a run, for people."""
    yield "Run", f"{report['run']} {report['outcome']}"
    for name in ("error", "unknown"):
        if report.get(name):
            yield name.capitalize(), report[name]
    for each in report.get("carried_out_since", ()):
        yield "Since", f"{each['at']} {each['what']}"
    if "commands" not in report:
        return
    done, count, left = (report[name] for name in ("commands_done", "commands", "commands_not_begun"))
    yield "Commands", f"{done} of {count} done, {left} not begun"
    for each in report["in_doubt"]:
        yield "In doubt", _command(each)
    for each in report["added_commands"]:
        yield "Added", f"{each['text']} (by a client, not by the protocol)"


def _command(each: Mapping[str, Any]) -> str:
    slot = f" (slot {each['slot']})" if each["slot"] else ""
    return f"command {each['number']}, {each['text']}{slot}"


def facts_of(outcome: str, report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a report says, for people."""
    yield "Outcome", f"{report.get('command', '')} {outcome}".strip()
    if report.get("error"):
        yield "Error", report["error"]
    if "movements_done" not in report:
        return
    yield (
        "Movements",
        (
            f"{report['movements_done']} done, {report['movements_in_doubt']} in doubt, "
            f"{report['movements_not_begun']} not begun"
        ),
    )
    for each in report["in_doubt"]:
        yield "In doubt", f"{each['movement']} {_place(each)}".strip()
    for each in report["wells"]:
        yield _place(each), f"{each['dispensed_ul']:g} µL dispensed, {each['drawn_ul']:g} µL drawn, per tip"
    yield "Tips used", ", ".join(map(_place, report["tips"])) or "none"


def _place(each: Mapping[str, Any]) -> str:
    return f"{each['well']} of slot {each['slot']}" if "well" in each else ""
