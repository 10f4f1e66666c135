"""The feature OT2CalibrationProvider.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from sila_ot2.client import wire
from sila_ot2.client.calls import CallDefinition, FeatureDefinition
from sila_ot2.client.feature import Feature
from sila_ot2.client.link import Link
from sila_ot2.client.properties import ObservableProperty

State = Literal["Calibrated", "NotCalibrated", "MarkedBad", "Unusable", "Unknown"]
Mount = Literal["left", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckState:
    """The state of the calibration of the deck.

    Attributes:
        state: NotCalibrated: the factory values are in use. MarkedBad: the calibration is marked as bad. Unusable:
            the robot cannot use the calibration. Unknown: the robot has not answered yet, or reported a state that
            this server does not know.
        modified_at: When the deck was last calibrated; empty if never, or if the robot does not report it.
    """

    state: State
    modified_at: list[datetime.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipetteOffset:
    """The calibrated position of a pipette on a mount.

    Attributes:
        mount: The mount.
        serial_number: The serial number of the pipette.
        offset_x: The offset to the right. In mm.
        offset_y: The offset to the back. In mm.
        offset_z: The offset upward. In mm.
        modified_at: When it was calibrated; empty if the robot does not report it.
        marked_bad: True if it is marked as bad.
    """

    mount: Mount
    serial_number: str
    offset_x: float
    offset_y: float
    offset_z: float
    modified_at: list[datetime.datetime]
    marked_bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TipLength:
    """The calibrated length of a type of tip on a pipette.

    Attributes:
        serial_number: The serial number of the pipette.
        definition_uri: The definition of the tip rack; empty if the robot names it only by its hash.
        length: The length of the tip beyond the nozzle. In mm.
        modified_at: When it was calibrated; empty if the robot does not report it.
        marked_bad: True if it is marked as bad.
    """

    serial_number: str
    definition_uri: str
    length: float
    modified_at: list[datetime.datetime]
    marked_bad: bool


_FEATURE = FeatureDefinition("io.github.silaot/instruments.liquidhandling/OT2CalibrationProvider/v1")
_DECK_STATE = wire.Structure(DeckState, state=wire.STRING, modified_at=wire.Repeated(wire.TIMESTAMP))
_DEFINED_DECK_STATE = wire.Defined(_DECK_STATE)
_PIPETTE_OFFSET = wire.Structure(
    PipetteOffset,
    mount=wire.STRING,
    serial_number=wire.STRING,
    offset_x=wire.REAL,
    offset_y=wire.REAL,
    offset_z=wire.REAL,
    modified_at=wire.Repeated(wire.TIMESTAMP),
    marked_bad=wire.BOOLEAN,
)
_DEFINED_PIPETTE_OFFSET = wire.Defined(_PIPETTE_OFFSET)
_TIP_LENGTH = wire.Structure(
    TipLength,
    serial_number=wire.STRING,
    definition_uri=wire.STRING,
    length=wire.REAL,
    modified_at=wire.Repeated(wire.TIMESTAMP),
    marked_bad=wire.BOOLEAN,
)
_DEFINED_TIP_LENGTH = wire.Defined(_TIP_LENGTH)
DECK_CALIBRATION: CallDefinition[DeckState] = _FEATURE.observable_property("DeckCalibration", _DEFINED_DECK_STATE)
PIPETTE_OFFSETS: CallDefinition[list[PipetteOffset]] = _FEATURE.observable_property(
    "PipetteOffsets", wire.Repeated(_DEFINED_PIPETTE_OFFSET)
)
TIP_LENGTHS: CallDefinition[list[TipLength]] = _FEATURE.observable_property(
    "TipLengths", wire.Repeated(_DEFINED_TIP_LENGTH)
)
CALIBRATION_REQUIREMENTS_MET: CallDefinition[bool] = _FEATURE.observable_property(
    "CalibrationRequirementsMet", wire.BOOLEAN
)


class OT2CalibrationProvider(Feature[Link]):
    """Reports how the robot is calibrated. A person calibrates the robot with the Opentrons App; this server reads the
    result about once a minute, and after the robot was unreachable.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2CalibrationProvider/v1"

    @property
    def deck_calibration(self) -> ObservableProperty[DeckState]:
        """The calibration of the deck."""
        return ObservableProperty(self._link, DECK_CALIBRATION)

    @property
    def pipette_offsets(self) -> ObservableProperty[list[PipetteOffset]]:
        """The calibrated positions of pipettes on their mounts. Pipettes that are not attached are listed too; the
        list may be empty.
        """
        return ObservableProperty(self._link, PIPETTE_OFFSETS)

    @property
    def tip_lengths(self) -> ObservableProperty[list[TipLength]]:
        """The calibrated lengths of tips. The list may be empty."""
        return ObservableProperty(self._link, TIP_LENGTHS)

    @property
    def calibration_requirements_met(self) -> ObservableProperty[bool]:
        """True if the deck is calibrated and every attached pipette has a calibrated offset and tip length, none of
        them marked as bad. It is false until the robot has answered for the first time.
        """
        return ObservableProperty(self._link, CALIBRATION_REQUIREMENTS_MET)
