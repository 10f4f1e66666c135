"""Where the slots are in the picture of the deck. A pure function."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)")
SLOT = "slot-"
"""How the identifiers of the groups begin that are slots."""


@dataclass(frozen=True)
class SlotArea:
    """Where a slot is, in percent of the picture's width and height."""

    slot: str
    left: float
    top: float
    width: float
    height: float

    @property
    def style(self) -> str:
        """The same as CSS."""
        return f"left: {self.left:.3f}%; top: {self.top:.3f}%; width: {self.width:.3f}%; height: {self.height:.3f}%"


def slot_areas(picture: bytes) -> tuple[SlotArea, ...]:
    """Return where the slots are; none if the picture does not say so, as that of an older server."""
    try:
        root = ElementTree.fromstring(picture)  # noqa: S314 - the parser limits what entities expand to
        *_, width, height = map(float, root.get("viewBox", "").split())
        return tuple(_areas(root, width, height))
    except (ElementTree.ParseError, ValueError):
        return ()


def _areas(root: ElementTree.Element, width: float, height: float) -> Iterator[SlotArea]:
    for group in root.iter(f"{SVG}g"):
        name, moved, rectangle = group.get("id", ""), MOVED.match(group.get("transform", "")), group.find(f"{SVG}rect")
        if name.startswith(SLOT) and moved is not None and rectangle is not None:
            left = float(moved[1]) + float(rectangle.get("x", "0"))
            top = float(moved[2]) + float(rectangle.get("y", "0"))
            yield SlotArea(
                name.removeprefix(SLOT),
                100 * left / width,
                100 * top / height,
                100 * float(rectangle.get("width", "0")) / width,
                100 * float(rectangle.get("height", "0")) / height,
            )
