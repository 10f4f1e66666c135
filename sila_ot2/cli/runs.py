"""`sila-ot2 runs`: the current run and those that have ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import local, show_json, show_list, span

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.run_controller import CompletedRun, RunSummary


@on_server
def runs(client: OT2, as_json: AsJson = False) -> None:
    """List the current run, also one of another client, and the last runs that have ended, newest first."""
    current, ended = client.run_controller.current_run.get(), client.run_controller.run_history.get()
    if as_json:
        show_json({"CurrentRun": current, "RunHistory": ended})
        return
    recorded = {each.run_identifier for each in ended}
    current = [each for each in current if each.run_identifier not in recorded]
    show_list(
        ("Run", "Status", "Started", "Took", "Commands"),
        [*map(_current, current), *map(_ended, ended)],
        empty="No run is known.",
    )


def _current(run: RunSummary) -> tuple[str, ...]:
    started = local(run.started_at[0]) if run.started_at else ""
    left = f"{span(run.remaining_time[0])} left" if run.remaining_time else ""
    return _named(run), run.status, started, left, f"{run.completed_commands}/{run.total_commands or '?'}"


def _ended(run: CompletedRun) -> tuple[str, ...]:
    started = local(run.started_at[0]) if run.started_at else ""
    commands = f"{run.completed_commands}/{run.total_commands or '?'}"
    return _named(run), run.result, started, span(run.duration) if run.started_at else "", commands


def _named(run: RunSummary | CompletedRun) -> str:
    of = "" if run.origin == "ThisServer" else "of another client"
    return "\n".join(filter(None, (run.run_identifier, run.label, of)))
