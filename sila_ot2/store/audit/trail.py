"""Writes the audit trail, on a thread of its own: no command waits for the disk."""

from __future__ import annotations

import datetime as dt
import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from sila_ot2.files import open_private, private_folder
from sila_ot2.store.audit.chain import End, digest, encode, file_of, files
from sila_ot2.times import utc_now

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
"""How many entries are kept in memory while they cannot be written."""
TRY_AGAIN_S = 5.0


class AuditTrail:
    """An append-only record in a folder.

    An entry is on its way to the disk within a moment, and survives the end of the process; a failure of the computer's
    power may cost the last ones. While the disk is full, entries wait in memory; if more than `MOST_WAITING` wait, the
    oldest are dropped, and an entry says how many.

    Args:
        folder: where the files are; only their owner can read them.
        file_bytes: a file that is larger is followed by a new one.
        kept_files: how many files are kept; the oldest are removed.
    """

    def __init__(self, folder: Path, *, file_bytes: int, kept_files: int) -> None:
        self._folder = folder
        self._file_bytes = file_bytes
        self._kept_files = kept_files
        self._waiting: deque[tuple[dt.datetime, Callable[[], Mapping[str, Any]]]] = deque()
        self._dropped = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._end = End()
        self._path: Path | None = None
        self._has_surplus = False
        self.needed_from: Callable[[], float] = lambda: math.inf
        """Number of the first entry that may not be removed, however many files there are."""
        self._thread = threading.Thread(target=self._write_all, name="audit trail", daemon=True)

    def start(self) -> None:
        """Continue the trail that is in the folder, or begin one.

        Raises:
            OSError: the folder cannot be written.
        """
        private_folder(self._folder)
        self._continue()
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end; a second time is harmless."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def add(self, entry: Callable[[], Mapping[str, Any]]) -> None:
        """Add an entry with the present time; never waits for the disk.

        Args:
            entry: makes the entry's members, later and on another thread.
        """
        with self._changed:
            self._waiting.append((utc_now(), entry))
            self._drop_surplus()
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """How many entries wait to be written."""
        return len(self._waiting)

    def _continue(self) -> None:
        """Find the end of the trail; a line that a killed process left without an end is removed."""
        existing = files(self._folder)
        if not existing:
            return
        *lines, rest = existing[-1].read_bytes().split(b"\n")
        if rest:
            with existing[-1].open("rb+") as file:
                file.truncate(sum(len(line) + 1 for line in lines))
            log.warning("an incomplete entry was removed from the end of the audit trail %s", existing[-1])
        if lines:
            self._end = End(len(lines) + int(existing[-1].stem) - 1, digest(lines[-1]))
        else:
            existing[-1].unlink()
            self._continue()

    def _write_all(self) -> None:
        failed = False
        while True:
            with self._changed:
                if failed:
                    self._changed.wait_for(lambda: self._stopping, TRY_AGAIN_S)
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if not self._waiting:
                    return
                stopping = self._stopping
            try:
                self._write_waiting()
                failed = False
            except OSError as error:
                if not failed:
                    log.error("the audit trail cannot be written, its entries wait in memory: %s", error)
                failed = True
                if stopping:
                    return

    def _write_waiting(self) -> None:
        """Write the entries that wait now; if that fails they still wait.

        Raises:
            OSError: the disk is full.
        """
        with self._changed:
            batch, dropped = list(self._waiting), self._dropped
            self._waiting.clear()
            self._dropped = 0
        entries = [(at, make()) for at, make in batch]
        try:
            self._append([*([_lost(dropped)] if dropped else []), *(_dated(at, entry) for at, entry in entries)])
        except OSError:
            with self._changed:
                # As they are now: what they are made from may be large.
                self._waiting.extendleft((at, partial(dict, entry)) for at, entry in reversed(entries))
                self._dropped += dropped
                self._drop_surplus()
            raise

    def _append(self, entries: list[dict[str, Any]]) -> None:
        path = self._file_of_next()
        end, content = self._end, b""
        for entry in entries:
            end, line = encode(end, entry)
            content += line
        with open(path, "ab", buffering=0, opener=open_private) as file:
            size = file.tell()
            try:
                rest = memoryview(content)
                while rest:
                    rest = rest[file.write(rest) or 0 :]
            except OSError:
                file.truncate(size)
                raise
        self._end = end
        if self._has_surplus:
            try:
                self._remove_oldest()
            except OSError as error:  # the entries are written, and must not be written again
                log.warning("old files of the audit trail cannot be removed until the next file begins: %s", error)
                self._has_surplus = False

    def _file_of_next(self) -> Path:
        """Return the file of the next entry; the folder is listed when a file is begun, not for each entry."""
        if self._path is not None:
            with suppress(FileNotFoundError):  # somebody has removed it
                if self._path.stat().st_size < self._file_bytes:
                    return self._path
        existing = files(self._folder)
        path = existing[-1] if existing else None
        if path is None or path.stat().st_size >= self._file_bytes:
            path = file_of(self._folder, self._end.number + 1)
        self._path, self._has_surplus = path, True
        return path

    def _remove_oldest(self) -> None:
        """Remove the oldest files beyond the number that is kept; one that is still needed stays."""
        existing = files(self._folder)
        surplus = max(0, len(existing) - self._kept_files)
        for old, following in list(zip(existing, existing[1:], strict=False))[:surplus]:
            if int(following.stem) <= self.needed_from():
                old.unlink()
                surplus -= 1
        self._has_surplus = surplus > 0

    def _drop_surplus(self) -> None:
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
            self._dropped += 1


def _dated(at: dt.datetime, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"time": at.isoformat(timespec="milliseconds"), **entry}


def _lost(entries: int) -> dict[str, Any]:
    return _dated(utc_now(), {"event": "lost", "entries": entries})
