"""Files that verbs write for the user."""

from __future__ import annotations

from pathlib import Path

from sila_ot2.cli.exits import CommandLineError, ExitCode
from sila_ot2.files import replace_file


def write_file(file: Path, content: bytes) -> None:
    """Write a file, completely or not at all.

    Raises:
        CommandLineError: it cannot be written.
    """
    try:
        replace_file(file, content)
    except OSError as error:
        raise CommandLineError(
            f"{file} cannot be written ({error.strerror})", remedy="Name another file.", code=ExitCode.UNAVAILABLE
        ) from error
