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
    """NotCalibrated: the values of the factory are in use. MarkedBad: somebody marked the calibration as bad.
    Unusable: the robot cannot compute with it. Unknown: the robot has not answered yet, or in a word that this
    server does not know.
    """
    ModifiedAt: list[datetime.datetime]
    """When it was calibrated last; empty if never, or if the robot does not tell."""


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
    """When it was calibrated; empty if the robot does not tell."""
    MarkedBad: bool
    """True if somebody marked it as bad."""


class TipLength(NamedTuple):
    """The calibrated length of a type of tip on a pipette."""

    SerialNumber: str
    """The serial number of the pipette."""
    DefinitionUri: str
    """The definition of the tip rack; empty if the robot names it only by the hash of it."""
    Length: float
    """The length of the tip beyond the nozzle."""
    ModifiedAt: list[datetime.datetime]
    """When it was calibrated; empty if the robot does not tell."""
    MarkedBad: bool
    """True if somebody marked it as bad."""


class OT2CalibrationProviderBase(ABC):
    """Says how the robot is calibrated. Calibrating is done at the robot with the application of its maker; this
    server reads the result about once a minute, and after the robot has been out of reach.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2CalibrationProvider/v1"

    DeckCalibration: ObservableProperty[DeckState]
    """The calibration of the deck."""

    PipetteOffsets: ObservableProperty[list[PipetteOffset]]
    """The calibrated positions of pipettes on their mounts. Those of pipettes that are not attached are listed too;
    the list may be empty.
    """

    TipLengths: ObservableProperty[list[TipLength]]
    """The calibrated lengths of tips. The list may be empty."""

    CalibrationRequirementsMet: ObservableProperty[bool]
    """True if the deck is calibrated and every attached pipette has a calibrated offset and tip length, none of them
    marked as bad. It is false until the robot has answered for the first time.
    """
