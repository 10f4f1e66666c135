"""The feature OT2PipetteProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC
from typing import NamedTuple

from sila_ot2.generated import ObservableProperty


class AttachedPipette(NamedTuple):
    """A pipette and what it can do."""

    Mount: str
    """The mount it is attached to."""
    Name: str
    """The kind of pipette as protocols name it, for example p300_single_gen2."""
    Model: str
    """The exact model, for example p300_single_v2.1."""
    SerialNumber: str
    """The serial number of the pipette."""
    Channels: int
    """How many nozzles it has."""
    MinimumVolume: float
    """The smallest volume it can take. It is 0 on robots with software before release 6.3, which do not report it."""
    MaximumVolume: float
    """The largest volume it can take. It is 0 on robots with software before release 6.3, which do not report it."""
    OffsetCalibrated: bool
    """True if its position on this mount is calibrated, and the calibration is not marked as bad."""
    TipLengthCalibrated: bool
    """True if the length of at least one type of tip is calibrated for it, and the calibration is not marked as bad."""


class OT2PipetteProviderBase(ABC):
    """Reports which pipettes are attached to the robot. The robot checks its mounts when it starts and when it homes,
    so a pipette that was changed while the robot was on is shown after the next homing.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2PipetteProvider/v1"

    AttachedPipettes: ObservableProperty[list[AttachedPipette]]
    """The attached pipettes, left mount first. The list is empty if there are none, and until the robot has answered
    for the first time.
    """
