"""`sila-ot2 protocols`: list the uploaded protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import local, show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def protocols(client: OT2, as_json: AsJson = False) -> None:
    """List the protocols that the server keeps; `run` and `analyze` take their names and identifiers."""
    known = client.protocol_service.protocols.get()
    if as_json:
        show_json(known)
        return
    rows = [
        (
            "\n".join(filter(None, (each.name, each.protocol_identifier, each.protocol_key))),
            local(each.uploaded_at),
            each.last_analysis_result,
        )
        for each in known
    ]
    show_list(("Name and identifier", "Uploaded", "Analysis"), rows, empty="No protocol has been uploaded.")
