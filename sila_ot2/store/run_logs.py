"""The logs of runs: one file a run, with a line of JSON for each command that has ended.

The file is only ever appended to, so its length is the place to read on from after a restart. At the end of the run it
is compressed, and removed once the run's record is kept: while both files are there, the uncompressed one counts.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from sila_ot2.errors import RunNotFound
from sila_ot2.files import open_private, private_folder, replacing
from sila_ot2.store.files import disk_space

_NAMESPACE = UUID("7d9c7f7a-4b4e-5a1f-8f0a-2a9d3c0c6c55")
_DAMAGED = (gzip.BadGzipFile, EOFError, zlib.error, ValueError)
"""What reading a compressed file raises that is cut off or overwritten."""

log = logging.getLogger(__name__)


class RunLogFiles:
    """One per robot. Logs may be read from any thread; one thread at a time writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        private_folder(folder)

    def append(self, run_id: str, commands: Iterable[str]) -> None:
        """Add commands that have ended, each as one line of JSON: all of them or, where that fails, none.

        Raises:
            StorageFull: the disk is full.
        """
        lines = "".join(f"{command}\n" for command in commands).encode()
        if not lines:
            return
        with disk_space(self._folder), open(self._open(run_id), "ab", buffering=0, opener=open_private) as file:
            before = file.tell()
            try:
                _write_all(file, lines)
            except OSError:
                file.truncate(before)
                raise

    def resume(self, run_id: str) -> int:
        """Return how many commands the log of a run that has not ended holds; what cannot be read is removed.

        The robot is to be read on from there.
        """
        path, closed = self._open(run_id), self._closed(run_id)
        if not path.exists() and closed.exists():  # this server was killed while it closed the log
            self._reopen(run_id)
        if not path.exists():
            return 0
        count = whole = 0
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    count += 1
                    whole += len(line)
        if whole < path.stat().st_size:
            with path.open("r+b") as file:
                file.truncate(whole)
        return count

    def commands(self, run_id: str) -> Iterator[dict[str, Any]]:
        """Yield the logged commands as the robot reported them, one at a time.

        Raises:
            RunNotFound: the log is damaged.
        """
        try:
            yield from self._lines(run_id)
        except _DAMAGED as error:
            raise RunNotFound(
                f"The log of run {run_id} is damaged and cannot be read: {self._closed(run_id)} ({error}). Its "
                "record in RunHistory is not affected.",
                "Restore it from a backup of the state directory, if there is one.",
            ) from error

    def close(self, run_id: str) -> None:
        """Compress the log; call `tidy` once the record of the run is kept."""
        path = self._open(run_id)
        if path.exists():
            with (
                disk_space(self._folder),
                path.open("rb") as source,
                replacing(self._closed(run_id)) as file,
                gzip.open(file, "wb", compresslevel=6) as target,
            ):
                shutil.copyfileobj(source, target)

    def compressed(self, run_id: str) -> bytes:
        """Return the compressed log; empty if there is none."""
        closed = self._closed(run_id)
        return closed.read_bytes() if closed.exists() else b""

    def tidy(self, run_id: str) -> None:
        """Remove the uncompressed log of a run whose record is kept."""
        if self._closed(run_id).exists():
            self._open(run_id).unlink(missing_ok=True)

    def delete(self, run_id: str) -> None:
        """Delete the log of a run."""
        self._open(run_id).unlink(missing_ok=True)
        self._closed(run_id).unlink(missing_ok=True)

    def _lines(self, run_id: str) -> Iterator[dict[str, Any]]:
        if self._open(run_id).exists():
            with self._open(run_id).open(encoding="utf-8") as file:
                yield from (json.loads(line) for line in file if line.endswith("\n"))
        elif self._closed(run_id).exists():
            with gzip.open(self._closed(run_id), "rt", encoding="utf-8") as file:
                yield from map(json.loads, file)

    def _reopen(self, run_id: str) -> None:
        closed = self._closed(run_id)
        try:
            with gzip.open(closed, "rb") as source, replacing(self._open(run_id)) as target:
                shutil.copyfileobj(source, target)
        except _DAMAGED as error:
            log.warning(
                "The log %s is damaged (%s): the commands of the run are read from the robot again.", closed, error
            )
            closed.unlink()

    def _open(self, run_id: str) -> Path:
        return self._folder / f"{_file_name(run_id)}.jsonl"

    def _closed(self, run_id: str) -> Path:
        return self._folder / f"{_file_name(run_id)}.jsonl.gz"


def _write_all(file: BinaryIO, content: bytes) -> None:
    """Write to a file without a buffer, which may take a part at a time."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]


def _file_name(run_id: str) -> str:
    """Run ids are the robot's, usually UUIDs; what is not becomes one, so that it cannot name any other file."""
    return run_id if re.fullmatch(r"[0-9a-fA-F-]{36}", run_id) else str(uuid5(_NAMESPACE, run_id))
