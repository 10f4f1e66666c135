"""`sila-ot2 watch`: print a property whenever it changes."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.completion import complete_property
from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number_within
from sila_ot2.cli.plain import line, plain
from sila_ot2.cli.terminal import json_text

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def watch(
    client: OT2,
    watched: Annotated[
        str,
        typer.Argument(
            metavar="FEATURE.PROPERTY",
            help="For example OT2StatusProvider.DeviceStatus.",
            autocompletion=complete_property,
        ),
    ],
    count: Annotated[
        int,
        typer.Option(metavar="N", **number_within(0, whole=True), help="End after N values; 0 continues until Ctrl-C."),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Print a property now and whenever it changes.

    A property that is not observable is printed once.
    """
    from sila_ot2.cli.named import property_of
    from sila_ot2.client.properties import ObservableProperty

    found = property_of(client, watched)
    if not isinstance(found, ObservableProperty):
        show(found.get(), as_json=as_json)
        return
    with found.subscribe() as values:
        for number, value in enumerate(values, start=1):
            show(value, as_json=as_json)
            if number == count:
                return


def show(value: Any, *, as_json: bool) -> None:
    """Print one value with the time at which it came."""
    now = datetime.datetime.now().astimezone()
    if as_json:
        print(json_text({"at": now.isoformat(), "value": plain(value)}))
    else:
        print(f"{now:%H:%M:%S.%f}"[:-3], line(value))
    sys.stdout.flush()
