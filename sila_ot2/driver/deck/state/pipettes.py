"""The pipettes of a session: what they can do, what they hold, and how surely that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple

Mount = Literal["left", "right"]
MOUNTS: tuple[Mount, ...] = ("left", "right")
NOZZLES = "ABCDEFGH"
"""Nozzles of a pipette of eight channels, from the back to the front, 9 mm apart."""


class FlowRates(NamedTuple):
    """In µL/s."""

    aspirate_ul_s: float
    dispense_ul_s: float
    blow_out_ul_s: float


class PipetteModel(NamedTuple):
    """What all pipettes of one name have in common."""

    channels: int
    min_volume_ul: float
    max_volume_ul: float
    flow_rates: FlowRates
    tips_ul: tuple[float, float]
    """Sizes of the tips it takes, from the smallest to the largest."""
    highest_mm: float
    """How high above the deck its bare nozzle can travel, as the robot plans it."""


MODELS: Mapping[str, PipetteModel] = {
    "p10_single": PipetteModel(1, 1, 10, FlowRates(5, 10, 1000), (10, 10), 229),
    "p10_multi": PipetteModel(8, 1, 10, FlowRates(5, 10, 1000), (10, 10), 217.8),
    "p20_single_gen2": PipetteModel(1, 1, 20, FlowRates(7.56, 7.56, 7.56), (10, 20), 179.6),
    "p20_multi_gen2": PipetteModel(8, 1, 20, FlowRates(7.6, 7.6, 7.6), (10, 20), 172.15),
    "p50_single": PipetteModel(1, 5, 50, FlowRates(25, 50, 1000), (50, 300), 242),
    "p50_multi": PipetteModel(8, 5, 50, FlowRates(25, 50, 1000), (50, 300), 217.8),
    "p300_single": PipetteModel(1, 30, 300, FlowRates(150, 300, 1000), (200, 300), 242),
    "p300_multi": PipetteModel(8, 30, 300, FlowRates(150, 300, 1000), (200, 300), 217.8),
    "p300_single_gen2": PipetteModel(1, 20, 300, FlowRates(92.86, 92.86, 92.86), (200, 300), 198.6),
    "p300_multi_gen2": PipetteModel(8, 20, 300, FlowRates(94, 94, 94), (200, 300), 188.27),
    "p1000_single": PipetteModel(1, 100, 1000, FlowRates(500, 1000, 1000), (1000, 1000), 262),
    "p1000_single_gen2": PipetteModel(1, 100, 1000, FlowRates(274.7, 274.7, 274.7), (1000, 1000), 219.29),
}
"""By pipette name. Source: pipette definitions (liquid, default class, newest API level) of the Python package
opentrons-shared-data 9.0.0; the robot's interface reports no flow rates. `highest_mm` is the height of the homed mount
(220 mm; of the second generation 172.15 mm, with eight channels 155.75 mm) and the length of the pipette below it, less
the 3 mm that the robot's planner of movements keeps."""


def model_of(name: str) -> PipetteModel:
    """Return the model of a pipette name; of an unknown one, cautious values until the robot refuses something."""
    known = MODELS.get(name)
    return known or PipetteModel(8 if "multi" in name else 1, 0, 1000, FlowRates(50, 50, 50), (0, 0), 153.55)


class Evidence(Enum):
    """How certain the state of a pipette is. The OT-2 has no sensor for tips or liquid."""

    TRACKED = "Tracked"
    """It follows from commands that the robot reported as carried out."""
    ASSUMED = "Assumed"
    """Nothing was picked up in this session, or an operator has stated it."""
    UNKNOWN = "Unknown"
    """A command failed or its outcome was lost; somebody has to look."""


class Tip(NamedTuple):
    """An attached tip (of a pipette of eight channels: the tip under its rearmost active nozzle)."""

    rack_id: str
    """Empty if the robot does not know where it came from."""
    well: str
    volume_ul: float


@dataclass(frozen=True)
class Nozzles:
    """Which nozzles of a pipette of eight channels are in use."""

    active: int
    primary: str = "A1"
    """The nozzle that goes to the well named in a command: A1 is at the back, H1 at the front."""


@dataclass(frozen=True)
class SessionPipette:
    """A pipette of a session."""

    mount: Mount
    pipette_id: str
    name: str
    nozzles: Nozzles
    flow_rates: FlowRates
    """Those of the session."""
    tip: Tip | None = None
    volume_ul: float = 0.0
    evidence: Evidence = Evidence.ASSUMED
    untracked_tip: bool = False
    """A tip is, or may be, attached that the robot does not know of. It must be discarded."""

    @property
    def model(self) -> PipetteModel:
        """What it can do."""
        return model_of(self.name)

    @property
    def capacity_ul(self) -> float:
        """What it takes at most: the pipette's or the tip's limit."""
        limit = self.model.max_volume_ul
        return min(limit, self.tip.volume_ul) if self.tip and self.tip.volume_ul > 0 else limit

    @property
    def label(self) -> str:
        """Return what messages call it."""
        return f"the {self.mount} pipette ({self.name})"


def fresh_pipette(mount: Mount, pipette_id: str, name: str) -> SessionPipette:
    """Return a pipette as a new run on the robot takes it to be: without a tip."""
    return SessionPipette(mount, pipette_id, name, Nozzles(model_of(name).channels), model_of(name).flow_rates)
