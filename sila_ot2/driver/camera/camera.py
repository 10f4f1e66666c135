"""Pictures of the deck by the robot's own camera, over the route that every release has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.monitor.machine import camera_is_off
from sila_ot2.driver.waiting import OneAtATime
from sila_ot2.errors import (
    CameraDisabled,
    RobotFaulty,
    RobotRejected,
    RobotUnreachable,
)
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.reachability import NotSent
from sila_ot2.robot.translate import SWITCH_CAMERA_ON
from sila_ot2.times import utc_now


@dataclass(frozen=True)
class Picture:
    """A picture of the deck."""

    content: bytes
    """JPEG."""
    taken_at: datetime
    """By this computer's clock."""


class Camera:
    """One per robot; safe to use from any thread. Pictures are taken one at a time, and move nothing."""

    def __init__(self, robot: RobotClient, lights: RailLights) -> None:
        self._robot = robot
        self._lights = lights
        self._taking = OneAtATime()

    def take(self, *, lights_on: bool, cancelled: Cancellation | None = None) -> Picture:
        """Take a picture; blocks for about a second, and while another one is taken.

        Args:
            lights_on: whether to have the rail lights on meanwhile; they are then as before.
            cancelled: ends it as long as it waits for another picture.

        Raises:
            CameraDisabled: the camera is switched off on the robot.
            RobotRejected, RobotFaulty: the robot cannot, for another reason.
            RobotUnreachable: the robot does not answer.
            CommandCancelled: no picture was taken.
        """
        with self._taking.alone(cancelled or Cancellation(), "No picture was taken."):
            return self._take_with_lights() if lights_on else self._take_now()

    def _take_with_lights(self) -> Picture:
        with self._lights.lit():
            return self._take_now()

    def _take_now(self) -> Picture:
        taken_at = utc_now()
        return Picture(self._take(), taken_at)

    def _take(self) -> bytes:
        try:
            return self._robot.picture()
        except NotSent:
            raise
        except (RobotUnreachable, RobotFaulty):  # it changes nothing: it may be asked for again
            return self._robot.picture()
        except RobotRejected as refusal:
            if camera_is_off(self._robot):
                raise CameraDisabled.of(
                    refusal, before="The camera of the robot is switched off.", remedy=SWITCH_CAMERA_ON
                ) from refusal
            raise
