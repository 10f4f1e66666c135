"""Files on their way to the robot."""

from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from sila_ot2.robot.transport import FilePart


class UploadFile(NamedTuple):
    """A file to send; a path is opened, read in pieces and closed again."""

    name: str
    content: Path | IO[bytes] | bytes


def form_part(field: str, file: UploadFile, opened: ExitStack) -> FilePart:
    """Return the file as a part of a form; what is opened for it is closed with `opened`."""
    content: IO[bytes]
    if isinstance(file.content, Path):
        content = opened.enter_context(file.content.open("rb"))
    elif isinstance(file.content, bytes):
        content = BytesIO(file.content)
    else:
        content = file.content
    return field, (file.name, content)
