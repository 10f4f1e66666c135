"""The command line without its verbs: its name, its help and its version."""

from __future__ import annotations

import importlib.metadata
from typing import Annotated

import typer

from sila_ot2.cli.options import Verbose


def without_verbs() -> typer.Typer:
    """Return an application that has no verbs yet."""
    application = typer.Typer(
        name="sila-ot2",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    application.callback()(_describe)
    return application


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer's callback
    if asked:
        typer.echo(f"sila-ot2 {importlib.metadata.version('sila-ot2')}")
        raise typer.Exit


def _describe(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Drive an Opentrons OT-2 liquid handling robot through SiLA 2.

    If you have no robot, start with `sila-ot2 demo`: it starts a simulated OT-2 and shows what this program can do.
    """
