"""`sila-ot2 session`: the session of single commands."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.terminal import local, show_active_parts, show_facts, show_json

if TYPE_CHECKING:
    from sila_ot2.client import OT2


class SessionAction(str, Enum):
    """What is to be done with the session."""

    SHOW = "show"
    OPEN = "open"
    CLOSE = "close"


@on_server
def session(
    client: OT2,
    action: Annotated[
        SessionAction,
        typer.Argument(metavar="[show|open|close]", help="Opening homes the robot; closing moves nothing."),
    ] = SessionAction.SHOW,
    as_json: AsJson = False,
) -> None:
    """Show, open or close the session in which single commands move the robot."""
    from sila_ot2.cli.progress import wait_for

    feature = client.atomic_liquid_handling
    if action is SessionAction.OPEN:
        wait_for("Opening", feature.open_session)
    elif action is SessionAction.CLOSE:
        active = wait_for("Closing", feature.close_session)
        show_active_parts(active)
    if as_json:
        show_json(
            {
                "Session": feature.session.get(),
                "PipetteStates": feature.pipette_states.get(),
                "LoadedLabware": feature.loaded_labware.get(),
                "LoadedModules": feature.loaded_modules.get(),
            }
        )
    else:
        show_facts(_facts(client))


def _facts(client: OT2) -> Iterator[tuple[str, str]]:
    feature = client.atomic_liquid_handling
    sessions = feature.session.get()
    if not sessions:
        yield "Session", "none"
    for found in sessions:
        yield "Session", f"{found.state.lower()}, run {found.run_identifier}, since {local(found.opened_at)}"
        if found.displaced_by:
            yield "", f"replaced by {found.displaced_by}"
    for pipette in feature.pipette_states.get():
        held = f"{pipette.tip_state}, holds {pipette.contained_volume:g} µL, {pipette.evidence.lower()}"
        yield "Pipette", f"{pipette.mount} {pipette.pipette_name}: {held}"
    for labware in feature.loaded_labware.get():
        yield "Labware", f"{labware.definition_uri} in {labware.location}: {labware.labware_identifier}"
    for module in feature.loaded_modules.get():
        yield "Module", f"{module.module_model} in slot {module.slot}: {module.module_identifier}"
