"""The protocol library: what was uploaded, kept on this server's disk because the robot forgets.

One folder a protocol, named after its identifier; the identifier is derived from the content, so that the same content
has the same identifier today, after it was deleted, and on another server.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy import Column, Engine, String, Table, Text, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.errors import FileNotFound, ProtocolNotFound
from sila_ot2.files import private_folder
from sila_ot2.store.database import METADATA
from sila_ot2.store.files import keep_file
from sila_ot2.store.times import UtcTime

_NAMESPACE = UUID("3b6a2a0e-5d1c-5f5e-9a57-0c2f6d2b7a10")

Role = Literal["main", "labware", "support"]


@dataclass(frozen=True)
class StoredFile:
    """One file of a protocol."""

    name: str
    role: Role
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class StoredProtocol:
    """A protocol in the library."""

    identifier: str
    content_hash: str
    files: tuple[StoredFile, ...]
    """The main file first."""
    name: str
    author: str
    api_level: str
    """For Python protocols "2.13"; for JSON ones "schema 6"."""
    robot_type: str
    key: str
    """What the client calls it; kept with the protocol on the robot, too."""
    uploaded_at: datetime.datetime
    robot_id: str
    """What the robot called it last; it may have forgotten it since. Empty: never there."""
    last_result: str
    """Result of the newest analysis: ok, not-ok, parameter-value-required; empty: none has ended."""


_files = TypeAdapter(tuple[StoredFile, ...])

_protocols = Table(
    "protocols",
    METADATA,
    Column("identifier", String, primary_key=True),
    Column("content_hash", String, nullable=False),
    Column("files", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("api_level", String, nullable=False),
    Column("robot_type", String, nullable=False),
    Column("key", Text, nullable=False),
    Column("uploaded_at", UtcTime, nullable=False),
    Column("robot_id", String, nullable=False, index=True),
    Column("last_result", String, nullable=False),
)


def content_hash(files: Iterable[StoredFile]) -> str:
    """Return what tells this content from any other: the names and contents of all files, in any order."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(f"{file.role}\0{file.name}\0{file.sha256}\n".encode())
    return digest.hexdigest()


def identifier_of(content: str) -> str:
    """Return the identifier of a protocol with this content hash."""
    return str(uuid5(_NAMESPACE, content))


class ProtocolLibrary:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine, state_dir: Path) -> None:
        self._engine = engine
        self.folder = state_dir / "protocols"

    def add(self, protocol: StoredProtocol, staged: Path) -> None:
        """Take over the files in `staged`; what is in the library already stays as it is."""
        target = self.folder / protocol.identifier
        try:
            staged.rename(target)
        except OSError:  # the same content, uploaded twice at once
            if not target.exists():
                raise
        values = {**vars(protocol), "files": _files.dump_json(protocol.files).decode()}
        with self._engine.begin() as connection:
            connection.execute(insert(_protocols).values(**values).on_conflict_do_nothing())

    def find(self, identifier: str) -> StoredProtocol | None:
        """Return the protocol, None if it is not in the library."""
        found = self._select(_protocols.c.identifier == identifier)
        return found[0] if found else None

    def require(self, identifier: str) -> StoredProtocol:
        """Return the protocol.

        Raises:
            ProtocolNotFound: it is not in the library.
        """
        protocol = self.find(identifier)
        if protocol is None:
            raise ProtocolNotFound(
                f"This server has no protocol {identifier}.", "Upload it first, or look at Protocols."
            )
        return protocol

    def find_by_robot_id(self, robot_id: str) -> StoredProtocol | None:
        """Return the protocol that the robot calls `robot_id`."""
        found = self._select(_protocols.c.robot_id == robot_id)
        return found[0] if found else None

    def all(self) -> list[StoredProtocol]:
        """Return every protocol, the one uploaded first leading."""
        return self._select(None)

    def note_robot_id(self, identifier: str, robot_id: str) -> None:
        """Remember what the robot calls it now; empty: the robot does not have it."""
        self._update(identifier, robot_id=robot_id)

    def note_key(self, identifier: str, key: str) -> None:
        """Remember the key that a client has given last."""
        self._update(identifier, key=key)

    def note_result(self, identifier: str, result: str) -> None:
        """Remember the result of the newest analysis."""
        self._update(identifier, last_result=result)

    def delete(self, identifier: str) -> None:
        """Delete protocol, files and analyses."""
        with self._engine.begin() as connection:
            connection.execute(delete(_protocols).where(_protocols.c.identifier == identifier))
        shutil.rmtree(self.folder / identifier, ignore_errors=True)

    def path(self, protocol: StoredProtocol, file_name: str) -> Path:
        """Return where a file of the protocol lies.

        Raises:
            FileNotFound: the protocol has no file of this name.
        """
        if all(file.name != file_name for file in protocol.files):
            names = ", ".join(file.name for file in protocol.files)
            raise FileNotFound(
                f"Protocol {protocol.identifier} has no file {file_name!r}; it has: {names}.", "Name one of these."
            )
        return self.folder / protocol.identifier / file_name

    def content(self, protocol: StoredProtocol, file: StoredFile) -> bytes | None:
        """Return what is in a file of a protocol; None if the protocol was deleted in the meantime."""
        try:
            return (self.folder / protocol.identifier / file.name).read_bytes()
        except OSError:
            return None

    def keep_document(self, identifier: str, name: str, content: bytes, *, keep: int) -> None:
        """Keep a document about the protocol (an analysis), and of its kind the newest `keep` only."""
        folder = self.folder / identifier / ".documents"
        private_folder(folder)
        keep_file(folder / name, content)
        newest_last = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for old in newest_last[:-keep]:
            old.unlink(missing_ok=True)

    def document(self, identifier: str, name: str) -> bytes | None:
        """Return a kept document, None if there is none of this name."""
        try:
            return (self.folder / identifier / ".documents" / name).read_bytes()
        except FileNotFoundError:
            return None

    def _select(self, where: object) -> list[StoredProtocol]:
        query = select(_protocols).order_by(_protocols.c.uploaded_at, _protocols.c.identifier)
        if where is not None:
            query = query.where(where)  # type: ignore[arg-type]
        with self._engine.connect() as connection:
            return [
                StoredProtocol(**{**row, "files": _files.validate_json(row["files"])})
                for row in connection.execute(query).mappings()
            ]

    def _update(self, identifier: str, **values: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(_protocols).where(_protocols.c.identifier == identifier).values(**values))
