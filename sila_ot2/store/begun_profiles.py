"""The steps of profiles that this server has begun; they outlive this process, so that the next one knows of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import Column, Engine, Float, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA
from sila_ot2.store.times import UtcTime

_steps = Table(
    "begun_profiles",
    METADATA,
    Column("serial_number", String, primary_key=True),
    Column("target_c", Float, nullable=False),
    Column("target_before_c", Float),
    Column("place", String, nullable=False),
    Column("since", UtcTime, nullable=False),
)


@dataclass(frozen=True)
class BegunStep:
    """A step of a profile, which was about to be sent to the thermocycler."""

    serial_number: str
    target_c: float
    target_before_c: float | None
    """The target of the block before; None: it had none."""
    place: str
    """Which step it is, for messages."""
    since: datetime.datetime


class BegunProfileStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> tuple[BegunStep, ...]:
        """Return the steps of profiles that have not ended, one for each module."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_steps).order_by(_steps.c.serial_number)).mappings().all()
        return tuple(BegunStep(**row) for row in rows)

    def write(self, step: BegunStep) -> None:
        """Keep a step in place of the one before it on the same module."""
        with self._engine.begin() as connection:
            connection.execute(insert(_steps).values(**vars(step)).prefix_with("OR REPLACE"))

    def remove(self, serial_number: str) -> None:
        """Keep that no profile runs on a module."""
        with self._engine.begin() as connection:
            connection.execute(delete(_steps).where(_steps.c.serial_number == serial_number))
