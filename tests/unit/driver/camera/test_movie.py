"""Movies of the deck: as long as wanted, in real time whatever the camera takes, and read by a real decoder."""

from __future__ import annotations

import io
import sys
from fractions import Fraction
from typing import Any, cast

import av
import pytest
from PIL import Image

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.camera.camera import Camera, Picture
from sila_ot2.driver.camera.movie import MovieCamera
from sila_ot2.errors import (
    CameraDisabled,
    CommandCancelled,
    MovieEncoderMissing,
    RobotFaulty,
    RobotRejected,
    RobotUnreachable,
)
from sila_ot2.times import utc_now
from tests.fakes.clock import PassingCancellation, PassingClock
from tests.unit.driver.test_lights import Lamp, lights_of


class GrayCamera:
    """A camera whose n-th picture is a shade of gray that tells n; it takes its time, and may fail."""

    def __init__(self, *, takes_s: float = 0.5, faults: dict[int, Exception | bytes] | None = None) -> None:
        self.clock = PassingClock()
        self.lamp = Lamp(on=False)
        self.lit: list[bool] = []
        self._takes_s = takes_s
        self._faults = faults or {}

    def take(self, *, lights_on: bool, cancelled: Cancellation | None = None) -> Picture:
        assert not lights_on  # the movie has them on all the time
        number = len(self.lit)
        self.lit.append(self.lamp.on)
        self.clock.now += self._takes_s
        fault = self._faults.get(number)
        if isinstance(fault, Exception):
            raise fault
        return Picture(fault or gray(20 * number), utc_now())

    def capture(self, duration_s: float, *, interval_s: float = 1.0, lights_on: bool = False, **given: Any) -> Any:
        movies = MovieCamera(cast(Camera, self), lights_of(self.lamp), monotonic=self.clock)
        given.setdefault("cancelled", PassingCancellation(self.clock))
        return movies.capture(duration_s, interval_s=interval_s, lights_on=lights_on, **given)


def gray(shade: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (640, 480), shade).save(content, "JPEG")
    return content.getvalue()


def shown(content: bytes) -> tuple[list[tuple[float, int]], float]:
    """Decode a movie: at which second which picture is shown, and how long the movie lasts."""
    with av.open(io.BytesIO(content)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 640, 480)
        assert stream.duration is not None
        length = float(stream.duration * cast(Fraction, stream.time_base))
        pixels = [(frame.time or 0.0, frame.to_image().getpixel((320, 240))) for frame in container.decode(stream)]
    return [(time, round(cast(tuple[int, ...], pixel)[0] / 20)) for time, pixel in pixels], length


def test_a_movie_of_ten_seconds_shows_ten_pictures_and_lasts_ten_seconds() -> None:
    movie = GrayCamera().capture(10)
    assert shown(movie.content) == ([(float(second), second) for second in range(10)], 10.0)
    assert (movie.pictures, movie.missed) == (10, 0)


def test_a_slow_camera_makes_no_slow_motion() -> None:
    movie = GrayCamera(takes_s=2.5).capture(9)
    frames, length = shown(movie.content)
    assert [picture for _, picture in frames] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert (length, movie.pictures) == (9.0, 3)


def test_the_last_picture_lasts_no_longer_than_the_movie() -> None:
    frames, length = shown(GrayCamera(takes_s=7).capture(4).content)
    assert ([picture for _, picture in frames], length) == ([0, 0, 0, 0], 4.0)


def test_pictures_that_do_not_divide_the_time_fill_it_all_the_same() -> None:
    frames, length = shown(GrayCamera().capture(10, interval_s=3.0).content)
    assert len(frames) == 3
    assert length == pytest.approx(10, abs=0.01)
    frames, length = shown(GrayCamera().capture(1, interval_s=60.0).content)
    assert (len(frames), length) == (1, 1.0)


@pytest.mark.parametrize("fault", [RobotUnreachable("silent"), RobotRejected("no"), b"\xff\xd8\xff damaged \xff\xd9"])
def test_a_picture_that_is_missing_is_counted_and_the_one_before_shown(fault: Any) -> None:
    movie = GrayCamera(faults={1: fault, 2: fault}).capture(4)
    assert [picture for _, picture in shown(movie.content)[0]] == [0, 0, 0, 3]
    assert (movie.pictures, movie.missed) == (2, 2)


def test_pictures_of_another_size_are_shown_in_that_of_the_first() -> None:
    small = io.BytesIO()
    Image.new("L", (321, 241), 20).save(small, "JPEG")
    assert [picture for _, picture in shown(GrayCamera(faults={1: small.getvalue()}).capture(2).content)[0]] == [0, 1]


@pytest.mark.parametrize(
    ("number", "fault", "raised"),
    [
        (0, RobotUnreachable("silent"), RobotUnreachable),
        (0, b"\xff\xd8\xff damaged \xff\xd9", RobotFaulty),
        (2, CameraDisabled("switched off"), CameraDisabled),
        (2, CommandCancelled("while it waited"), CommandCancelled),
    ],
)
def test_what_makes_no_movie(number: int, fault: Any, raised: type[Exception]) -> None:
    deck = GrayCamera(faults={number: fault})
    with pytest.raises(raised):
        deck.capture(5, lights_on=True)
    assert len(deck.lit) == number + 1
    assert not deck.lamp.on


def test_the_lights_are_on_for_all_pictures_and_then_as_before() -> None:
    deck = GrayCamera()
    deck.capture(3, lights_on=True)
    assert (deck.lit, deck.lamp.switched) == ([True] * 3, [True, False])


def test_a_movie_that_is_cancelled_ends_between_two_pictures() -> None:
    deck = GrayCamera()
    with pytest.raises(CommandCancelled, match="No movie"):
        deck.capture(10, lights_on=True, cancelled=PassingCancellation(deck.clock, cancelled_at=deck.clock.now + 3))
    assert (len(deck.lit), deck.lamp.on) == (3, False)


def test_progress_is_how_much_of_the_time_is_over() -> None:
    reports: list[dict[str, float]] = []
    GrayCamera().capture(4, report=lambda **report: reports.append(report))
    assert [report["progress"] for report in reports] == [0.0, 0.25, 0.5, 0.75]


def test_without_the_encoder_nothing_is_asked_of_the_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    deck = GrayCamera()
    with pytest.raises(MovieEncoderMissing, match=r"pip install .*\[movies\]"):
        deck.capture(1, lights_on=True)
    assert (deck.lit, deck.lamp.switched) == ([], [])
