"""`sila-ot2 worklist`: how far the last worklist or a run came, and what is left of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import beside, show_facts, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2

LEAVES_NO_REST = {
    "Nothing": "No command of many steps has begun yet",
    "AtWork": "The command has not ended",
    "Interrupted": "The server ended meanwhile, and it is not known how far the command came",
}
"""Outcomes after which nothing can be said of what is left."""


class WorklistAction(str, Enum):
    """What is to be shown."""

    REPORT = "report"
    REST = "rest"


@on_server
def worklist(
    client: OT2,
    action: Annotated[
        WorklistAction,
        typer.Argument(metavar="[report|rest]", help="'rest' writes the rows that were not begun, as a worklist."),
    ] = WorklistAction.REPORT,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="RUN", help="Of a run of a protocol that has ended: its identifier, or 'last'."),
    ] = None,
    first: Annotated[
        int, typer.Option("--first", min=1, help="With --run, the first command that may be in the worklist.")
    ] = 1,
    again: Annotated[
        bool, typer.Option("--again", help="With --run, write it although it may have been carried out since.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how far the last worklist or transfer, or a run, came, or write what it has not begun. Nothing moves."""
    if run is not None:
        _of_run(client, action, "" if run == "last" else run, first, again=again, as_json=as_json)
        return
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
    print(last.remaining_worklist, end="")


def _of_run(client: OT2, action: WorklistAction, run: str, first: int, *, again: bool, as_json: bool) -> None:
    left = client.workflow_service.retrieve_unfinished_run_work(run_identifier=run, first_command=first, again=again)
    report = json.loads(left.report)
    if action is WorklistAction.REPORT:
        if as_json:
            show_json(report)
        else:
            show_facts(run_facts_of(report))
        return
    why = "The run has not ended" if left.result == "NotEnded" else report.get("unknown")
    if why:
        raise CommandLineError(
            why.removesuffix("."), remedy="See: sila-ot2 worklist report --run RUN", code=ExitCode.FAILED
        )
    for each in left.carried_out_since.splitlines():
        beside().print(f"Since the run: {each}", markup=False)
    if left.carried_out_since and not again:
        raise CommandLineError(
            "What the run has not begun may have been carried out since",
            remedy="Look at the deck. If it has not: --again",
            code=ExitCode.FAILED,
        )
    for each in (*report["in_doubt"], *report["left_out"]):
        beside().print(f"Left out: {_command(each)}", markup=False)
    if report["worklist_ends_before"]:
        number = report["worklist_ends_before"]
        then = f"See to it, then: --first {number + 1}"
        beside().print(f"It ends before command {number}: {report['why']}. {then}", markup=False)
    print(left.remaining_worklist, end="")


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
    yield "Commands", f"{report['commands_done']} of {report['commands']} done, begun up to {report['commands_begun']}"
    for each in report["in_doubt"]:
        yield "In doubt", _command(each)
    for each in report["left_out"]:
        yield "Left out", _command(each)
    yield "New tips", f"picked up {report['new_tips_picked_up']} times"
    if report["worklist_ends_before"]:
        yield "Worklist", f"ends before command {report['worklist_ends_before']}: {report['why']}"
        yield "Then", f"{report['commands_not_in_worklist']} commands are left"
        for each in report["not_in_worklist"]:
            yield "", _command(each)


def _command(each: Mapping[str, Any]) -> str:
    why = f" ({each['why']})" if "why" in each else ""
    return f"command {each['number']}, {each['text']}{why}"


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
