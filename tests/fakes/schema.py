"""What tells whether the tables of a database have changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import Dialect, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable


def digest_of(metadata: MetaData, dialect: Dialect) -> str:
    """Return a short digest of the statements that make the tables and their indexes."""
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    return hashlib.sha256("".join(made).encode()).hexdigest()[:16]
