"""`sila-ot2 watch`: a property, printed whenever it changes."""

from __future__ import annotations

import datetime
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sila_ot2.cli.connection import DEFAULT_PLACE, Certificate, Insecure, Place, StateDirectory, connect_to
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.plain import line, plain

if TYPE_CHECKING:
    from sila_ot2.sila.client import Client


def watch(
    watched: Annotated[
        str, typer.Argument(metavar="FEATURE.PROPERTY", help="For example OT2StatusProvider.DeviceStatus.")
    ],
    place: Place = DEFAULT_PLACE,
    count: Annotated[int, typer.Option(metavar="N", min=0, help="End after N values; 0 goes on until Ctrl-C.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for programs.")] = False,
    ca: Certificate = None,
    insecure: Insecure = False,
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> None:
    """Print a property now and whenever it changes.

    Works with any SiLA 2 server. A property that is not observable is printed once.
    """
    from sila_ot2.cli.answers import faults_of_the_server

    with faults_of_the_server(), connect_to(place, ca, state_dir, insecure=insecure) as client:
        found = find(client, watched)
        if not hasattr(found, "subscribe"):
            show(found.get(), as_json=as_json)
            return
        values = found.subscribe()
        for number, value in enumerate(values, start=1):
            show(value, as_json=as_json)
            if number == count:
                values.cancel()
                return
    raise CommandLineError("The server ended the subscription", remedy="Was it stopped?", code=ExitCode.UNREACHABLE)


def find(client: Client, watched: str) -> Any:
    """Return the client's property that is called `Feature.Property`."""
    from sila_ot2.sila.client import features_of

    feature_name, _, name = watched.partition(".")
    features = features_of(client)
    feature = features.get(feature_name)
    if feature is None:
        raise CommandLineError(
            f"The server has no feature {feature_name}", remedy=f"It has {_listed(features)}.", code=ExitCode.USAGE
        )
    properties = [key for key, member in vars(feature).items() if hasattr(member, "get") and key[:1].isupper()]
    if name not in properties:
        raise CommandLineError(
            f"{feature_name} has no property {name or '(none was named)'}",
            remedy=f"It has {_listed(properties)}.",
            code=ExitCode.USAGE,
        )
    return getattr(feature, name)


def show(value: Any, *, as_json: bool) -> None:
    """Print one value with the time at which it came."""
    now = datetime.datetime.now().astimezone()
    if as_json:
        print(json.dumps({"at": now.isoformat(), "value": plain(value)}, ensure_ascii=False))
    else:
        print(f"{now:%H:%M:%S.%f}"[:-3], line(value))
    sys.stdout.flush()


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
