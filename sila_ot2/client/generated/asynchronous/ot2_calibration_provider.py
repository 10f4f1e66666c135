"""The feature OT2CalibrationProvider for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_calibration_provider import (
    CALIBRATION_REQUIREMENTS_MET,
    DECK_CALIBRATION,
    PIPETTE_OFFSETS,
    TIP_LENGTHS,
    DeckState,
    PipetteOffset,
    TipLength,
)


class AsyncOT2CalibrationProvider(Feature[AsyncLink]):
    """Reports how the robot is calibrated. A person calibrates the robot with the Opentrons App; this server reads the
    result about once a minute, and after the robot was unreachable.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2CalibrationProvider/v1"

    @property
    def deck_calibration(self) -> AsyncObservableProperty[DeckState]:
        """The calibration of the deck."""
        return AsyncObservableProperty(self._link, DECK_CALIBRATION)

    @property
    def pipette_offsets(self) -> AsyncObservableProperty[list[PipetteOffset]]:
        """The calibrated positions of pipettes on their mounts. Pipettes that are not attached are listed too; the
        list may be empty.
        """
        return AsyncObservableProperty(self._link, PIPETTE_OFFSETS)

    @property
    def tip_lengths(self) -> AsyncObservableProperty[list[TipLength]]:
        """The calibrated lengths of tips. The list may be empty."""
        return AsyncObservableProperty(self._link, TIP_LENGTHS)

    @property
    def calibration_requirements_met(self) -> AsyncObservableProperty[bool]:
        """True if the deck is calibrated and every attached pipette has a calibrated offset and tip length, none of
        them marked as bad. It is false until the robot has answered for the first time.
        """
        return AsyncObservableProperty(self._link, CALIBRATION_REQUIREMENTS_MET)
