"""`sila-ot2 backup` and `sila-ot2 restore`: everything that a server keeps about its robot, in one file."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from sila_ot2.cli.connection import StateDirectory, state_directory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.state_directories import Robot, directory_of
from sila_ot2.cli.terminal import beside, local
from sila_ot2.config import load
from sila_ot2.store.backup import BackupUnusable, save
from sila_ot2.store.backup import restore as restore_backup
from sila_ot2.store.unusable import StateUnusable


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file to write.")],
    robot: Robot = None,
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> None:
    """Save everything that a server on this computer keeps, in one file; the server may be running.

    The file holds the server's private key: keep it as safe as the server's computer.
    """
    directory = directory_of(state_dir, robot)
    try:
        with beside().status("Saving"):
            saved = save(directory, file, version=version("sila-ot2"))
    except OSError as error:
        raise CommandLineError(
            f"The backup cannot be made: {error}",
            remedy="Run this as the user the server runs as, and name a file in a folder in which this user may write.",
            code=ExitCode.UNAVAILABLE,
        ) from error
    print(f"{len(saved.digests)} files of {directory} are saved in {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that `sila-ot2 backup` wrote.")],
    robot: Annotated[str, typer.Option(metavar="URL", help="The robot whose server gets this state.")],
    state_dir: StateDirectory = None,
    verbose: Verbose = False,
) -> None:
    """Restore what `sila-ot2 backup` has saved, on this computer or another one. The server must not be running.

    An existing state is kept under another name.
    """
    settings = load({"robot": {"url": robot}, "server": {"state_directory": state_directory(state_dir)}})
    directory = settings.robot_directory
    try:
        with beside().status("Restoring"):
            restored, former = restore_backup(file, directory)
    except BackupUnusable as error:
        raise CommandLineError(str(error), remedy="Use another backup.", code=ExitCode.USAGE) from error
    except StateUnusable as error:
        raise CommandLineError(str(error), remedy=error.remedy, code=ExitCode.UNAVAILABLE) from error
    except OSError as error:
        raise CommandLineError(
            f"The backup cannot be restored: {error}",
            remedy="Run this as the user the server runs as.",
            code=ExitCode.UNAVAILABLE,
        ) from error
    print(f"{directory} is as it was on {local(restored.made_at)}.")
    if former is not None:
        print(f"The former state is in {former}; delete it when you no longer need it.")
    print(
        "Before you start the server, look at the robot: the server does not know what was done since then. A request "
        "with a RequestKey that was first used since then would start a new run: end such schedules first."
    )
