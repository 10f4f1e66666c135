"""How far the last command of many steps came; it outlives this process."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Engine, Integer, String, Table, Text, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA

_last_steps = Table(
    "last_steps",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("outcome", String, nullable=False),
    Column("details", Text, nullable=False),
    Column("rest", Text, nullable=False),
)
ONLY = 1
"""The key of the one row."""


class KeptSteps(BaseModel):
    """How far a command came."""

    model_config = ConfigDict(frozen=True)

    outcome: str
    """AtWork, Succeeded, Failed, Cancelled, Unknown, Interrupted or Nothing."""
    details: str
    """A JSON object."""
    rest: str = ""
    """The worklist of the rows that were not begun; empty: there are none, or it is not known."""


class LastStepsStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> KeptSteps | None:
        """Return what is kept."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_last_steps)).mappings().one_or_none()
        return None if row is None else KeptSteps.model_validate(dict(row))

    def write(self, kept: KeptSteps) -> None:
        """Keep this in place of what was kept.

        Raises:
            StorageFull: the disk is full; what was kept is kept still.
        """
        values = kept.model_dump()
        statement = insert(_last_steps).values(only=ONLY, **values)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["only"], set_=values))
