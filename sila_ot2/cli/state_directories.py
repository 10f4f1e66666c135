"""The state directory of one server on this computer, for verbs that work on its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sila_ot2 import config
from sila_ot2.cli.connection import CERTIFICATES, state_directory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.store.backup import FORMER

Robot = Annotated[
    str | None, typer.Option(metavar="URL", help="The robot of the server; not needed if there is only one.")
]


def directory_of(state_dir: Path | None, robot: str | None) -> Path:
    """Return the directory of the server for a robot, or of the only server.

    Raises:
        CommandLineError: there is none, or there are several and none is named.
    """
    folder = state_directory(state_dir)
    states = (file.parent.parent for file in folder.glob(CERTIFICATES))
    known = sorted(state for state in states if FORMER not in state.name)
    if robot is not None:
        wanted = config.load({"robot": {"url": robot}, "server": {"state_directory": folder}}).robot_directory
        if wanted in known:
            return wanted
        raise CommandLineError(
            f"No server for {robot} was ever started with {folder}",
            remedy=f"There are servers for: {_names(known)}.",
            code=ExitCode.USAGE,
        )
    if len(known) != 1:
        raise CommandLineError(
            f"Which server? {folder} has {len(known)}: {_names(known)}",
            remedy="Name its robot with --robot, or another directory with --state-dir.",
            code=ExitCode.USAGE,
        )
    return known[0]


def _names(directories: list[Path]) -> str:
    return ", ".join(directory.name for directory in directories) or "none"
