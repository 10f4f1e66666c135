"""Which robot answers at the address: the one that this server's records are about, or another.

The first robot that reports a serial number is remembered. What is kept of runs, requests and tips is about that robot,
so nothing is done with another one until somebody has accepted it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from sila_ot2.driver.observable import Observable
from sila_ot2.errors import RobotChanged, StorageFull
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.robot_serial import RobotSerialStore

log = logging.getLogger(__name__)

HOW_TO_ACCEPT = "Connect the right robot, or look at this one and accept it with sila-ot2 accept-robot."


@dataclass(frozen=True)
class OtherRobot:
    """A robot that is not the one this server's records are about."""

    expected: str
    """Serial number of the robot that the records are about."""
    found: str
    """Serial number of the robot that answers."""

    def __str__(self) -> str:
        return (
            f"Another robot answers at this address: its serial number is {self.found}, and this server's records are "
            f"about robot {self.expected}."
        )


class RobotIdentity:
    """One per server; safe to use from any thread."""

    def __init__(self, robot: RobotClient, store: RobotSerialStore) -> None:
        """Prepare; nothing is read yet."""
        self._robot = robot
        self._store = store
        self._noting = threading.RLock()
        self._first = ""
        """The first robot, while it cannot be written down."""
        self._is_unwritten = False
        self.other: Observable[OtherRobot | None] = Observable(None)
        """The robot that answers, if it is another one."""

    def note(self, serial_number: str | None) -> None:
        """Compare the serial number that the robot reports; a robot that reports none counts as the same."""
        with self._noting:
            if not serial_number:
                return
            if not (expected := self._store.read()):
                expected = self._first = self._first or serial_number
                self._write_first()
            other = OtherRobot(expected, serial_number) if expected != serial_number else None
            if other is not None and other != self.other.value:
                log.warning("%s %s", other, HOW_TO_ACCEPT)
            self.other.set(other)

    def _write_first(self) -> None:
        """Write down the first robot; if that fails, each reading tries it again, and the log has it once."""
        try:
            self._store.write(self._first)
        except (SQLAlchemyError, StorageFull, OSError) as failed:
            if not self._is_unwritten:
                log.error("The serial number of the robot cannot be written down yet: %s", failed)
            self._is_unwritten = True

    def require_same(self) -> None:
        """Return if no other robot has answered.

        Raises:
            RobotChanged: one has. Nothing was done.
        """
        if (other := self.other.value) is not None:
            raise RobotChanged(str(other), HOW_TO_ACCEPT)

    def ask(self) -> None:
        """Read the serial number of the robot, and return if it is the same robot.

        Raises:
            RobotChanged: it is another. Nothing was done.
            RobotUnreachable: it cannot be asked.
        """
        self.note(self._robot.health().robot_serial)
        self.require_same()

    def accept(self, forget: Callable[[], None]) -> OtherRobot | None:
        """Keep the robot that answers as the one to work with; returns it, or None if it is the same anyway.

        Args:
            forget: called before, to forget what is about the robot that it takes the place of.
        """
        with self._noting:
            other = self.other.value
            if other is not None:
                forget()
                self._store.write(other.found)
                log.warning("Robot %s was accepted in place of robot %s.", other.found, other.expected)
                self.other.set(None)
            return other
