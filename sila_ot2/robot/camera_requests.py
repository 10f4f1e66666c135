"""Requests to the robot's camera."""

from __future__ import annotations

from sila_ot2.errors import RobotFaulty
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.reachability import Reason
from sila_ot2.robot.transport import Request

_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"


class _Camera(wire.Wire):
    camera_enabled: bool


class CameraRequests(Conversation):
    """What a robot of any release is asked of its camera."""

    def picture(self) -> bytes:
        """Take a picture with the camera; returns the JPEG. Changes nothing: it may be asked for again.

        Raises:
            RobotRejected: the camera is switched off, among other reasons.
            RobotFaulty: it cannot be taken, or is damaged.
            RobotUnreachable: it did not arrive.
        """
        request = Request("POST", "/camera/picture", "take a picture", self.transport.timeouts.change_s, harmless=True)
        picture = self.transport.send(request).content
        if not picture.startswith(_JPEG_BEGINS) or _JPEG_ENDS not in picture[-16:]:
            raise RobotFaulty(
                f"Asked to take a picture, the robot sent {len(picture)} bytes that are no whole JPEG.",
                Reason.SENSELESS_ANSWER.remedy,
                moved=request.may_have_moved,
            )
        return picture

    def camera_is_disabled(self) -> bool:
        """Return whether the camera is switched off; False on a robot whose camera cannot be switched off."""
        if not self.release.can(Ability.CAMERA_SWITCH):
            return False
        request = self.get("/camera", "report its camera")
        return not self.transport.read(_Camera, request, unwrap=False).camera_enabled
