"""`sila-ot2 pause`: pause a run after the current movement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.completion import complete_run
from sila_ot2.cli.connection import at_once
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2

OwnRun = Annotated[
    str | None,
    typer.Argument(
        metavar="RUN",
        help="The run; without it the current run, if the server started it.",
        autocompletion=complete_run,
    ),
]


@at_once
def pause(client: OT2, run: OwnRun = None, as_json: AsJson = False) -> None:
    """Pause the run after the current movement. It stays paused until `resume` or `stop`."""
    client.run_controller.pause_run(run_identifier=run)
    report(client, "paused", as_json=as_json)


def report(client: OT2, what: str, *, as_json: bool) -> None:
    """Print what was done and the status of the run after it."""
    from sila_ot2.client import errors

    try:
        status: str | None = client.run_controller.run_status.get()
    except errors.FrameworkError:  # pausing needs no log-in, reading does
        status = None
    if as_json:
        show_json({"RunStatus": status})
    else:
        print(f"The run was {what}." if status is None else f"The run was {what}. Status: {status}.")
