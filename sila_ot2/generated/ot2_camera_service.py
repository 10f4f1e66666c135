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
    """The moment of the run at which it was taken."""
    TakenAt: datetime.datetime
    """When it was taken, by the clock of the server."""


class TakePictureResponses(NamedTuple):
    """Responses of TakePicture."""

    Picture: bytes
    """The picture."""
    TakenAt: datetime.datetime
    """When it was taken, by the clock of the server."""


class OT2CameraServiceBase(ABC):
    """Takes pictures of the deck with the camera of the robot, and gives out the pictures that were taken of runs.
    Taking a picture moves nothing, and is possible at any time, also during a run. Robots from release 8.8 on have
    their camera switched off until somebody switches it on in the Opentrons App; this server does not do that.
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
    def ListRunPictures(self, RunIdentifier: str, *, call: Any) -> list[RunPicture]:
        """Lists the pictures that were taken of a run of this server, by the setting camera.run_pictures. They are
        kept as long as the record of the run. The list is empty if there are none. Nothing is asked of the robot.

        Errors: RunNotFound
        """

    @abstractmethod
    def RetrieveRunPicture(self, RunIdentifier: str, Number: int, *, call: Any) -> bytes:
        """Returns a picture of a run. Nothing is asked of the robot.

        Errors: RunNotFound, PictureNotFound
        """
