"""`sila-ot2 blink`: blink the lights of the robot, to identify it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number_within
from sila_ot2.cli.terminal import show_json
from sila_ot2.constraints import limits

if TYPE_CHECKING:
    from sila_ot2.client import OT2


@on_server
def blink(
    client: OT2,
    seconds: Annotated[
        float,
        typer.Argument(
            metavar="SECONDS",
            **number_within(*limits("DeviceLighting", "BlinkForIdentification", "Duration")),
            help="How long to blink.",
        ),
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Blink the rail lights, so that you see which robot the server drives. Nothing moves."""
    from sila_ot2.cli.progress import wait_for

    wait_for("Blinking", client.device_lighting.blink_for_identification, seconds)
    if as_json:
        show_json({"RailLights": client.device_lighting.rail_lights.get()})
