"""Files in the state directory: StorageFull where there is no room, and folders that are taken over completely."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sila_ot2.errors import StorageFull
from sila_ot2.files import STAGED_PREFIX, private_folder, replace_file

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextlib.contextmanager
def staged_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder beside the lasting ones; what is still in it at the end is deleted.

    Raises:
        StorageFull: the disk of the state directory is full.
    """
    private_folder(parent)
    folder = Path(tempfile.mkdtemp(prefix=STAGED_PREFIX, dir=parent))
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
        raise storage_full(folder) from error


def storage_full(folder: Path) -> StorageFull:
    """Return the error for a disk without room."""
    return StorageFull(
        f"The disk that holds {folder} is full.",
        "Delete protocols or old runs, or make room on the disk, then try again.",
    )


def clear_staged(state_dir: Path) -> None:
    """Delete what a process that was killed left incomplete, anywhere in the state directory."""
    for staged in list(state_dir.rglob(f"{STAGED_PREFIX}*")):
        if staged.is_dir():
            shutil.rmtree(staged, ignore_errors=True)
        else:
            staged.unlink(missing_ok=True)


def keep_file(path: Path, content: bytes) -> None:
    """Write `content` to `path`, completely or not at all.

    Raises:
        StorageFull: the disk is full; nothing was kept.
    """
    with disk_space(path.parent):
        replace_file(path, content)
