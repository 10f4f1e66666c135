"""The serial number of the robot that the state directory belongs to; it outlives this process."""

from __future__ import annotations

from sqlalchemy import Column, Engine, Integer, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.database import METADATA

_robot = Table(
    "robot",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("serial_number", String, nullable=False),
)
ONLY = 1
"""The key of the one row."""


class RobotSerialStore:
    """One per state directory; safe to use from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> str:
        """Return the serial number; empty if no robot has been seen yet."""
        with self._engine.connect() as connection:
            return connection.execute(select(_robot.c.serial_number)).scalar_one_or_none() or ""

    def write(self, serial_number: str) -> None:
        """Keep the serial number in place of the last."""
        statement = insert(_robot).values(only=ONLY, serial_number=serial_number)
        changed = {"serial_number": serial_number}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["only"], set_=changed))
