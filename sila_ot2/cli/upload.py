"""`sila-ot2 upload`: upload a protocol to the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.protocol_arguments import LabwareFiles, SupportFiles, existing
from sila_ot2.cli.terminal import beside, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2, Execution
    from sila_ot2.client.generated.protocol_service import UploadProtocolResponses


@on_server
def upload(
    client: OT2,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A protocol file (.py, .json, .zip).")],
    support_files: SupportFiles = None,
    labware_files: LabwareFiles = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A name that you choose, with which `run` finds the protocol again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Upload a protocol and print its identifier. Nothing moves.

    The same content has the same identifier and is not sent again.
    """
    answer = send(client, existing(file), support_files or [], labware_files or [], key)
    if as_json:
        show_json(answer)
    else:
        print(answer.protocol_identifier)


def send(
    client: OT2, file: Path, support_files: list[Path], labware_files: list[Path], key: str | None = None
) -> UploadProtocolResponses:
    """Upload a protocol with its progress."""
    from sila_ot2.cli.progress import wait_for
    from sila_ot2.client.generated.protocol_service import SupportFile

    def send() -> Execution[UploadProtocolResponses, None]:
        with beside().status(f"Sending {file.name}"):
            return client.protocol_service.upload_protocol(
                file.name,
                file.read_bytes(),
                support_files=[SupportFile(file_name=each.name, content=each.read_bytes()) for each in support_files],
                labware_definitions=[each.read_bytes() for each in labware_files],
                protocol_key=key,
            )

    return wait_for(f"Uploading {file.name}", send)
