"""`sila-ot2 lights`: the rail lights."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2


class LightState(str, Enum):
    """How the lights are to be."""

    ON = "on"
    OFF = "off"


@on_server
def lights(
    client: OT2,
    state: Annotated[
        LightState | None, typer.Argument(metavar="[on|off]", help="Without it, print their state.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Switch the rail lights on or off, or print their state."""
    if state is not None:
        client.device_lighting.set_rail_lights(state is LightState.ON)
    shining = client.device_lighting.rail_lights.get()
    if as_json:
        show_json({"RailLights": shining})
    else:
        print("on" if shining else "off")
