"""The feature OT2CameraService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from typing import Any, NamedTuple


class RunPicture(NamedTuple):
    """A picture of a run."""

    Number: int
    """Its number, counted from 1."""
    Moment: str
    """The moment of the run at which it was taken; Protocol if the protocol took it."""
    TakenAt: datetime.datetime
    """When it was taken, by the clock of the server; if the protocol took it, by the clock of the robot."""


class TakePictureResponses(NamedTuple):
    """Responses of TakePicture."""

    Picture: bytes
    """The picture."""
    TakenAt: datetime.datetime
    """When it was taken, by the clock of the server."""


class CaptureMovieResponses(NamedTuple):
    """Responses of CaptureMovie."""

    Movie: bytes
    """The movie."""
    StartedAt: datetime.datetime
    """When the movie began, by the clock of the server."""
    PictureCount: int
    """How many pictures were taken."""
    MissedPictureCount: int
    """How many pictures were requested and not sent by the robot; the movie shows the picture before instead. The log
    of the server says why.
    """


class OT2CameraServiceBase(ABC):
    """Takes pictures and movies of the deck with the camera of the robot, and gives out the pictures that were taken
    of runs. Taking a picture moves nothing, and is possible at any time, also during a run. Robots from release 8.8
    on have their camera switched off until somebody switches it on in the Opentrons App; this server does not do
    that.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1"

    @abstractmethod
    def TakePicture(self, LightsOn: bool, *, execution: Any) -> TakePictureResponses:
        """Takes a picture of the deck, which lasts about a second. If lights are wanted, the rail lights are on during
        the picture, and afterwards as they were before. Nothing moves. Cancel ends the command without a picture
        while it waits for another picture; a picture that is being taken is completed.

        Errors: CameraDisabled, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled
        """

    @abstractmethod
    def CaptureMovie(
        self, Duration: float, PictureInterval: float, LightsOn: bool, *, execution: Any
    ) -> CaptureMovieResponses:
        """Takes pictures of the deck for some time, and returns them as a movie (MP4 with H.264) that plays as fast as
        they were taken. A robot takes about a second for a picture: if the interval is shorter, each picture is
        shown until the next one is there. The command lasts as long as the movie. If lights are wanted, the rail
        lights are on during all of it, and afterwards as they were before. Nothing moves. A picture that the robot
        does not send is left out and counted; the command fails if the first one is missing, or when the camera is
        switched off. Cancel ends the command without a movie. The server needs an encoder for this, which is
        installed with the extra movies.

        Errors: MovieEncoderMissing, CameraDisabled, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled
        """

    @abstractmethod
    def ListRunPictures(self, RunIdentifier: str, *, call: Any) -> list[RunPicture]:
        """Lists the pictures that were taken of a run of this server, by the setting camera.run_pictures. They are
        kept as long as the record of the run. With protocol in that setting, the pictures that the protocol took
        itself are among them, soon after the end of the run. The list is empty if there are none. No request is
        sent to the robot.

        Errors: RunNotFound
        """

    @abstractmethod
    def RetrieveRunPicture(self, RunIdentifier: str, Number: int, *, call: Any) -> bytes:
        """Returns a picture of a run. No request is sent to the robot.

        Errors: RunNotFound, PictureNotFound
        """
