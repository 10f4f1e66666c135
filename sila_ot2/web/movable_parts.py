"""Parts of modules that move: latches, lids and magnets, and how they are now. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.web import sentences, texts
from sila_ot2.web.facts import RobotFacts

MovablePart = Literal["latch", "lid", "magnets"]


@dataclass(frozen=True, kw_only=True)
class Movable:
    """A part of a module that moves.

    Attributes:
        serial: the module.
        model: its model.
        part: which part.
        state: how it is now, in words.
    """

    serial: str
    model: str
    part: MovablePart
    state: str

    @property
    def key(self) -> tuple[str, MovablePart]:
        """Which part of which module it is."""
        return self.serial, self.part


def movable_parts(facts: RobotFacts) -> tuple[Movable, ...]:
    """Return all parts that move, of all modules."""
    found = [
        Movable(serial=each.serial_number, model=each.model, part="latch", state=_named(each.latch_status))
        for each in facts.heater_shakers
    ]
    found += [
        Movable(serial=each.serial_number, model=each.model, part="lid", state=_named(each.lid_status))
        for each in facts.thermocyclers
    ]
    found += [
        Movable(
            serial=each.serial_number,
            model=each.model,
            part="magnets",
            state=sentences.magnets(engaged=each.engaged, height=each.height),
        )
        for each in facts.magnetic_modules
    ]
    return tuple(found)


def _named(status: str) -> str:
    return texts.PART_STATES.get(status, status)
