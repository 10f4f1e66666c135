"""CSV files for protocols that ask for one, kept on this server's disk because the robot forgets."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import Column, Engine, Integer, String, Table, Text, delete, insert, select, update

from sila_ot2.errors import DataFileNotFound
from sila_ot2.files import private_folder
from sila_ot2.store.database import METADATA
from sila_ot2.store.files import keep_file
from sila_ot2.store.times import UtcTime
from sila_ot2.times import utc_now

_NAMESPACE = UUID("0f3f37d2-78b4-5d0e-8d5a-6e0f7c2ab3d1")


@dataclass(frozen=True)
class StoredDataFile:
    """One data file."""

    identifier: str
    name: str
    size_bytes: int
    uploaded_at: datetime.datetime
    robot_id: str
    """What the robot called it last; it may have forgotten it since. Empty: never there."""


_data_files = Table(
    "data_files",
    METADATA,
    Column("identifier", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("uploaded_at", UtcTime, nullable=False),
    Column("robot_id", String, nullable=False),
)


class DataFileLibrary:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine, state_dir: Path) -> None:
        self._engine = engine
        self._folder = state_dir / "data-files"

    def add(self, name: str, content: bytes) -> StoredDataFile:
        """Keep a file; the same name and content have the same identifier, now and later."""
        identifier = str(uuid5(_NAMESPACE, f"{name}\0{hashlib.sha256(content).hexdigest()}"))
        private_folder(self._folder)
        keep_file(self._folder / identifier, content)
        with self._engine.begin() as connection:
            known = connection.execute(select(_data_files).where(_data_files.c.identifier == identifier)).first()
            if known is None:
                connection.execute(
                    insert(_data_files).values(
                        identifier=identifier, name=name, size_bytes=len(content), uploaded_at=utc_now(), robot_id=""
                    )
                )
        return self.require(identifier)

    def require(self, identifier: str) -> StoredDataFile:
        """Return the file.

        Raises:
            DataFileNotFound: it is not in the library.
        """
        found = self.find(identifier)
        if found is None:
            raise DataFileNotFound(
                f"This server has no data file {identifier}.", "Upload it first, or look at DataFiles."
            )
        return found

    def find(self, identifier: str) -> StoredDataFile | None:
        """Return the file, None if it is not in the library."""
        return next((file for file in self.all() if file.identifier == identifier), None)

    def content(self, identifier: str) -> bytes | None:
        """Return what is in a file; None if it was deleted in the meantime."""
        try:
            return self.path(identifier).read_bytes()
        except OSError:
            return None

    def all(self) -> list[StoredDataFile]:
        """Return every file, the one uploaded first leading."""
        query = select(_data_files).order_by(_data_files.c.uploaded_at, _data_files.c.identifier)
        with self._engine.connect() as connection:
            return [StoredDataFile(**row) for row in connection.execute(query).mappings()]

    def path(self, identifier: str) -> Path:
        """Return where the file lies."""
        return self._folder / identifier

    def note_robot_id(self, identifier: str, robot_id: str) -> None:
        """Remember what the robot calls it now."""
        with self._engine.begin() as connection:
            connection.execute(
                update(_data_files).where(_data_files.c.identifier == identifier).values(robot_id=robot_id)
            )

    def delete(self, identifier: str) -> None:
        """Delete a file."""
        with self._engine.begin() as connection:
            connection.execute(delete(_data_files).where(_data_files.c.identifier == identifier))
        self.path(identifier).unlink(missing_ok=True)
