"""The feature OT2CameraService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.run_archive import PicturesOfRuns
from sila_ot2.generated.ot2_camera_service import OT2CameraServiceBase, RunPicture, TakePictureResponses
from sila_ot2.sila import Call, Execution


class OT2CameraService(OT2CameraServiceBase):
    """Pictures of the deck, and of runs. They move nothing: they need no turn."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"ListRunPictures", "RetrieveRunPicture"})

    def __init__(self, camera: Camera, pictures: PicturesOfRuns) -> None:
        self._camera = camera
        self._pictures = pictures

    def TakePicture(self, LightsOn: bool, *, execution: Execution) -> TakePictureResponses:
        """Take a picture now."""
        picture = self._camera.take(lights_on=LightsOn, cancelled=execution.cancelled)
        return TakePictureResponses(picture.content, picture.taken_at)

    def ListRunPictures(self, RunIdentifier: str, *, call: Call) -> list[RunPicture]:
        """List what was taken of a run."""
        return [
            RunPicture(picture.number, picture.moment.capitalize(), picture.taken_at)
            for picture in self._pictures.of(RunIdentifier)
        ]

    def RetrieveRunPicture(self, RunIdentifier: str, Number: int, *, call: Call) -> bytes:
        """Read one of them."""
        return self._pictures.read(RunIdentifier, Number)
