"""Files in the state directory: written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sila_ot2.errors import StorageFull


@contextlib.contextmanager
def staged_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder beside the lasting ones; what is still in it at the end is deleted.

    Raises:
        StorageFull: the disk of the state directory is full.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".staged-", dir=parent))
    try:
        with disk_space(parent):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def disk_space(folder: Path) -> Iterator[None]:
    """Turn the system's "no space left" into our error.

    Raises:
        StorageFull: the disk is full; nothing was kept.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise StorageFull(
            f"The disk that holds {folder} is full ({error.strerror}). Nothing was kept and nothing was sent to the "
            f"robot. Delete protocols or old runs, or give the server another state directory."
        ) from error


def clear_staged(parent: Path) -> None:
    """Delete what a process that was killed left half-written."""
    for folder in parent.glob(".staged-*"):
        shutil.rmtree(folder, ignore_errors=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with disk_space(path.parent):
        handle, name = tempfile.mkstemp(prefix=".staged-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


_FULL = frozenset({28, 122})  # ENOSPC, EDQUOT
