"""The door of the robot, read at the moment at which it matters."""

from __future__ import annotations

from sila_ot2.errors import DoorOpen
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient


def require_closed(robot: RobotClient) -> None:
    """Read the door now, before something that moves.

    Raises:
        DoorOpen: it is open, and the robot's safety setting is on.
    """
    if robot.release.can(Ability.DOOR_STATUS) and robot.door_status().blocks_movement:
        raise DoorOpen(
            "The robot's door or top window is open and its safety setting is on.", "Close it, then repeat the command."
        )
