"""That the server is in simulation mode, and what the simulated robot has; it outlives this process."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Engine, Integer, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA

_simulation_mode = Table(
    "simulation_mode",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("equipment", Text, nullable=False),
)
ONLY = 1
"""The key of the one row."""


class Equipment(BaseModel):
    """What a simulated robot has: pipettes by their names (empty: none), and modules by their models."""

    model_config = ConfigDict(frozen=True)

    left: str = ""
    right: str = ""
    modules: tuple[str, ...] = ()


class SimulationModeStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> Equipment | None:
        """Return what the simulated robot has; None in real mode."""
        with self._engine.connect() as connection:
            document = connection.execute(select(_simulation_mode.c.equipment)).scalar_one_or_none()
        return None if document is None else Equipment.model_validate_json(document)

    def write(self, equipment: Equipment) -> None:
        """Keep that the server is in simulation mode."""
        statement = insert(_simulation_mode).values(only=ONLY, equipment=equipment.model_dump_json())
        changed = {"equipment": equipment.model_dump_json()}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["only"], set_=changed))

    def clear(self) -> None:
        """Keep that the server is in real mode."""
        with self._engine.begin() as connection:
            connection.execute(delete(_simulation_mode))
