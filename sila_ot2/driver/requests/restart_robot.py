"""The request to restart the robot's computer."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from sila_ot2.driver.requests.stateless_command import NotFoundYet
from sila_ot2.robot.client import RobotClient


class RestartRobotRequest(BaseModel):
    """POST /server/restart."""

    model_config = ConfigDict(frozen=True)
    fault_is_refusal: ClassVar[bool] = False
    stops: ClassVar[bool] = False
    starts: ClassVar[bool] = True
    moves: ClassVar[bool] = False
    """It ends waits that keep others from moving, and a pending hand-over has the turn."""
    clears: ClassVar[bool] = True
    kind: Literal["restart_robot"] = "restart_robot"
    boot_before: str
    """The robot's boot ID just before."""

    def __str__(self) -> str:
        return "restarting the robot"

    def send(self, robot: RobotClient) -> str:
        """Send it, once; the robot restarts after it has answered."""
        robot.restart()
        return self.boot_before

    def find(self, robot: RobotClient) -> str:
        """Done if the boot ID has changed.

        Raises:
            NotFoundYet: it has not. The update server may restart the robot when other work of it has ended.
        """
        if (boot_id := robot.boot_id()) == self.boot_before:
            raise NotFoundYet("it has not restarted yet, and may still do so.")
        return boot_id

    @staticmethod
    def subject_of(answer: str) -> str:
        """What the request brought about."""
        return answer
