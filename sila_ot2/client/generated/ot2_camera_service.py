"""The feature OT2CameraService.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition, ObservableCommand, ResponseMessage, same
from sila_ot2.client.execution import Execution
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.wire import Message

Moment = Literal["Start", "Pause", "End", "Failure", "Protocol"]


@dataclass(frozen=True, slots=True)
class TakePictureResponses:
    """What TakePicture returns.

    Attributes:
        picture: The picture.
        taken_at: When it was taken, by the clock of the server.
    """

    picture: bytes
    taken_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class CaptureMovieResponses:
    """What CaptureMovie returns.

    Attributes:
        movie: The movie.
        started_at: When the movie began, by the clock of the server.
        picture_count: How many pictures were taken.
        missed_picture_count: How many pictures were requested and not sent by the robot; the movie shows the
            picture before instead. The log of the server says why.
    """

    movie: bytes
    started_at: datetime.datetime
    picture_count: int
    missed_picture_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPicture:
    """A picture of a run.

    Attributes:
        number: Its number, counted from 1.
        moment: The moment of the run at which it was taken; Protocol if the protocol took it.
        taken_at: When it was taken, by the clock of the server; if the protocol took it, by the clock of the robot.
    """

    number: int
    moment: Moment
    taken_at: datetime.datetime


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2CameraService/v1")
_RUN_PICTURE = wire.Structure(RunPicture, number=wire.INTEGER, moment=wire.STRING, taken_at=wire.TIMESTAMP)
_DEFINED_RUN_PICTURE = wire.Defined(_RUN_PICTURE)
TAKE_PICTURE: ObservableCommand[TakePictureResponses, None] = _FEATURE.observable_command(
    "TakePicture",
    ResponseMessage(Message(wire.BINARY, wire.TIMESTAMP), TakePictureResponses),
    None,
    LightsOn=wire.BOOLEAN,
)
CAPTURE_MOVIE: ObservableCommand[CaptureMovieResponses, None] = _FEATURE.observable_command(
    "CaptureMovie",
    ResponseMessage(Message(wire.BINARY, wire.TIMESTAMP, wire.INTEGER, wire.INTEGER), CaptureMovieResponses),
    None,
    Duration=wire.REAL,
    PictureInterval=wire.REAL,
    LightsOn=wire.BOOLEAN,
)
LIST_RUN_PICTURES: CallDefinition[list[RunPicture]] = _FEATURE.command(
    "ListRunPictures", ResponseMessage(Message(wire.Repeated(_DEFINED_RUN_PICTURE)), same), RunIdentifier=wire.STRING
)
RETRIEVE_RUN_PICTURE: CallDefinition[bytes] = _FEATURE.command(
    "RetrieveRunPicture", ResponseMessage(Message(wire.BINARY), same), RunIdentifier=wire.STRING, Number=wire.INTEGER
)


class OT2CameraService(Feature[Link]):
    """Takes pictures and movies of the deck with the camera of the robot, and gives out the pictures that were taken
    of runs. Taking a picture moves nothing, and is possible at any time, also during a run. Robots from release 8.8
    on have their camera switched off until somebody switches it on in the Opentrons App; this server does not do
    that.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2CameraService/v1"

    def take_picture(self, *, lights_on: bool = True) -> Execution[TakePictureResponses, None]:
        """Takes a picture of the deck, which lasts about a second. If lights are wanted, the rail lights are on during
        the picture, and afterwards as they were before. Nothing moves. Cancel ends the command without a picture
        while it waits for another picture; a picture that is being taken is completed.

        Args:
            lights_on: Whether to have the rail lights on during the picture.

        The result of the execution:
            picture: The picture.
            taken_at: When it was taken, by the clock of the server.

        Errors: CameraDisabled, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled.
        """
        return Execution.start(self._link, TAKE_PICTURE, (lights_on,))

    def capture_movie(
        self, duration: float, *, picture_interval: float = 1.0, lights_on: bool = True
    ) -> Execution[CaptureMovieResponses, None]:
        """Takes pictures of the deck for some time, and returns them as a movie (MP4 with H.264) that plays as fast as
        they were taken. A robot takes about a second for a picture: if the interval is shorter, each picture is
        shown until the next one is there. The command lasts as long as the movie. If lights are wanted, the rail
        lights are on during all of it, and afterwards as they were before. Nothing moves. A picture that the robot
        does not send is left out and counted; the command fails if the first one is missing, or when the camera is
        switched off. Cancel ends the command without a movie. The server needs an encoder for this, which is
        installed with the extra movies.

        Args:
            duration: How long the movie lasts. In s, at least 1, at most 3600.
            picture_interval: The time between two pictures; a robot takes about one each second. In s, at least
                0.1, at most 60.
            lights_on: Whether to have the rail lights on meanwhile.

        The result of the execution:
            movie: The movie.
            started_at: When the movie began, by the clock of the server.
            picture_count: How many pictures were taken.
            missed_picture_count: How many pictures were requested and not sent by the robot; the movie shows the
                picture before instead. The log of the server says why.

        Errors: MovieEncoderMissing, CameraDisabled, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled.
        """
        return Execution.start(
            self._link,
            CAPTURE_MOVIE,
            (
                duration,
                picture_interval,
                lights_on,
            ),
        )

    def list_run_pictures(self, run_identifier: str) -> list[RunPicture]:
        """Lists the pictures that were taken of a run of this server, by the setting camera.run_pictures. They are
        kept as long as the record of the run. With protocol in that setting, the pictures that the protocol took
        itself are among them, soon after the end of the run. The list is empty if there are none. No request is
        sent to the robot.

        Args:
            run_identifier: The run.

        Returns:
            run_pictures: The pictures, in the order in which they were taken.

        Errors: RunNotFound.
        """
        return self._link.command(LIST_RUN_PICTURES, (run_identifier,))

    def retrieve_run_picture(self, run_identifier: str, number: int) -> bytes:
        """Returns a picture of a run. No request is sent to the robot.

        Args:
            run_identifier: The run.
            number: The number of the picture, from List Run Pictures. At least 1.

        Returns:
            picture: The picture.

        Errors: RunNotFound, PictureNotFound.
        """
        return self._link.command(
            RETRIEVE_RUN_PICTURE,
            (
                run_identifier,
                number,
            ),
        )
