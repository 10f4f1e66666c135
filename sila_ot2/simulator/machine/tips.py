"""The actual state of the simulated nozzles, not that of the run's engine: tips that stay on, and crashes."""

from __future__ import annotations

from dataclasses import dataclass, field

from opentrons.types import Mount

from sila_ot2.simulator.errors import JsonObject

FIXED_TRASH_MM = 82.0
"""The height of what stands on every deck."""
USUAL_LENGTH_MM = 51.8
"""How far a tip of 300 µL reaches below the nozzle."""


@dataclass
class Nozzle:
    """One mount: whether a tip hangs on it, and how far that reaches below the nozzle."""

    has_tip: bool = False
    tip_length_mm: float = USUAL_LENGTH_MM


@dataclass
class TipTruth:
    """Both mounts; outlives runs and restarts of the robot, as tips do.

    Attributes:
        nozzles: what hangs on each mount.
        blind_moves: how often the gantry or a mount moved, other than to its home, while a tip hung on a nozzle that
            the robot took for bare.
        crashes: how many of these moves brought the end of such a tip below the height of the fixed trash; also each
            time a nozzle with a tip was pushed onto another tip.
    """

    nozzles: dict[Mount, Nozzle] = field(default_factory=lambda: {Mount.LEFT: Nozzle(), Mount.RIGHT: Nozzle()})
    blind_moves: int = 0
    crashes: int = 0

    def before_pick_up(self, mount: Mount) -> None:
        """A nozzle is about to be pushed down onto a tip."""
        if self.nozzles[mount].has_tip:
            self.crashes += 1

    def picked_up(self, mount: Mount) -> None:
        """A tip hangs on the nozzle now."""
        self.nozzles[mount].has_tip = True

    def ejected(self, mount: Mount) -> None:
        """No tip hangs on the nozzle any more."""
        self.nozzles[mount] = Nozzle()

    def moved_blind(self, mount: Mount, nozzle_z_mm: float) -> None:
        """A nozzle that was taken for bare and holds a tip is at this height after a move."""
        self.blind_moves += 1
        if nozzle_z_mm - self.nozzles[mount].tip_length_mm < FIXED_TRASH_MM:
            self.crashes += 1

    def body(self) -> JsonObject:
        """What the control route reports."""
        tips = {mount.name.lower(): nozzle.has_tip for mount, nozzle in self.nozzles.items()}
        return {"tips": tips, "blindMoves": self.blind_moves, "crashes": self.crashes}
