"""What a temperature profile is made of: steps, in parts that are repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ProfileStep:
    """One step of a profile."""

    target_c: float
    hold_s: float


@dataclass(frozen=True)
class ProfilePart:
    """Steps that are carried out in this order, and that a number of times."""

    steps: Sequence[ProfileStep]
    repetitions: int


@dataclass(frozen=True)
class ProfilePlace:
    """A step of a profile that is carried out; the numbers count from 1."""

    step_to_do: ProfileStep
    part: int
    parts: int
    cycle: int
    cycles: int
    step: int
    steps: int

    def __str__(self) -> str:
        part = f", part {self.part} of {self.parts}" if self.parts > 1 else ""
        return f"in step {self.step} of {self.steps}, cycle {self.cycle} of {self.cycles}{part}"


@dataclass(frozen=True)
class ProfileState:
    """How far a profile is."""

    place: ProfilePlace
    current_c: float
    hold_left_s: float


def places(parts: Sequence[ProfilePart]) -> Iterator[ProfilePlace]:
    """Yield every step that is carried out, in this order."""
    for part_number, part in enumerate(parts, start=1):
        for cycle in range(1, part.repetitions + 1):
            for step_number, step in enumerate(part.steps, start=1):
                yield ProfilePlace(step, part_number, len(parts), cycle, part.repetitions, step_number, len(part.steps))
