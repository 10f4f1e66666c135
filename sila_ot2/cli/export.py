"""`sila-ot2 export`: the contract as files, for clients in any language."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2 import generated
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.generated import DEFINITIONS, definition

FRAMEWORK = ("SiLAFramework.proto", "SiLABinaryTransfer.proto", "SiLACloudConnector.proto")
"""The standard's own .proto files: those that features import, and the one of server-initiated connections."""

export = typer.Typer(no_args_is_help=True, help="Write the features as files, for clients in any language.")
Directory = Annotated[
    Path,
    typer.Argument(metavar="DIR", help="The folder to write to; it is created if it does not exist.", file_okay=False),
]


@export.command("protos")
def protos(
    directory: Directory,
    without_framework: Annotated[
        bool,
        typer.Option("--without-framework", help="Leave out the standard's own files, if the client has them."),
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Write a .proto file for each feature of the server, and the standard's own files.

    The folder is the include path of the protobuf compiler. Files with the same names are overwritten.
    """
    folder = files(generated) / "protos"
    texts = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    if without_framework:
        texts = {name: text for name, text in texts.items() if name.endswith(".proto") and name not in FRAMEWORK}
    _write(directory, texts)


@export.command("features")
def features(directory: Directory, verbose: Verbose = False) -> None:
    """Write the definition (XML) of each feature of the server, including SiLAService.

    Files with the same names are overwritten.
    """
    from sila_ot2.sila.controllers.sila_service import DEFINITION as SILA_SERVICE

    texts = {name: definition(identifier) for identifier, name in DEFINITIONS.items()}
    texts["SiLAService-v1_0.sila.xml"] = SILA_SERVICE.read_text("utf-8")
    _write(directory, texts)


def _write(directory: Path, texts: Mapping[str, str]) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(texts.items()):
            (directory / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise CommandLineError(
            f"{directory} cannot be written: {error.strerror or error}",
            remedy="Choose another folder.",
            code=ExitCode.UNAVAILABLE,
        ) from error
    print(f"{len(texts)} files are in {directory}.")
