"""`sila-ot2 lock`: lock the server."""

from __future__ import annotations

import secrets
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number_within
from sila_ot2.cli.terminal import show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2

IDENTIFIER_BYTES = 16


@on_server
def lock(
    client: OT2,
    timeout: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS", **number_within(1, whole=True), help="The lock expires if no call uses it for this time."
        ),
    ] = None,
    give_back: Annotated[
        str | None, typer.Option("--release", metavar="IDENTIFIER", help="End the lock that has this identifier.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Lock the server and print the identifier of the lock; other clients can then only read, pause and stop.

    The other verbs take the identifier with --lock or from the environment variable OT2_CLIENT_LOCK. If the
    identifier is lost, remove the lock with `sila-ot2 unlock`.
    """
    if give_back is not None:
        client.lock_controller.unlock_server(give_back)
        if as_json:
            show_json({"IsLocked": False})
        return
    identifier = secrets.token_hex(IDENTIFIER_BYTES)
    with ExitStack() as undoing:
        undoing.enter_context(client.lock(timeout, identifier=identifier))
        if as_json:
            show_json({"IsLocked": True, "LockIdentifier": identifier})
        else:
            print(identifier)
        sys.stdout.flush()
        undoing.pop_all()  # it stays locked: somebody knows the identifier
