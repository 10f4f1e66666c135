"""Where in a well: origins, offsets, and what the channels of a pipette touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sila_ot2.driver.deck.state.labware import Labware, Well
from sila_ot2.driver.deck.state.pipettes import NOZZLES, Nozzles, SessionPipette
from sila_ot2.errors import PositionOutOfBounds, WellUnknown

Origin = Literal["top", "bottom", "center"]
NOZZLE_PITCH_MM = 9.0
ROUNDING_MM = 0.01
"""Definitions are rounded to hundredths of a millimeter."""


@dataclass(frozen=True)
class WellPoint:
    """A point relative to a well, in mm: x to the right, y to the back, z up."""

    origin: Origin = "top"
    x_mm: float = 0.0
    y_mm: float = 0.0
    z_mm: float = 0.0

    def to_wire(self) -> dict[str, Any]:
        """Return it in the robot's terms."""
        return {"origin": self.origin, "offset": {"x": self.x_mm, "y": self.y_mm, "z": self.z_mm}}


def well_of(labware: Labware, name: str) -> Well:
    """Return a well by name.

    Raises:
        WellUnknown: the labware has none of this name.
    """
    well = labware.wells.get(name)
    if well is None:
        last = next(reversed([name for column in labware.columns for name in column]), "none")
        raise WellUnknown(
            f"{labware.name} has no well {name}: it has {len(labware.columns[0]) if labware.columns else 0} rows "
            f"and {len(labware.columns)} columns, A1 to {last}.",
            "Name one of its wells.",
        )
    return well


def check_inside(labware: Labware, name: str, point: WellPoint) -> None:
    """Return if the point is not in the labware's material: above the well, or between its walls and over its bottom.

    Raises:
        PositionOutOfBounds: the tip would hit the labware.
    """
    well = well_of(labware, name)
    height_mm = point.z_mm + {"top": well.depth_mm, "center": well.depth_mm / 2, "bottom": 0.0}[point.origin]
    if height_mm >= well.depth_mm:
        return
    if height_mm < -ROUNDING_MM:
        raise PositionOutOfBounds(
            f"The point lies {-height_mm:.2f} mm below the bottom of well {name} of {labware.name}, which is "
            f"{well.depth_mm:.2f} mm deep.",
            "Use a higher offset.",
        )
    if abs(point.x_mm) > well.width_mm / 2 + ROUNDING_MM or abs(point.y_mm) > well.length_mm / 2 + ROUNDING_MM:
        raise PositionOutOfBounds(
            f"The point lies outside of the walls of well {name} of {labware.name}, which is {well.width_mm:.2f} "
            f"mm by {well.length_mm:.2f} mm wide, and below its top.",
            "Use smaller offsets, or stay above it.",
        )


def touched(pipette: SessionPipette, labware: Labware, name: str) -> tuple[str, ...]:
    """Return the wells that the active channels are in when the pipette goes to `name`, from the back to the front.

    Raises:
        WellUnknown: the labware has no such well.
        PositionOutOfBounds: a channel would be outside of every well.
    """
    target = well_of(labware, name)
    nozzles = pipette.nozzles
    if nozzles.active == 1 or "centerMultichannelOnWells" in labware.quirks:
        return (name,)
    names = []
    for number in range(nozzles.active):
        offset = number * NOZZLE_PITCH_MM * (-1 if nozzles.primary == "A1" else 1)
        name_here = _well_at(labware, target.x_mm, target.y_mm + offset)
        if name_here is None:
            raise PositionOutOfBounds(
                f"{pipette.label} uses {nozzles.active} channels; with {_which(nozzles)} over well {name} of "
                f"{labware.name}, another one is over no well.",
                f"Name the well under {_which(nozzles)}.",
            )
        names.append(name_here)
    return tuple(names if nozzles.primary == "A1" else reversed(names))


def wells_under(nozzles: Nozzles, labware: Labware, name: str) -> tuple[str, ...]:
    """Return the well under each nozzle in use, the primary one first; several may be in one large well.

    A nozzle that is over no well is left out.
    """
    if nozzles.active == 1 or "centerMultichannelOnWells" in labware.quirks:
        return (name,) * nozzles.active
    target = labware.wells[name]
    step_mm = NOZZLE_PITCH_MM * (-1 if nozzles.primary[0] == NOZZLES[0] else 1)
    found = (_well_at(labware, target.x_mm, target.y_mm + number * step_mm) for number in range(nozzles.active))
    return tuple(one for one in found if one is not None)


def _well_at(labware: Labware, x_mm: float, y_mm: float) -> str | None:
    for name, well in labware.wells.items():
        if (
            abs(well.x_mm - x_mm) <= well.width_mm / 2 + ROUNDING_MM
            and abs(well.y_mm - y_mm) <= well.length_mm / 2 + ROUNDING_MM
        ):
            return name
    return None


def _which(nozzles: Nozzles) -> str:
    return "the rearmost channel" if nozzles.primary == "A1" else f"nozzle {NOZZLES[-1]}1"
