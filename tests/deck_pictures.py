"""Pictures of a simulated deck, opened by a decoder; their comment says what they show."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image


def opened(content: bytes) -> tuple[Image.Image, dict[str, Any]]:
    """Return a JPEG with all its pixels, and what its comment says."""
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "JPEG"
    picture.load()
    return picture, json.loads(picture.info["comment"])


def brightness(picture: Image.Image) -> float:
    """Return how bright a picture is on average, of 255."""
    histogram = picture.convert("L").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / sum(histogram)
