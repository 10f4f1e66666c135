"""Custom labware definitions, kept in the database with what lists of them show."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Integer, LargeBinary, String, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime


@dataclass(frozen=True)
class StoredDefinition:
    """One definition, without its content."""

    uri: str
    """namespace/load name/version, as the robot names it."""
    namespace: str
    load_name: str
    version: int
    display_name: str
    category: str
    """As Opentrons names it, such as wellPlate."""
    well_count: int
    added_at: datetime.datetime


_definitions = Table(
    "labware_definitions",
    METADATA,
    Column("uri", String, primary_key=True),
    Column("namespace", String, nullable=False),
    Column("load_name", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("category", String, nullable=False),
    Column("well_count", Integer, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
_LISTED = [column for column in _definitions.columns if column.name != "content"]


class DefinitionStore:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, definition: StoredDefinition, content: bytes) -> bool:
        """Keep a definition unless one of this URI is kept; returns whether it was added."""
        statement = insert(_definitions).values(**vars(definition), content=content).on_conflict_do_nothing()
        with self._engine.begin() as connection:
            return connection.execute(statement).rowcount > 0

    def all(self) -> list[StoredDefinition]:
        """Return every definition by namespace, load name and version."""
        query = select(*_LISTED).order_by(_definitions.c.namespace, _definitions.c.load_name, _definitions.c.version)
        with self._engine.connect() as connection:
            return [StoredDefinition(**row) for row in connection.execute(query).mappings()]

    def content(self, uri: str) -> bytes | None:
        """Return a definition as it was given; None if it is not kept."""
        query = select(_definitions.c.content).where(_definitions.c.uri == uri)
        with self._engine.connect() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found

    def remove(self, uri: str) -> bool:
        """Remove a definition; returns whether it was there."""
        with self._engine.begin() as connection:
            return connection.execute(delete(_definitions).where(_definitions.c.uri == uri)).rowcount > 0
