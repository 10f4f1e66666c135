"""The hand-over of labware that is pending, and the labware that arms have brought; both outlive this process."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Column, Engine, Integer, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

_handover = Table(
    "handover",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("slot", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("sub_position", Integer, nullable=False),
    Column("labware_type", String, nullable=False),
    Column("labware_id", String, nullable=False),
    Column("since", UtcTime, nullable=False),
)
_delivered = Table(
    "delivered_labware",
    METADATA,
    Column("slot", String, primary_key=True),
    Column("labware_type", String, nullable=False),
    Column("labware_id", String, nullable=False),
    Column("delivered_at", UtcTime, nullable=False),
)
ONLY = 1
"""The key of the one row."""


class Direction(str, Enum):
    """Which way labware goes."""

    INPUT = "Input"
    """It is put on the deck."""
    OUTPUT = "Output"
    """It is taken from the deck."""


@dataclass(frozen=True)
class Handover:
    """A slot that is prepared for an arm."""

    slot: str
    direction: Direction
    sub_position: int
    """As the client named it."""
    labware_type: str
    labware_id: str
    """The laboratory's name for this piece of labware; may be empty."""
    since: datetime.datetime

    def __str__(self) -> str:
        return f"the hand-over at slot {self.slot} (labware {'comes in' if self.is_input else 'goes out'})"

    @property
    def is_input(self) -> bool:
        """Whether labware comes in."""
        return self.direction is Direction.INPUT


@dataclass(frozen=True)
class DeliveredLabware:
    """Labware that an arm has put on a slot and that nobody has taken away since."""

    slot: str
    labware_type: str
    """As the client named it; may be empty."""
    labware_id: str
    delivered_at: datetime.datetime


class HandoverStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pending(self) -> Handover | None:
        """Return the hand-over that has not ended."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_handover)).mappings().one_or_none()
        if row is None:
            return None
        fields = {key: value for key, value in row.items() if key not in ("only", "direction")}
        return Handover(direction=Direction(row["direction"]), **fields)

    def delivered(self) -> tuple[DeliveredLabware, ...]:
        """Return the labware that was delivered, by slot."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_delivered)).mappings().all()
        return tuple(sorted((DeliveredLabware(**row) for row in rows), key=lambda labware: int(labware.slot)))

    def begin(self, handover: Handover) -> None:
        """Keep that a hand-over is pending."""
        with self._engine.begin() as connection:
            connection.execute(insert(_handover).values(only=ONLY, **vars(handover)))

    def end(self, arrived: DeliveredLabware | None = None, left: str = "") -> None:
        """Keep that none is pending any more, and in the same step what has changed on the deck.

        Args:
            arrived: labware that was put on the deck.
            left: the slot that is empty now.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(_handover))
            if left:
                connection.execute(delete(_delivered).where(_delivered.c.slot == left))
            if arrived is not None:
                connection.execute(insert(_delivered).values(**vars(arrived)).prefix_with("OR REPLACE"))

    def move(self, slot: str, to: str | None) -> None:
        """Keep that labware was moved to another slot; None: away from the slots."""
        with self._engine.begin() as connection:
            if to is None:
                connection.execute(delete(_delivered).where(_delivered.c.slot == slot))
            else:
                connection.execute(_delivered.update().where(_delivered.c.slot == slot).values(slot=to))
