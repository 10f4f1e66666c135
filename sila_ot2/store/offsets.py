"""Labware offsets that outlast a run: the newest for each labware and place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Boolean, Column, Engine, Float, String, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

Source = Literal["Run", "Client", "Robot"]
"""Where an offset comes from: a run had it, a client has set it, or the robot's own store has it."""


@dataclass(frozen=True)
class StoredOffset:
    """How far a labware really stands from where its definition says, in mm along the robot's axes."""

    definition_uri: str
    slot: str
    module_model: str
    """Empty: the labware stands on the deck itself."""
    x_mm: float
    y_mm: float
    z_mm: float
    measured_at: datetime.datetime
    source: Source = "Run"
    robot_serial: str = ""
    """Of the robot that it was measured on; empty: not known."""


_offsets = Table(
    "labware_offsets",
    METADATA,
    Column("definition_uri", String, primary_key=True),
    Column("slot", String, primary_key=True),
    Column("module_model", String, primary_key=True),
    Column("x_mm", Float, nullable=False),
    Column("y_mm", Float, nullable=False),
    Column("z_mm", Float, nullable=False),
    Column("measured_at", UtcTime, nullable=False),
    Column("source", String, nullable=False),
    Column("robot_serial", String, nullable=False),
    Column("removed", Boolean, nullable=False),
)
"""A removed offset stays as a row, so that the run that it came from does not bring it back."""


class OffsetStore:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, offsets: Iterable[StoredOffset], *, replace: bool = False, removed: bool = False) -> int:
        """Keep each offset, unless a newer one for the same labware and place is kept already.

        Args:
            offsets: to be kept.
            replace: keep them in place of newer ones, too: the clock of this computer may have been set back.
            removed: keep instead that there is none any more.

        Returns:
            How many were kept.
        """
        kept = 0
        with self._engine.begin() as connection:
            for offset in offsets:
                values = {**vars(offset), "removed": removed}
                statement = insert(_offsets).values(**values)
                before, new = _offsets.c.measured_at, statement.excluded.measured_at
                key = [column.name for column in _offsets.primary_key]
                changed = {name: values[name] for name in values if name not in key}
                kept += connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=key,
                        set_={**changed, "measured_at": func.max(before, new)},
                        where=None if replace else before < new,
                    )
                ).rowcount
        return kept

    def all(self) -> list[StoredOffset]:
        """Return every offset, by labware and place."""
        columns = [column for column in _offsets.columns if column.name != "removed"]
        query = (
            select(*columns)
            .where(_offsets.c.removed.is_(False))
            .order_by(_offsets.c.definition_uri, _offsets.c.slot, _offsets.c.module_model)
        )
        with self._engine.connect() as connection:
            return [StoredOffset(**row) for row in connection.execute(query).mappings()]
