"""Movies of the deck, made of single pictures: robots of every release with a camera take them, also during a run."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.camera.camera import Camera
from sila_ot2.driver.camera.movie_file import MovieFile
from sila_ot2.driver.lights import RailLights
from sila_ot2.driver.waiting import Report
from sila_ot2.errors import CameraDisabled, CommandCancelled, Movement, OT2Fault
from sila_ot2.times import utc_now

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Movie:
    """A movie of the deck."""

    content: bytes
    """MP4."""
    started_at: datetime
    """By this computer's clock."""
    pictures: int
    """How many were taken."""
    missed: int
    """How many pictures the robot did not send, or sent damaged."""


class MovieCamera:
    """One per robot. Others take pictures meanwhile."""

    def __init__(self, camera: Camera, lights: RailLights, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._camera = camera
        self._lights = lights
        self._monotonic = monotonic

    def capture(
        self,
        duration_s: float,
        *,
        interval_s: float,
        lights_on: bool,
        cancelled: Cancellation,
        report: Report = lambda **_: None,
    ) -> Movie:
        """Take pictures for some time; returns them as a movie that plays as fast as they were taken.

        Args:
            duration_s: how long the movie lasts.
            interval_s: how far its pictures are apart. While the robot takes longer for one, the one before is shown.
            lights_on: whether to have the rail lights on meanwhile; they are then as before.
            cancelled: ends it without a movie.
            report: progress.

        Raises:
            MovieEncoderMissing: nothing was asked of the robot.
            CameraDisabled: the camera is switched off on the robot, from the beginning or meanwhile.
            RobotRejected, RobotFaulty, RobotUnreachable: the first picture cannot be taken, or the lights switched.
            CommandCancelled: no movie was made.
        """
        shown = max(1, round(duration_s / interval_s))
        with MovieFile(duration_s / shown) as file, self._lights.lit() if lights_on else nullcontext():
            recording = _Recording(self._camera, file, cancelled)
            started_at, begun = utc_now(), self._monotonic()
            at = 0
            while at < shown:
                due_s = at * duration_s / shown
                self._wait(begun + due_s - self._monotonic(), cancelled)
                report(progress=at / shown, remaining_s=duration_s - due_s)
                recording.take()
                following = math.ceil((self._monotonic() - begun) * shown / duration_s)
                recording.show(times=min(max(following, at + 1), shown) - at)
                at = max(following, at + 1)
            return Movie(file.finish(), started_at, recording.pictures, recording.missed)

    @staticmethod
    def _wait(for_s: float, cancelled: Cancellation) -> None:
        if cancelled.wait(max(for_s, 0.0)):
            raise CommandCancelled("No movie was made.", moved=Movement.NONE)


class _Recording:
    """Takes the pictures of one movie; what the robot does not send is replaced by the picture before."""

    def __init__(self, camera: Camera, file: MovieFile, cancelled: Cancellation) -> None:
        self._camera = camera
        self._file = file
        self._cancelled = cancelled
        self._newest: av.VideoFrame | None = None
        self.pictures = 0
        self.missed = 0

    def take(self) -> None:
        """Take the next picture.

        Raises:
            OT2Fault: there is no picture before that could be shown instead, or the camera was switched off.
        """
        try:
            self._newest = self._file.decode(self._camera.take(lights_on=False, cancelled=self._cancelled).content)
            self.pictures += 1
        except (CameraDisabled, CommandCancelled):
            raise
        except OT2Fault as fault:
            if self._newest is None:
                raise
            self.missed += 1
            log.log(logging.WARNING if self.missed == 1 else logging.DEBUG, "A movie lacks a picture: %s", fault)

    def show(self, *, times: int) -> None:
        """Show the newest picture for a number of intervals."""
        if self._newest is not None:
            self._file.add(self._newest, times=times)
