"""An MP4 file that is written picture by picture. The encoder is a package of its own, which need not be installed."""

from __future__ import annotations

import io
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING

from typing_extensions import Self

from sila_ot2.errors import Movement, MovieEncoderMissing, RobotFaulty

if TYPE_CHECKING:
    import av

_LARGEST_DENOMINATOR = 1000
_PICTURES_TO_SEEK = 10
"""How many pictures lie between two that a player can jump to."""


class MovieFile:
    """H.264, of the size of the first picture; each picture is shown for the same time or a multiple of it."""

    def __init__(self, interval_s: float) -> None:
        """Begin a file.

        Args:
            interval_s: how long a picture is shown.

        Raises:
            MovieEncoderMissing: the package that encodes is not installed.
        """
        try:
            import av
        except ImportError as missing:
            raise MovieEncoderMissing(
                "This server cannot make movies: the package av is not installed.",
                "Install it in the source folder of sila-ot2 with: pip install '.[movies]'. "
                "Then start the server again.",
            ) from missing
        self._rate = 1 / Fraction(interval_s).limit_denominator(_LARGEST_DENOMINATOR)
        self._content = io.BytesIO()
        self._errors = av.error.FFmpegError
        self._jpeg = av.CodecContext.create("mjpeg", "r")
        self._jpeg.thread_count = 1  # more would hold a picture back until the next one
        self._container = av.open(self._content, "w", format="mp4")
        self._stream: av.VideoStream | None = None
        self._shown = 0

    def decode(self, picture: bytes) -> av.VideoFrame:
        """Return a picture (JPEG) as it is to be added.

        Raises:
            RobotFaulty: the picture is damaged.
        """
        import av

        try:
            frames = self._jpeg.decode(av.Packet(picture))
        except self._errors as damage:
            raise self._damaged(str(damage)) from damage
        if not frames:
            raise self._damaged("it has no image")
        return frames[0]

    def add(self, frame: av.VideoFrame, *, times: int = 1) -> None:
        """Show a picture next, for a number of intervals."""
        stream = self._stream or self._begin(frame)
        even = frame.reformat(stream.width, stream.height, "yuv420p")
        even.time_base = 1 / self._rate
        for _ in range(times):
            even.pts = self._shown
            self._shown += 1
            self._container.mux(stream.encode(even))

    def finish(self) -> bytes:
        """End the file and return its content; at least one picture was added."""
        assert self._stream is not None  # noqa: S101
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._content.getvalue()

    def close(self) -> None:
        """Give back what the encoder uses; after `finish` there is nothing left of it."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, frame: av.VideoFrame) -> av.VideoStream:
        stream = self._container.add_stream("libx264", rate=self._rate, options={"preset": "veryfast"})
        stream.width, stream.height = frame.width // 2 * 2, frame.height // 2 * 2  # as the format of its colors demands
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = _PICTURES_TO_SEEK
        self._stream = stream
        return stream

    @staticmethod
    def _damaged(why: str) -> RobotFaulty:
        return RobotFaulty(f"A picture that the robot sent is damaged: {why}.", "Take it again.", moved=Movement.NONE)
