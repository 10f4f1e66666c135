"""Protocols and their run-time parameters on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sila_ot2.cli.completion import SUFFIXES, complete_protocol
from sila_ot2.cli.exits import CommandLineError, ExitCode

if TYPE_CHECKING:
    from sila_ot2.client import OT2
    from sila_ot2.client.generated.protocol_service import ProtocolSummary
    from sila_ot2.client.runs import Value

FileOrName = Annotated[
    str,
    typer.Argument(
        metavar="FILE|NAME",
        help="A protocol file (.py, .json, .zip), or the name or identifier of an uploaded one.",
        autocompletion=complete_protocol,
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A run-time parameter; may be given several times."),
]
DataFiles = Annotated[
    list[str] | None,
    typer.Option("--csv", metavar="NAME=FILE", help="The file of a CSV parameter; may be given several times."),
]
SupportFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--support", metavar="FILE", help="A further file that the protocol needs.", exists=True, dir_okay=False
    ),
]
LabwareFiles = Annotated[
    list[Path] | None,
    typer.Option("--labware", metavar="FILE", help="A custom labware definition (JSON).", exists=True, dir_okay=False),
]


def parameters(values: Sequence[str] | None, data_files: Sequence[str] | None) -> dict[str, Value]:
    """Return run-time parameters by their names; files are paths.

    Raises:
        CommandLineError: one is not NAME=VALUE, is given twice, or its file is not there.
    """
    given: dict[str, Value] = {}
    for option, texts in (("-p", values), ("--csv", data_files)):
        for text in texts or ():
            name, separator, value = text.partition("=")
            if not (name and separator):
                example = "volume=20" if option == "-p" else "samples=samples.csv"
                raise _wrong(f"{option} {text!r} has no name and value", f"Example: {option} {example}.")
            if name in given:
                raise _wrong(f"The parameter {name} is given twice", "")
            given[name] = existing(Path(value)) if option == "--csv" else value
    return given


def existing(file: Path) -> Path:
    """Return a file that is there.

    Raises:
        CommandLineError: it is not.
    """
    if not file.is_file():
        raise _wrong(f"There is no file {file}", "")
    return file


def file_of(given: str) -> Path | None:
    """Return the protocol file that is meant, None if it is a name.

    Raises:
        CommandLineError: it can only be a file, and there is none.
    """
    file = Path(given)
    return existing(file) if file.suffix in SUFFIXES or file.is_file() else None


def uploaded(client: OT2, name: str) -> ProtocolSummary:
    """Return the protocol on the server that has this identifier, key or name.

    Raises:
        CommandLineError: there is none, or there are several of the name.
    """
    known = client.protocol_service.protocols.get()
    found = [each for each in known if name in (each.protocol_identifier, each.protocol_key)]
    found = found or [each for each in known if each.name == name]
    if not found:
        names = ", ".join(sorted({each.name for each in known})) or "none"
        raise _wrong(f"There is no file and no uploaded protocol {name!r}", f"Uploaded are: {names}.")
    if len(found) > 1:
        identifiers = ", ".join(each.protocol_identifier for each in found)
        raise _wrong(f"{len(found)} uploaded protocols are called {name!r}", f"Name one by identifier: {identifiers}.")
    return found[0]


def _wrong(reason: str, remedy: str) -> CommandLineError:
    return CommandLineError(reason, remedy=remedy, code=ExitCode.USAGE)
