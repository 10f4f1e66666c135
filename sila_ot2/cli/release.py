"""`sila-ot2 release`: release the robot from the run or session that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.completion import complete_run
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def release(
    client: OT2,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="The run or calibration session; without it the one that holds the robot.",
            autocompletion=complete_run,
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Also stop an active run, a run of another client or of the App, or a session."),
    ] = False,
    stop: Annotated[
        bool, typer.Option("--stop", help="Release the stop of `stop --now` instead, so that the robot may move again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Release the robot from the run or session that holds it, so that another run can start."""
    from sila_ot2.cli.progress import wait_for

    if stop:
        if run or force:
            remedy = "It concerns no run: leave out RUN and --force."
            raise CommandLineError("--stop was given with something else", remedy=remedy, code=ExitCode.USAGE)
        client.safety_stop_controller.release_stop()
    else:
        wait_for("Releasing", client.run_controller.release_run, run_identifier=run, force=force)
    permission = client.run_controller.start_permission.get()
    if as_json:
        show_json({"StartPermission": permission})
        return
    print("Released. A run may start now." if permission.allowed else "Released. A run may not start yet:")
    for reason in permission.reasons:
        print(f"{reason.explanation} {reason.remedy}")
