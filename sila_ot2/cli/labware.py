"""`sila-ot2 labware`: the custom labware definitions that the server keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson
from sila_ot2.cli.protocol_arguments import existing
from sila_ot2.cli.terminal import beside, local, show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client import OT2

labware = typer.Typer(
    no_args_is_help=True, help="Keep custom labware definitions on the server, and search for labware."
)
Uri = Annotated[str, typer.Argument(metavar="URI", help="A definition: NAMESPACE/LOAD_NAME/VERSION.")]


@labware.command("list")
@on_server
def list_definitions(client: OT2, as_json: AsJson = False) -> None:
    """List the custom definitions in the library of the server."""
    kept = client.labware_definition_service.definitions.get()
    if as_json:
        show_json(kept)
        return
    rows = [(each.definition_uri, each.labware_name, str(each.well_count), local(each.added_at)) for each in kept]
    show_list(("Definition", "Name", "Wells", "Added"), rows, empty="The library is empty.")


@labware.command("add")
@on_server
def add(
    client: OT2,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Labware definitions (.json, schema 2).")],
    as_json: AsJson = False,
) -> None:
    """Check definitions and keep them; protocols and sessions that load such labware get them automatically."""
    answers = []
    for file in [existing(file) for file in files]:
        answers.append(answer := client.labware_definition_service.add_definition(file.read_bytes()))
        beside().print(f"{file.name}: {'there already' if answer.already_present else 'added'}", markup=False)
        if not as_json:
            print(answer.definition_uri)
    if as_json:
        show_json(answers)


@labware.command("remove")
@on_server
def remove(client: OT2, uri: Uri, as_json: AsJson = False) -> None:
    """Remove a definition from the library; protocols and sessions that have it keep it.

    With --json, print the definitions that are left.
    """
    client.labware_definition_service.remove_definition(uri)
    if as_json:
        show_json(client.labware_definition_service.definitions.get())


@labware.command("show")
@on_server
def show(client: OT2, uri: Uri) -> None:
    """Print a definition as JSON: one of the library, or one that robots have themselves."""
    print(client.labware_definition_service.retrieve_definition(uri).decode())


@labware.command("search")
@on_server
def search(
    client: OT2,
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD...]", help="Words that are all in it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search the library and the labware that robots have themselves, for example: search 384 corning."""
    found = client.labware_definition_service.search_definitions(search_text=" ".join(words or []))
    if as_json:
        show_json(found)
        return
    rows = [(each.definition_uri, each.labware_name, str(each.well_count), each.source) for each in found]
    show_list(("Definition", "Name", "Wells", "Source"), rows, empty="Nothing was found.")
