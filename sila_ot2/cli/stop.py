"""`sila-ot2 stop`: stop a run, which cannot be resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import at_once
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.pause import OwnRun
from sila_ot2.cli.terminal import show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@at_once
def stop(
    client: OT2,
    run: OwnRun = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also stop a run of another client or abort a session; it has to be named.")
    ] = False,
    now: Annotated[
        bool,
        typer.Option("--now", help="Stop everything that is running; nothing moves until `release --stop`."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Stop the run; it cannot be resumed. The robot homes and drops its tips into the trash. Not an emergency stop.

    Waits until the robot has settled, up to half a minute. Ctrl-C ends only the waiting.
    """
    from sila_ot2.cli.progress import wait_for

    if now:
        if run or force:
            remedy = "It stops everything: leave out RUN and --force."
            raise CommandLineError("--now was given with something else", remedy=remedy, code=ExitCode.USAGE)
        stopped = wait_for("Stopping", client.safety_stop_controller.stop_now)
        if as_json:
            show_json(stopped)
        else:
            print(f"{stopped.explanation} Nothing moves until `sila-ot2 release --stop`.")
        return
    answer = wait_for("Stopping", client.run_controller.stop_run, run_identifier=run, force=force)
    if as_json:
        show_json(answer)
        return
    dropped = ", ".join(answer.dropped_tip_mounts) or "none"
    print(f"Run {answer.run_identifier} {answer.final_status.lower()}. Dropped tips: {dropped}.")
