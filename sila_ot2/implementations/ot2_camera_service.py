"""The feature OT2CameraService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.movie import MovieCamera
from sila_ot2.driver.camera.run_pictures import PicturesOfRuns
from sila_ot2.generated.ot2_camera_service import (
    CaptureMovieResponses,
    OT2CameraServiceBase,
    RunPicture,
    TakePictureResponses,
)
from sila_ot2.sila import Call, Execution


class OT2CameraService(OT2CameraServiceBase):
    """Pictures and movies of the deck, and of runs. They move nothing: a movie has a turn of its own."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset({"CaptureMovie"})
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"ListRunPictures", "RetrieveRunPicture"})

    def __init__(self, camera: Camera, movies: MovieCamera, pictures: PicturesOfRuns) -> None:
        self._camera = camera
        self._movies = movies
        self._pictures = pictures

    def TakePicture(self, LightsOn: bool, *, execution: Execution) -> TakePictureResponses:
        """Take a picture now."""
        picture = self._camera.take(lights_on=LightsOn, cancelled=execution.cancelled)
        return TakePictureResponses(picture.content, picture.taken_at)

    def CaptureMovie(
        self, Duration: float, PictureInterval: float, LightsOn: bool, *, execution: Execution
    ) -> CaptureMovieResponses:
        """Take pictures for some time."""
        movie = self._movies.capture(
            Duration,
            interval_s=PictureInterval,
            lights_on=LightsOn,
            cancelled=execution.cancelled,
            report=execution.report,
        )
        return CaptureMovieResponses(movie.content, movie.started_at, movie.pictures, movie.missed)

    def ListRunPictures(self, RunIdentifier: str, *, call: Call) -> list[RunPicture]:
        """List what was taken of a run."""
        return [
            RunPicture(picture.number, picture.moment.capitalize(), picture.taken_at)
            for picture in self._pictures.of(RunIdentifier)
        ]

    def RetrieveRunPicture(self, RunIdentifier: str, Number: int, *, call: Call) -> bytes:
        """Read one of them."""
        return self._pictures.read(RunIdentifier, Number)
