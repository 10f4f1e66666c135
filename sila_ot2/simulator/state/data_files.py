"""Data files (CSV) on the robot, for run-time parameters."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sila_ot2.simulator.errors import JsonObject, refusal
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.release import SimulatedRelease
from sila_ot2.simulator.state.persistence import Disk

KEPT = 50
"""Data files that are kept; the oldest that nothing uses is deleted silently for a new one."""


@dataclass
class SimulatedDataFile:
    """A file and when it came.

    Attributes:
        made_by: for a picture, the ids of its run and command; empty for a file that was uploaded.
    """

    id: str
    name: str
    created_at: str
    content_hash: str
    made_by: dict[str, str] = field(default_factory=dict)

    @property
    def is_picture(self) -> bool:
        """Whether a run made it."""
        return bool(self.made_by)

    def body(self, release: SimulatedRelease) -> JsonObject:
        """The file as the robot shows it."""
        shown = {"id": self.id, "name": self.name, "createdAt": self.created_at}
        if release.tells_sources:
            shown["source"] = "generated" if self.is_picture else "uploaded"
        return shown


class SimulatedDataFiles:
    """The data files on the robot, oldest first."""

    def __init__(self, disk: Disk, clock: Clock, in_use: Callable[[], set[str]]) -> None:
        self._disk = disk
        self._clock = clock
        self._in_use = in_use
        self._files: dict[str, SimulatedDataFile] = {}
        for file_id, kept in disk.load("data-files-index"):
            self._files[file_id] = SimulatedDataFile(
                file_id, kept["name"], kept["createdAt"], kept["contentHash"], kept.get("madeBy", {})
            )

    def all(self) -> list[SimulatedDataFile]:
        """Every file, oldest first."""
        return list(self._files.values())

    def get(self, file_id: str) -> SimulatedDataFile:
        """One file.

        Raises:
            Problem: there is none of that id.
        """
        if file_id not in self._files:
            raise _not_found(404, file_id)
        return self._files[file_id]

    def path(self, file_id: str) -> Path:
        """Where a file's content is.

        Raises:
            Problem: there is none of that id.
        """
        return self._disk.data_file_directory(file_id) / self.get(file_id).name

    def paths(self, chosen: Mapping[str, str]) -> dict[str, Path]:
        """Where the files chosen for parameters are, by variable name.

        Raises:
            Problem: one does not exist (422, unlike elsewhere).
        """
        for file_id in chosen.values():
            if file_id not in self._files:
                raise _not_found(422, file_id)
        return {name: self.path(file_id) for name, file_id in chosen.items()}

    def add(self, name: str, content: bytes) -> tuple[SimulatedDataFile, bool]:
        """Take a file in; answers it and whether it is new."""
        content_hash = hashlib.sha256(name.encode() + b"\0" + content).hexdigest()
        known = next((one for one in self.all() if one.content_hash == content_hash and not one.is_picture), None)
        if known is not None:
            return known, False
        self._remove_oldest()
        return self._keep(name, content, content_hash, {}), True

    def add_picture(self, name: str, content: bytes, made_by: dict[str, str]) -> SimulatedDataFile:
        """Keep a picture that a command of a run took."""
        return self._keep(name, content, hashlib.sha256(content).hexdigest(), made_by)

    def pictures_of(self, run_id: str) -> list[SimulatedDataFile]:
        """The pictures of a run, oldest first."""
        return [one for one in self.all() if one.made_by.get("runId") == run_id]

    def remove_pictures(self, run_id: str) -> None:
        """Delete the pictures of a run."""
        for one in self.pictures_of(run_id):
            self._remove(one.id)

    def delete(self, file_id: str) -> None:
        """Delete a file.

        Raises:
            Problem: there is none of that id (404), or an analysis uses it (409).
        """
        self.get(file_id)
        if file_id in self._in_use():
            raise refusal(409, "DataFileInUse", "Data File In Use", f"Data file {file_id} is used by a protocol.")
        self._remove(file_id)

    def _keep(self, name: str, content: bytes, content_hash: str, made_by: dict[str, str]) -> SimulatedDataFile:
        file = SimulatedDataFile(str(uuid.uuid4()), name, timestamp(self._clock.now()), content_hash, made_by)
        directory = self._disk.data_file_directory(file.id)
        directory.mkdir(parents=True)
        (directory / name).write_bytes(content)
        self._files[file.id] = file
        self._disk.save(
            "data-files-index",
            file.id,
            {"name": name, "createdAt": file.created_at, "contentHash": content_hash, "madeBy": made_by},
        )
        return file

    def _remove(self, file_id: str) -> None:
        del self._files[file_id]
        self._disk.remove_data_file(file_id)

    def _remove_oldest(self) -> None:
        in_use = self._in_use()
        uploaded = [one.id for one in self.all() if not one.is_picture]
        unused = [file_id for file_id in uploaded if file_id not in in_use]
        for file_id in unused[: max(0, len(uploaded) - (KEPT - 1))]:
            self._remove(file_id)


def _not_found(status: int, file_id: str) -> Exception:
    return refusal(
        status,
        "FileIdNotFound",
        "Specified file id not found on the robot",
        f"Error 4000 GENERAL_ERROR (FileIdNotFoundError): Data file {file_id} was not found.",
    )
