"""`sila-ot2 offsets`: the labware offsets that the server keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.connection import on_server
from sila_ot2.cli.options import AsJson, number
from sila_ot2.cli.protocol_arguments import existing
from sila_ot2.cli.terminal import counted, local, show_json, show_list

if TYPE_CHECKING:
    from sila_ot2.client import OT2

offsets = typer.Typer(
    no_args_is_help=True, help="Keep labware offsets on the server; `run --stored-offsets` applies them."
)
Uri = Annotated[str, typer.Argument(metavar="URI", help="The labware: NAMESPACE/LOAD_NAME/VERSION.")]
Slot = Annotated[str, typer.Argument(metavar="SLOT", help="The slot of the deck, 1 to 11.")]
Module = Annotated[str, typer.Option("--module", metavar="MODEL", help="The model of the module under the labware.")]
Millimeters = Annotated[float, typer.Argument(parser=number, help="In mm.")]


@offsets.command("list")
@on_server
def list_offsets(client: OT2, as_json: AsJson = False) -> None:
    """List the offsets, and why one is not applied on this robot."""
    kept = client.labware_offset_service.stored_offsets.get()
    if as_json:
        show_json(kept)
        return
    rows = [
        (
            each.definition_uri,
            f"{each.slot} on {each.module_model}" if each.module_model else each.slot,
            f"{each.x:g}, {each.y:g}, {each.z:g}",
            f"{local(each.measured_at)} ({each.source})",
            each.reason_not_applied,
        )
        for each in kept
    ]
    show_list(("Labware", "Slot", "X, Y, Z in mm", "Measured", "Not applied"), rows, empty="No offset is kept.")


@offsets.command("set", context_settings={"ignore_unknown_options": True})
@on_server
def set_offset(
    client: OT2, uri: Uri, slot: Slot, x: Millimeters, y: Millimeters, z: Millimeters, module: Module = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keep an offset, for example: set opentrons/opentrons_96_tiprack_300ul/1 1 0.2 -0.1 0.

    With --json, print all offsets.
    """
    client.labware_offset_service.set_offset(uri, slot, x, y, z, module_model=module)
    if as_json:
        show_json(client.labware_offset_service.stored_offsets.get())


@offsets.command("remove")
@on_server
def remove(client: OT2, uri: Uri, slot: Slot, module: Module = "", as_json: AsJson = False) -> None:
    """Remove an offset. With --json, print those that are left."""
    client.labware_offset_service.remove_offset(uri, slot, module_model=module)
    if as_json:
        show_json(client.labware_offset_service.stored_offsets.get())


@offsets.command("import")
@on_server
def import_offsets(
    client: OT2,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A file that `export` wrote; without it, the robot's store.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take over offsets from a file, or from the store that robots have from release 8.4 on; newer ones here stay."""
    service = client.labware_offset_service
    if file is None:
        from_robot = service.import_offsets_from_robot()
        kept, passed = from_robot.kept_count, from_robot.passed_over_count
    else:
        from_file = service.import_offsets(existing(file).read_bytes())
        kept, passed = from_file.kept_count, from_file.passed_over_count
    if as_json:
        show_json({"KeptCount": kept, "PassedOverCount": passed})
    else:
        print(f"{counted(kept, 'offset')} kept, {passed} passed over.")


@offsets.command("export")
@on_server
def export_offsets(
    client: OT2,
    to_robot: Annotated[
        bool, typer.Option("--to-robot", help="Write them to the store that robots have from release 8.4 on instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print all offsets as a file, for example: export > offsets.json. They are JSON with or without --json."""
    if to_robot:
        written = client.labware_offset_service.export_offsets_to_robot()
        if as_json:
            show_json(written)
            return
        print(f"{counted(written.written_count, 'offset')} written, {written.passed_over_count} passed over.")
        return
    print(client.labware_offset_service.export_offsets().decode())
