"""What survives the robot's power being cut: JSON files in a state directory."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sila_ot2.files import replace_file
from sila_ot2.simulator.errors import JsonObject


class Disk:
    """A directory of JSON records and of uploaded files.

    Every record is written whole and then renamed into place, so that a kill at any moment leaves either the old
    record or the new one. A record's place in the order is the number in its name.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._directory.mkdir(parents=True, exist_ok=True)
        self._numbers: dict[tuple[str, str], int] = {}
        for path in self._directory.glob("*/*.json"):
            number, _, name = path.stem.partition("-")
            self._numbers[path.parent.name, name] = int(number)
        self._next = max(self._numbers.values(), default=0) + 1

    def save(self, kind: str, name: str, record: JsonObject) -> None:
        """Write a record; the first time decides its place in the order."""
        path = self._path(kind, name)
        path.parent.mkdir(exist_ok=True)
        replace_file(path, json.dumps(record).encode())

    def remove(self, kind: str, name: str) -> None:
        """Delete a record."""
        self._path(kind, name).unlink(missing_ok=True)
        self._numbers.pop((kind, name), None)

    def load(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Every record of a kind with its name, oldest first."""
        for (where, name), _ in sorted(self._numbers.items(), key=lambda item: item[1]):
            if where == kind:
                yield name, json.loads(self._path(kind, name).read_text())

    def protocol_directory(self, protocol_id: str) -> Path:
        """Where a protocol's files are."""
        return self._directory / "protocol-files" / protocol_id

    def data_file_directory(self, file_id: str) -> Path:
        """Where a data file is."""
        return self._directory / "data-files" / file_id

    def read(self, path: Path) -> bytes:
        """A file on the robot's own disk, which is the state directory: no client may read more of this computer.

        Raises:
            OSError: there is none.
        """
        if not path.resolve().is_relative_to(self._directory.resolve()):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return path.read_bytes()

    def remove_protocol(self, protocol_id: str) -> None:
        """Delete a protocol's record and files."""
        self.remove("protocols", protocol_id)
        shutil.rmtree(self.protocol_directory(protocol_id), ignore_errors=True)

    def remove_data_file(self, file_id: str) -> None:
        """Delete a data file and its record."""
        self.remove("data-files-index", file_id)
        shutil.rmtree(self.data_file_directory(file_id), ignore_errors=True)

    def clear(self) -> None:
        """Delete everything."""
        for path in self._directory.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
        self._numbers.clear()

    def _path(self, kind: str, name: str) -> Path:
        number = self._numbers.get((kind, name))
        if number is None:
            number = self._numbers[kind, name] = self._next
            self._next += 1
        return self._directory / kind / f"{number:06d}-{name}.json"
