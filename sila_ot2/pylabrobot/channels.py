"""PyLabRobot's channels and the pipettes of the robot: those of the left one come first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pylabrobot.liquid_handling.errors import ChannelsDoNotFitError, NoChannelError
from pylabrobot.resources import Coordinate, Tip, Trash

from sila_ot2.client.generated.atomic_liquid_handling import Mount, PipetteState

TIPS_OF = {10: (10, 20), 20: (10, 20), 50: (200, 300), 300: (200, 300), 1000: (1000,)}
"""Which tips fit, in µL, by the size of the pipette."""
PITCH_MM = 9.0
"""How far apart the channels of a pipette of eight are."""
TOLERANCE_MM = 0.2


@dataclass(frozen=True)
class MountedPipette:
    """A pipette and its channels.

    Attributes:
        mount: where it is attached.
        name: its name at Opentrons.
        channels: PyLabRobot's numbers of its channels, the rearmost first.
    """

    mount: Mount
    name: str
    channels: tuple[int, ...]

    def takes(self, tip: Tip) -> bool:
        """Whether a tip fits."""
        size = re.match(r"p(\d+)_", self.name)
        return size is not None and tip.maximal_volume in TIPS_OF.get(int(size[1]), ())


def mounted(states: Iterable[PipetteState]) -> list[MountedPipette]:
    """Number the channels of the pipettes."""
    found: list[MountedPipette] = []
    for state in sorted(states, key=lambda each: each.mount):  # left comes before right
        first = sum(len(pipette.channels) for pipette in found)
        found.append(MountedPipette(state.mount, state.pipette_name, tuple(range(first, first + state.channels))))
    return found


def pipette_of(pipettes: Sequence[MountedPipette], channels: Sequence[int]) -> MountedPipette:
    """Return the pipette that has exactly these channels: all channels of a pipette move together.

    Raises:
        NoChannelError: there is none.
    """
    for pipette in pipettes:
        if pipette.channels == tuple(channels):
            return pipette
    ranges = ", ".join(f"{each.mount} {each.name}: {list(each.channels)}" for each in pipettes) or "none"
    raise NoChannelError(
        f"The channels {list(channels)} are not those of one pipette, which only moves as a whole. There are: {ranges}."
    )


@dataclass(frozen=True)
class PipetteTarget:
    """Where a pipette goes: the place of its rearmost channel, and an offset that holds for all its channels."""

    resource: Any
    offset: Coordinate


def place_of(ops: Sequence[Any]) -> PipetteTarget:
    """Return where a pipette has to go for one operation of each of its channels.

    Raises:
        ChannelsDoNotFitError: its channels cannot be at these places together.
        ValueError: the operations differ in something else than their place.
    """
    first, resources = ops[0], [op.resource for op in ops]
    for option in ("volume", "flow_rate", "liquid_height", "blow_out_air_volume", "mix"):
        if len({str(getattr(op, option, None)) for op in ops}) > 1:
            raise ValueError(f"All channels of a pipette do the same, and their {option} differs")
    if isinstance(first.resource, Trash):
        return PipetteTarget(first.resource, Coordinate.zero())
    if len(set(map(id, resources))) == 1:
        if len(ops) == 1:
            return PipetteTarget(first.resource, first.offset)
        # PyLabRobot spreads channels over a container; here their distance is given, and their center counts.
        count = len(ops)
        center = Coordinate(*(sum(getattr(op.offset, axis) for op in ops) / count for axis in "xyz"))
        return PipetteTarget(first.resource, center)
    at = [resource.get_absolute_location("c", "c", "b") for resource in resources]
    for number, where in enumerate(at):
        apart = (where.x - at[0].x, at[0].y - where.y - number * PITCH_MM, where.z - at[0].z)
        if max(map(abs, apart)) > TOLERANCE_MM:
            names = ", ".join(resource.name for resource in resources)
            raise ChannelsDoNotFitError(f"The channels are 9 mm apart, one behind the other; not so {names}")
    if len({str(op.offset) for op in ops}) > 1:
        raise ChannelsDoNotFitError("The channels of a pipette cannot have different offsets")
    return PipetteTarget(first.resource, first.offset)


def require_no_offset(place: PipetteTarget) -> None:
    """Refuse an offset where the robot takes none.

    Raises:
        NotImplementedError: there is one.
    """
    if any(abs(getattr(place.offset, axis)) > 0 for axis in "xyz"):
        raise NotImplementedError("Tips are picked up and dropped without an offset on the OT-2")
