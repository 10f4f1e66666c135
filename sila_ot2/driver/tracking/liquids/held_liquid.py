"""What the tips of a pipette hold, have touched, and where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sila_ot2.driver.deck.state.contents import SAME_UL, Liquids
from sila_ot2.robot.command_parameters import members_in, number_in

UNKNOWN_LIQUID = "a liquid that is not known"


class Layer(NamedTuple):
    """What a tip has drawn at once."""

    volume_ul: float
    is_liquid: bool
    """False: air."""


class TipPlace(NamedTuple):
    """Where a tip is."""

    labware_id: str
    well: str
    over_mm: float
    """How far over the top of the well; -1: below it."""


@dataclass
class Held:
    """What the tips of a pipette hold, have touched, and where they are."""

    layers: list[Layer] = field(default_factory=list)
    """The last one is at the opening; the same in each tip."""
    touched: list[Liquids] = field(default_factory=list)
    """By nozzle in use."""
    sure: bool = True
    """Whether the layers are known."""
    place: TipPlace | None = None
    """None: over no well."""
    astray: bool = False
    """Whether nobody knows over what the tip is."""

    def touched_by(self, count: int) -> list[Liquids]:
        """Return what each of the tips has touched."""
        return [self.touched[number] if number < len(self.touched) else frozenset() for number in range(count)]

    def touch_unknown(self, count: int) -> None:
        """Note that each of the tips has touched a liquid that is not known."""
        self.touched = [one | {UNKNOWN_LIQUID} for one in self.touched_by(count)]

    def push(self, volume_ul: float) -> float | None:
        """Take a volume out of the tip, the last that was drawn first; returns the liquid in it, None if not known."""
        liquid_ul = 0.0
        while volume_ul > SAME_UL and self.layers:
            layer = self.layers.pop()
            out_ul = min(layer.volume_ul, volume_ul)
            volume_ul -= out_ul
            liquid_ul += out_ul if layer.is_liquid else 0.0
            if layer.volume_ul - out_ul > SAME_UL:
                self.layers.append(Layer(layer.volume_ul - out_ul, layer.is_liquid))
        return round(liquid_ul, 6) if self.sure else None


def place_of(params: Mapping[str, Any]) -> TipPlace:
    """Return where the parameters of a command take a tip; raises RobotFaulty if one is of another kind."""
    where = members_in(params.get("wellLocation"))
    height_mm = number_in(members_in(where.get("offset")).get("z"))
    over_mm = height_mm if where.get("origin", "top") == "top" and height_mm >= 0 else -1.0
    return TipPlace(str(params.get("labwareId", "")), str(params.get("wellName", "")), over_mm)
