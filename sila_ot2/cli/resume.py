"""`sila-ot2 resume`: resume a paused run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.pause import OwnRun, report

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def resume(client: OT2, run: OwnRun = None, as_json: AsJson = False) -> None:
    """Resume a paused run, whether a client, the protocol or an open door paused it. Close the door first."""
    client.run_controller.resume_run(run_identifier=run)
    report(client, "resumed", as_json=as_json)
