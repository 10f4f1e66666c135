"""Files that are written completely or not at all, and folders that only their owner can read."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

STAGED_PREFIX = ".staged-"
"""Names of files and folders that are not complete begin with it."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which takes the place of `path` at the end; only its owner can read it (mode 0600).

    After a kill or a power failure at any moment `path` holds either all of the old content or all of the new one.
    """
    handle, name = tempfile.mkstemp(prefix=STAGED_PREFIX, dir=path.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, completely or not at all; only its owner can read it."""
    with replacing(path) as file:
        file.write(content)


def private_folder(path: Path) -> list[Path]:
    """Make a folder, and the folders above it, that only their owner can enter (mode 0700).

    Returns:
        the folders that were missing, the uppermost first.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()][::-1]
    for folder in missing:
        folder.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return missing


def open_private(name: str, flags: int) -> int:
    """Open a file for `open(..., opener=open_private)`; a new one can be read by its owner only."""
    return os.open(name, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power failure; Windows cannot open folders, and does it by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
