"""`sila-ot2 unlock` and `sila-ot2 accept-robot`: what an operator asks of a server on this computer."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2 import config
from sila_ot2.cli.connection import CERTIFICATES, StateDirectory, state_directory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.store.operator_requests import ACCEPT_ROBOT, UNLOCK, NoServerAnswered, ask_server

Robot = Annotated[
    str | None, typer.Option(metavar="URL", help="The robot of the server; not needed if there is only one.")
]
Reason = Annotated[
    str, typer.Option(metavar="TEXT", help="The reason; it is written to the server's log with your name.")
]
NO_REASON = "no reason was given"


def unlock(
    robot: Robot = None, reason: Reason = NO_REASON, state_dir: StateDirectory = None, verbose: Verbose = False
) -> None:
    """Remove the lock of a server on this computer, for example if the client that locked it has crashed.

    Needs write permission for the server's state directory. Afterwards a client that still uses the lock is refused; a
    command that is running continues.
    """
    print(_ask(UNLOCK, state_dir, robot, reason))


def accept_robot(
    robot: Robot = None, reason: Reason = NO_REASON, state_dir: StateDirectory = None, verbose: Verbose = False
) -> None:
    """Accept a different robot at the address of the robot that a server on this computer worked with before.

    Look at the robot first. The server deletes what it knew about the tips and the unanswered requests of the former
    robot, and keeps the history of its runs. Needs write permission for the server's state directory.
    """
    print(_ask(ACCEPT_ROBOT, state_dir, robot, reason))


def _ask(what: str, state_dir: Path | None, robot: str | None, reason: str) -> str:
    directory = _directory(state_directory(state_dir), robot)
    try:
        return ask_server(directory, what, f"sila-ot2 {what} by {getpass.getuser()}: {reason}")
    except NoServerAnswered as error:
        raise CommandLineError(str(error), remedy="Is the server running?", code=ExitCode.UNREACHABLE) from error
    except OSError as error:
        raise CommandLineError(
            f"The state directory cannot be written: {error}",
            remedy="Run this as the user the server runs as.",
            code=ExitCode.UNAVAILABLE,
        ) from error


def _directory(state_dir: Path, robot: str | None) -> Path:
    known = sorted(file.parent.parent for file in state_dir.glob(CERTIFICATES))
    if robot is not None:
        wanted = config.load({"robot": {"url": robot}, "server": {"state_directory": state_dir}}).robot_directory
        if wanted in known:
            return wanted
        raise CommandLineError(
            f"No server for {robot} was ever started with {state_dir}",
            remedy=f"There are servers for: {_names(known)}.",
            code=ExitCode.USAGE,
        )
    if len(known) != 1:
        raise CommandLineError(
            f"Which server? {state_dir} has {len(known)}: {_names(known)}",
            remedy="Name its robot with --robot, or another directory with --state-dir.",
            code=ExitCode.USAGE,
        )
    return known[0]


def _names(directories: list[Path]) -> str:
    return ", ".join(directory.name for directory in directories) or "none"
