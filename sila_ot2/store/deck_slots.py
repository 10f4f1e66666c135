"""What is known to stand in the slots of the deck, from whom and since when; it outlives runs and this process."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Boolean, Column, Engine, String, Table, Text, delete, insert, select

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

SlotSource = Literal["Declared", "Handover", "Session", "Run"]
"""Who said it: somebody, an arm that has brought or taken labware, or what a session or a run has loaded or moved."""


@dataclass(frozen=True)
class KnownSlot:
    """What stands in one slot."""

    slot: str
    labware: tuple[str, ...] = ()
    """URIs of the definitions, from the bottom up; with a module only, or with nothing at all, it is empty."""
    module_model: str = ""
    label: str = ""
    """The laboratory's name for the labware."""
    source: SlotSource = "Declared"
    known_since: datetime.datetime = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    stated: bool = True
    """Somebody has stated it, or it follows from what somebody has stated: runs are compared with it."""
    identifiers: tuple[str, ...] = ()
    """Of the labware in the run that has loaded it last, each behind the name of the run."""
    contradiction: str = ""
    """What a session or run has loaded there although something else was stated; empty: nothing."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.labware and not self.module_model


_slots = Table(
    "deck_slots",
    METADATA,
    Column("slot", String, primary_key=True),
    Column("labware", Text, nullable=False),
    Column("module_model", String, nullable=False),
    Column("label", String, nullable=False),
    Column("source", String, nullable=False),
    Column("known_since", UtcTime, nullable=False),
    Column("stated", Boolean, nullable=False),
    Column("identifiers", Text, nullable=False),
    Column("contradiction", Text, nullable=False),
)
_LISTS = ("labware", "identifiers")


class DeckSlotStore:
    """One per robot; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> dict[str, KnownSlot]:
        """Return what is known, by slot."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_slots)).mappings().all()
        return {
            row["slot"]: KnownSlot(**{**row, **{name: tuple(json.loads(row[name])) for name in _LISTS}}) for row in rows
        }

    def replace(self, known: Iterable[KnownSlot]) -> None:
        """Keep this and nothing else: all of it, or what was kept before.

        Raises:
            StorageFull: the disk is full.
        """
        rows = [{**vars(one), **{name: json.dumps(getattr(one, name)) for name in _LISTS}} for one in known]
        with self._engine.begin() as connection:
            connection.execute(delete(_slots))
            if rows:
                connection.execute(insert(_slots), rows)
