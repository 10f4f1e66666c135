"""`sila-ot2 discover`: the SiLA servers that announce themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from sila_ot2.cli.options import Verbose


def discover(
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to listen.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")] = False,
    verbose: Verbose = False,
) -> None:
    """List the SiLA 2 servers on this network, of any maker.

    A server of another computer is seen only when it listens on the network (`serve --address 0.0.0.0`) and the network
    passes multicast.
    """
