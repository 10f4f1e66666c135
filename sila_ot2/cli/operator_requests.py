"""`sila-ot2 unlock` and `sila-ot2 accept-robot`: what an operator asks of a server on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sila_ot2.cli.account import account_name
from sila_ot2.cli.connection import StateDirectory
from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.cli.options import Verbose
from sila_ot2.cli.state_directories import Robot, directory_of
from sila_ot2.store.operator_requests import ACCEPT_ROBOT, UNLOCK, NoServerAnswered, RequestFailed, ask_server

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
    directory = directory_of(state_dir, robot)
    try:
        return ask_server(directory, what, f"sila-ot2 {what} by {account_name()}: {reason}")
    except NoServerAnswered as error:
        raise CommandLineError(str(error), remedy="Is the server running?", code=ExitCode.UNREACHABLE) from error
    except RequestFailed as error:
        raise CommandLineError(str(error), remedy="See the log of the server.", code=ExitCode.FAILED) from error
    except OSError as error:
        raise CommandLineError(
            f"The state directory cannot be written: {error}",
            remedy="Run this as the user the server runs as.",
            code=ExitCode.UNAVAILABLE,
        ) from error
