"""How the robot is calibrated, in one shape for all releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.wire.base import Time

_TIME: TypeAdapter[datetime] = TypeAdapter(Time)


class DeckCalibration(str, Enum):
    """The state of the deck's calibration."""

    CALIBRATED = "Calibrated"
    NOT_CALIBRATED = "NotCalibrated"
    MARKED_BAD = "MarkedBad"
    UNUSABLE = "Unusable"
    UNKNOWN = "Unknown"


_DECK_CALIBRATIONS = {
    "OK": DeckCalibration.CALIBRATED,
    "IDENTITY": DeckCalibration.NOT_CALIBRATED,
    "BAD_CALIBRATION": DeckCalibration.MARKED_BAD,
    "SINGULARITY": DeckCalibration.UNUSABLE,
}


@dataclass(frozen=True)
class Calibration:
    """The calibration of deck, pipettes and tips."""

    deck_reported: str
    """The robot's own term for the state of the deck's calibration."""
    deck_modified_at: datetime | None
    pipette_offsets: tuple[wire.PipetteOffset, ...]
    tip_lengths: tuple[wire.TipLength, ...]

    @property
    def deck(self) -> DeckCalibration:
        """The state of the deck's calibration."""
        return _DECK_CALIBRATIONS.get(self.deck_reported, DeckCalibration.UNKNOWN)

    def offset_of(self, pipette: wire.Instrument) -> bool:
        """Return whether the pipette's position on its mount is calibrated, and not marked as bad."""
        return any(
            (offset.mount, offset.pipette) == (pipette.mount, pipette.serial_number) and not is_marked_bad(offset)
            for offset in self.pipette_offsets
        )

    def tip_length_of(self, pipette: wire.Instrument) -> bool:
        """Return whether any type of tip is calibrated for the pipette, and not marked as bad."""
        return any(length.pipette == pipette.serial_number and not is_marked_bad(length) for length in self.tip_lengths)

    def suffices_for(self, pipettes: Iterable[wire.Instrument]) -> bool:
        """Return whether deck and pipettes are calibrated."""
        return self.deck is DeckCalibration.CALIBRATED and all(
            self.offset_of(pipette) and self.tip_length_of(pipette) for pipette in pipettes
        )


def read_calibration(robot: RobotClient) -> Calibration:
    """Ask the robot, with three requests.

    Raises:
        RobotUnreachable: the robot does not answer.
    """
    status = robot.calibration_status().deck_calibration
    data = status.get("data")
    return Calibration(
        deck_reported=str(status.get("status") or ""),
        deck_modified_at=_time(data.get("lastModified")) if isinstance(data, Mapping) else None,
        pipette_offsets=robot.pipette_offsets(),
        tip_lengths=robot.tip_lengths(),
    )


def is_marked_bad(calibrated: wire.PipetteOffset | wire.TipLength) -> bool:
    """Return whether somebody marked a calibration as bad."""
    return bool(calibrated.status.get("markedBad"))


def _time(text: Any) -> datetime | None:
    try:
        return _TIME.validate_python(text)
    except ValidationError:
        return None
