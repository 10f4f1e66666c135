"""What a SiLA server answers to the command line, as faults that end a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sila2.framework import DefinedExecutionError, SilaConnectionError, SilaError

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.sila.client import CannotConnect

ROBOT_UNREACHABLE = "RobotUnreachable"


@contextmanager
def faults_of_the_server() -> Iterator[None]:
    """Let SiLA errors of the block end the command in one line.

    Raises:
        CommandLineError: instead of any error of the SiLA client; the server's own text is in it.
    """
    try:
        yield
    except (CannotConnect, SilaConnectionError) as error:
        if isinstance(cause := getattr(error, "exception", None), KeyboardInterrupt):
            raise cause from None  # the package takes Ctrl-C during a call for a lost connection
        raise CommandLineError(
            f"The SiLA server gave no answer: {error}", remedy="Is it still running?", code=ExitCode.UNREACHABLE
        ) from error
    except DefinedExecutionError as error:
        unreachable = error.identifier == ROBOT_UNREACHABLE
        raise CommandLineError(
            f"{error.identifier}: {error.message}",
            remedy="",
            code=ExitCode.UNREACHABLE if unreachable else ExitCode.FAILED,
        ) from error
    except SilaError as error:
        raise CommandLineError(f"The SiLA server refused: {error}", remedy="", code=ExitCode.FAILED) from error
