"""Requests to the robot's camera."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from sila_ot2.errors import RobotFaulty, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.reachability import Reason
from sila_ot2.robot.transport import Request

_JPEG_BEGINS, _JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"
_PAGE = 99
"""Pictures that the robot lists at once, by its own default."""
_RUN_IMAGES = TypeAdapter(tuple[wire.RunImage, ...])


class _Camera(wire.Wire):
    camera_enabled: bool


class CameraRequests(Conversation):
    """What a robot of any release is asked of its camera."""

    def picture(self) -> bytes:
        """Take a picture with the camera; returns the JPEG. Changes nothing: it may be asked for again.

        A robot that has lost the route of all releases up to 9.0 is asked by the newer one, which refuses during a run.

        Raises:
            UnsupportedByRobot: it has neither route.
            RobotRejected: the camera is switched off, among other reasons.
            RobotFaulty: it cannot be taken, or is damaged.
            RobotUnreachable: it did not arrive.
        """
        try:
            return self._picture("/camera/picture")
        except UnsupportedByRobot:
            if not self.release.can(Ability.CAMERA_PREVIEW):
                raise
        return self._picture("/camera/capturePreviewImage", {"data": {}})

    def _picture(self, path: str, settings: Mapping[str, Any] | None = None) -> bytes:
        timeout_s = self.transport.timeouts.change_s
        request = Request("POST", path, "take a picture", timeout_s, json=settings, harmless=True)
        return _whole(self.transport.send(request).content, request)

    def run_images(self, run_id: str) -> list[wire.RunImage]:
        """List the pictures that commands of a run took, oldest first; none of a run that the robot does not know.

        Raises:
            UnsupportedByRobot: before release 8.8.
        """
        self.release.require(Ability.RUN_PICTURES)
        found: dict[str, wire.RunImage] = {}
        while True:
            query: dict[str, str | int] = {"cursor": len(found), "pageLength": _PAGE}
            request = self.get(f"/dataFiles/{run_id}/images", f"list the pictures of run {run_id}", query=query)
            page = self.transport.read(_RUN_IMAGES, request)
            new = {image.id: image for image in page if image.id not in found}
            found |= new
            if len(page) < _PAGE or not new:
                return sorted(found.values(), key=lambda image: image.created_at)

    def run_image(self, image_id: str) -> bytes:
        """Return a picture that a command of a run took, as JPEG.

        Raises:
            RobotFaulty: it is damaged.
            RobotRejected: the robot does not have it.
        """
        timeout_s = self.transport.timeouts.long_s
        request = Request("GET", f"/dataFiles/{image_id}/download", "send a picture of a run", timeout_s)
        return _whole(self.transport.ask(request).content, request)

    def camera_is_disabled(self) -> bool:
        """Return whether the camera is switched off; False on a robot whose camera cannot be switched off."""
        if not self.release.can(Ability.CAMERA_SWITCH):
            return False
        request = self.get("/camera", "report its camera")
        return not self.transport.read(_Camera, request, unwrap=False).camera_enabled


def _whole(picture: bytes, request: Request) -> bytes:
    """Return the picture if it is a whole JPEG.

    Raises:
        RobotFaulty: it is not.
    """
    if not picture.startswith(_JPEG_BEGINS) or _JPEG_ENDS not in picture[-16:]:
        raise RobotFaulty(
            f"Asked to {request.what}, the robot sent {len(picture)} bytes that are not a whole JPEG.",
            Reason.SENSELESS_ANSWER.remedy,
            moved=request.may_have_moved,
        )
    return picture
