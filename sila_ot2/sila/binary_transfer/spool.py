"""Bytes that are kept for later: in memory while there is space, then in files that are gone with the process."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from sila_ot2.files import private_folder
from sila_ot2.sila.errors import Exhausted


class Spooled:
    """Bytes in a spool, until `discard`."""

    def __init__(self, spool: Spool, size: int, content: bytes | Path) -> None:
        self._spool = spool
        self._content: bytes | Path | None = content
        self.size = size

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """Read a part, or all from `offset`.

        Raises:
            LookupError: it was discarded.
        """
        content = self._content
        if content is None:
            raise LookupError("discarded")
        if isinstance(content, bytes):
            return content[offset : None if length is None else offset + length]
        try:
            with content.open("rb") as file:
                file.seek(offset)
                return file.read(-1 if length is None else length)
        except FileNotFoundError:
            raise LookupError("discarded") from None

    def write(self, offset: int, part: bytes) -> None:
        """Overwrite a part of what `Spool.reserve` made.

        Raises:
            LookupError: it was discarded.
            Exhausted: the disk is full, or cannot be written to.
        """
        content = self._content
        if not isinstance(content, Path):
            raise LookupError("discarded")
        try:
            with content.open("r+b") as file:
                file.seek(offset)
                file.write(part)
        except FileNotFoundError:
            raise LookupError("discarded") from None
        except OSError as error:
            raise Exhausted(
                f"The server cannot write {len(part)} bytes to {content.parent}: {error.strerror}"
            ) from error

    def discard(self) -> None:
        """Free it; a second time is harmless."""
        content, self._content = self._content, None
        if isinstance(content, Path):
            content.unlink(missing_ok=True)
        if content is not None:
            self._spool.free(self.size, in_memory=isinstance(content, bytes))


class Spool:
    """A bounded place for bytes.

    Args:
        directory: where its own folder is made; what an earlier process left there is removed. None: the system's.
        memory_bytes: how much may be in memory; what does not fit goes to disk.
        disk_bytes: how much may be on disk.
        setting: the name of the setting that limits the disk, for messages.
    """

    def __init__(self, directory: Path | None, *, memory_bytes: int, disk_bytes: int, setting: str) -> None:
        self._memory_left = memory_bytes
        self._disk_left = disk_bytes
        self._limit = f"{disk_bytes} bytes ({setting})"
        self._lock = threading.Lock()
        if directory is not None:
            private_folder(directory)
        self._folder = Path(tempfile.mkdtemp(prefix="sila-spool-", dir=directory))

    def keep(self, content: bytes) -> Spooled:
        """Keep bytes.

        Raises:
            Exhausted: there is no space.
        """
        size = len(content)
        with self._lock:
            in_memory = size <= self._memory_left
            if in_memory:
                self._memory_left -= size
        if in_memory:
            return Spooled(self, size, content)
        spooled = self.reserve(size)
        try:
            spooled.write(0, content)
        except BaseException:
            spooled.discard()
            raise
        return spooled

    def reserve(self, size: int) -> Spooled:
        """Reserve space on disk for bytes to be written in parts.

        Raises:
            Exhausted: there is no space.
        """
        with self._lock:
            if size > self._disk_left:
                raise Exhausted(f"{size} bytes do not fit: the server keeps at most {self._limit}")
            self._disk_left -= size
        try:
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                return Spooled(self, size, Path(file.name))
        except OSError as error:
            self.free(size, in_memory=False)
            raise Exhausted(f"The server cannot write {size} bytes to {self._folder}: {error.strerror}") from error

    def free(self, size: int, *, in_memory: bool) -> None:
        """Used by what is kept here when it is discarded."""
        with self._lock:
            if in_memory:
                self._memory_left += size
            else:
                self._disk_left += size

    def close(self) -> None:
        """Remove everything on disk."""
        shutil.rmtree(self._folder, ignore_errors=True)


def clear_leftovers(directory: Path) -> None:
    """Remove what servers that did not stop cleanly left in `directory`, which must be used by no running one."""
    for folder in directory.glob("sila-spool-*"):
        shutil.rmtree(folder, ignore_errors=True)
