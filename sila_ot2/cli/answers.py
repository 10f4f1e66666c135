"""Errors of a SiLA server, as errors that end a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.client import errors
from sila_ot2.client.wire import Unwritable

METADATA_REMEDY = (
    "Where users log in, name one with --user (or OT2_CLIENT_USER); while the server is locked, give --lock."
)


@contextmanager
def faults_of_the_server() -> Iterator[None]:
    """Let errors of the client end the command in one line.

    Raises:
        CommandLineError: instead of any error of the client; the server's own text is in it.
    """
    try:
        yield
    except errors.ServerUnreachable as error:
        raise CommandLineError(str(error), remedy="Is the SiLA server running?", code=ExitCode.UNREACHABLE) from error
    except errors.ConnectionProblem as error:
        raise CommandLineError(str(error), remedy="", code=ExitCode.UNREACHABLE) from error
    except errors.DefinedExecutionError as error:
        unreachable = isinstance(error, errors.RobotUnreachable)
        raise CommandLineError(
            f"{error.identifier.rsplit('/', 1)[-1]}: {error.message}",
            remedy="",
            code=ExitCode.UNREACHABLE if unreachable else ExitCode.FAILED,
        ) from error
    except errors.ValidationError as error:
        raise CommandLineError(str(error), remedy="Nothing was done.", code=ExitCode.USAGE) from error
    except Unwritable as error:
        raise CommandLineError(str(error), remedy="Nothing was sent.", code=ExitCode.USAGE) from error
    except errors.FrameworkError as error:
        remedy = METADATA_REMEDY if error.kind == "INVALID_METADATA" else ""
        raise CommandLineError(f"The SiLA server refused: {error}", remedy=remedy, code=ExitCode.FAILED) from error
    except errors.ClientError as error:
        raise CommandLineError(f"The SiLA server refused: {error}", remedy="", code=ExitCode.FAILED) from error
