"""The door and the modules, read while it is found out whether somebody works with the Opentrons App.

On a robot, which takes 10 to 50 ms for an answer, this saves each movement a round trip.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from sila_ot2.driver.monitor import door
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.concurrent_read import ConcurrentRead

USABLE_FOR_S = 0.2
"""As long as a few answers of a robot take: what was read earlier is read again."""


class ReadAhead:
    """One reading of the door and of the modules, for the command that is about to be checked."""

    def __init__(self, robot: RobotClient) -> None:
        """Begin to read both."""
        self._begun_at = time.monotonic()
        self._door = ConcurrentRead(lambda: door.require_closed(robot))
        self._modules = ConcurrentRead(robot.modules)

    @property
    def is_usable(self) -> bool:
        """Whether it began so short a time ago that a movement may be decided by it."""
        return time.monotonic() - self._begun_at < USABLE_FOR_S

    def require_closed_door(self) -> None:
        """Return if the door was closed, or does not matter.

        Raises:
            DoorOpen: it is open, and the robot's safety setting is on.
            RobotUnreachable: the robot could not be read.
        """
        self._door.result()

    def modules(self) -> Sequence[wire.Module]:
        """Return the modules that are attached.

        Raises:
            RobotUnreachable: the robot could not be read.
        """
        return self._modules.result()
