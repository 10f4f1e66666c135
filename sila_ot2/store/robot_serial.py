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
        self._known = ""
        """What is in the database, once it was read or written: it is asked for with each reading of the robot."""

    def read(self) -> str:
        """Return the serial number; empty if no robot has been seen yet."""
        if not self._known:
            with self._engine.connect() as connection:
                self._known = connection.execute(select(_robot.c.serial_number)).scalar_one_or_none() or ""
        return self._known

    def write(self, serial_number: str) -> None:
        """Keep the serial number in place of the last."""
        statement = insert(_robot).values(only=ONLY, serial_number=serial_number)
        changed = {"serial_number": serial_number}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["only"], set_=changed))
        self._known = serial_number
