"""The feature OT2PipetteProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty

Mount = Literal["left", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPipette:
    """A pipette and what it can do.

    Attributes:
        mount: The mount it is attached to.
        name: The kind of pipette as protocols name it, for example p300_single_gen2.
        model: The exact model, for example p300_single_v2.1.
        serial_number: The serial number of the pipette.
        channels: How many nozzles it has.
        minimum_volume: The smallest volume it can take. It is 0 on robots with software before release 6.3, which
            do not report it. In µL.
        maximum_volume: The largest volume it can take. It is 0 on robots with software before release 6.3, which do
            not report it. In µL.
        offset_calibrated: True if its position on this mount is calibrated, and the calibration is not marked as
            bad.
        tip_length_calibrated: True if the length of at least one type of tip is calibrated for it, and the
            calibration is not marked as bad.
    """

    mount: Mount
    name: str
    model: str
    serial_number: str
    channels: int
    minimum_volume: float
    maximum_volume: float
    offset_calibrated: bool
    tip_length_calibrated: bool


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2PipetteProvider/v1")
_ATTACHED_PIPETTE = wire.Structure(
    AttachedPipette,
    mount=wire.STRING,
    name=wire.STRING,
    model=wire.STRING,
    serial_number=wire.STRING,
    channels=wire.INTEGER,
    minimum_volume=wire.REAL,
    maximum_volume=wire.REAL,
    offset_calibrated=wire.BOOLEAN,
    tip_length_calibrated=wire.BOOLEAN,
)
_DEFINED_ATTACHED_PIPETTE = wire.Defined(_ATTACHED_PIPETTE)
ATTACHED_PIPETTES: CallDefinition[list[AttachedPipette]] = _FEATURE.observable_property(
    "AttachedPipettes", wire.Repeated(_DEFINED_ATTACHED_PIPETTE)
)


class OT2PipetteProvider(Feature[Link]):
    """Reports which pipettes are attached to the robot. The robot checks its mounts when it starts and when it homes,
    so a pipette that was changed while the robot was on is shown after the next homing.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2PipetteProvider/v1"

    @property
    def attached_pipettes(self) -> ObservableProperty[list[AttachedPipette]]:
        """The attached pipettes, left mount first. The list is empty if there are none, and until the robot has
        answered for the first time.
        """
        return ObservableProperty(self._link, ATTACHED_PIPETTES)
