"""The feature OT2CalibrationProvider as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

import datetime
from abc import ABC
from typing import NamedTuple

from sila_ot2.generated import ObservableProperty


class DeckState(NamedTuple):
    """The state of the calibration of the deck."""

    State: str
    """NotCalibrated: the factory values are in use. MarkedBad: the calibration is marked as bad. Unusable: the robot
    cannot use the calibration. Unknown: the robot has not answered yet, or reported a state that this server does
    not know.
    """
    ModifiedAt: list[datetime.datetime]
    """When the deck was last calibrated; empty if never, or if the robot does not report it."""


class PipetteOffset(NamedTuple):
    """The calibrated position of a pipette on a mount."""

    Mount: str
    """The mount."""
    SerialNumber: str
    """The serial number of the pipette."""
    OffsetX: float
    """The offset to the right."""
    OffsetY: float
    """The offset to the back."""
    OffsetZ: float
    """The offset upward."""
    ModifiedAt: list[datetime.datetime]
    """When it was calibrated; empty if the robot does not report it."""
    MarkedBad: bool
    """True if it is marked as bad."""


class TipLength(NamedTuple):
    """The calibrated length of a type of tip on a pipette."""

    SerialNumber: str
    """The serial number of the pipette."""
    DefinitionUri: str
    """The definition of the tip rack; empty if the robot names it only by its hash."""
    Length: float
    """The length of the tip beyond the nozzle."""
    ModifiedAt: list[datetime.datetime]
    """When it was calibrated; empty if the robot does not report it."""
    MarkedBad: bool
    """True if it is marked as bad."""


class OT2CalibrationProviderBase(ABC):
    """Reports how the robot is calibrated. A person calibrates the robot with the Opentrons App; this server reads the
    result about once a minute, and after the robot was unreachable.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2CalibrationProvider/v1"

    DeckCalibration: ObservableProperty[DeckState]
    """The calibration of the deck."""

    PipetteOffsets: ObservableProperty[list[PipetteOffset]]
    """The calibrated positions of pipettes on their mounts. Pipettes that are not attached are listed too; the list
    may be empty.
    """

    TipLengths: ObservableProperty[list[TipLength]]
    """The calibrated lengths of tips. The list may be empty."""

    CalibrationRequirementsMet: ObservableProperty[bool]
    """True if the deck is calibrated and every attached pipette has a calibrated offset and tip length, none of them
    marked as bad. It is false until the robot has answered for the first time.
    """
