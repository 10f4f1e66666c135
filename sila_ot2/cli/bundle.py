"""`sila-ot2 bundle`: everything that is needed to find a fault, in one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import show_json
from sila_ot2.cli.written_file import write_file

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def bundle(
    client: OT2,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file to write; without it, a new file in this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write versions, settings, status, runs and logs of the server and its robot to a zip file, without secrets.

    Passwords, keys and tokens are taken out. Names of protocols and of the robot are in it.
    """
    from sila_ot2.cli.progress import wait_for

    target = file or Path(f"sila-ot2-{dt.datetime.now():%Y%m%d-%H%M%S}.zip")
    if target.exists():
        raise CommandLineError(f"{target} exists", remedy="Give another name.", code=ExitCode.USAGE)
    content = wait_for("Collecting", client.log_service.create_diagnostics_bundle)
    write_file(target, content)
    if as_json:
        show_json({"File": str(target), "Bytes": len(content)})
    else:
        print(f"{target}: {len(content)} bytes")
