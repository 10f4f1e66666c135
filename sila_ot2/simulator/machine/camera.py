"""What the simulated robot's camera sees: a drawing of the deck at this moment, as a JPEG.

The comment of the JPEG says in JSON what the picture shows, so that a test can tell the moment.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

RESOLUTION = (640, 480)
"""What the camera of an OT-2 takes."""
_GRID = (3, 4)
_ROWS, _COLUMNS = 8, 12
_COLORS = {"clean": (70, 150, 230), "used": (150, 60, 60), "empty": (60, 60, 60)}
_DARK = 0.3
"""How bright the deck is while the rail lights are off."""

TipColor = Literal["clean", "used", "empty"]


@dataclass(frozen=True)
class DeckView:
    """What is in front of the camera.

    Attributes:
        lights: whether the rail lights are on.
        slots: what stands on each slot, by its name.
        tips: the states of the tips of the racks on slots, row by row within each column.
        facts: what else the comment of the picture says.
    """

    lights: bool
    slots: Mapping[str, str] = field(default_factory=dict)
    tips: Mapping[str, Sequence[TipColor]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Exposure:
    """How a picture is taken.

    Attributes:
        size: width and height in pixels.
        zoom: 1 for the whole deck.
        pan: the lower left corner of what a zoom shows, in pixels; None for the middle.
        contrast: 1 as it is, like brightness and saturation.
    """

    size: tuple[int, int] = RESOLUTION
    zoom: float = 1.0
    pan: tuple[int, int] | None = None
    contrast: float = 1.0
    brightness: float = 1.0
    saturation: float = 1.0


def draw(view: DeckView, exposure: Exposure) -> bytes:
    """A picture of the deck."""
    # Imported here: most simulated robots take no picture, and the library costs their start some time.
    from PIL import Image, ImageDraw, ImageEnhance

    width, height = exposure.size
    picture = Image.new("RGB", exposure.size, (205, 205, 200))
    pen = ImageDraw.Draw(picture)
    across, up = width // _GRID[0], height // _GRID[1]
    for number in range(1, 13):
        column, row = (number - 1) % _GRID[0], (number - 1) // _GRID[0]
        left, top = column * across, height - (row + 1) * up
        label = str(number)
        pen.rectangle((left + 4, top + 4, left + across - 4, top + up - 4), (235, 235, 235), (90, 90, 90))
        for index, tip in enumerate(view.tips.get(label, ())):
            at = (index // _ROWS, index % _ROWS)
            x, y = left + (at[0] + 1) * across // (_COLUMNS + 1), top + (at[1] + 2) * up // (_ROWS + 3)
            pen.ellipse((x - 2, y - 2, x + 2, y + 2), _COLORS[tip])
        pen.text((left + 8, top + 6), f"{label} {view.slots.get(label, '')}", (0, 0, 0))
    pen.text((8, height - 14), " ".join(f"{name}={value}" for name, value in view.facts.items()), (0, 0, 120))
    if exposure.zoom > 1:
        picture = picture.crop(_frame(exposure)).resize(exposure.size)
    for enhance, factor in (
        (ImageEnhance.Brightness, exposure.brightness * (1.0 if view.lights else _DARK)),
        (ImageEnhance.Contrast, exposure.contrast),
        (ImageEnhance.Color, exposure.saturation),
    ):
        picture = enhance(picture).enhance(factor)
    file = io.BytesIO()
    picture.save(file, "JPEG", comment=json.dumps({**view.facts, "slots": dict(view.slots)}).encode())
    return file.getvalue()


def _frame(exposure: Exposure) -> tuple[int, int, int, int]:
    """What a zoom leaves of the picture: left, top, right, bottom."""
    width, height = exposure.size
    wide, high = round(width / exposure.zoom), round(height / exposure.zoom)
    left, below = exposure.pan or ((width - wide) // 2, (height - high) // 2)
    left, below = min(left, width - wide), min(below, height - high)
    return left, height - below - high, left + wide, height - below
