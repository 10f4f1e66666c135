"""The feature OT2CalibrationProvider."""

from __future__ import annotations

import datetime
from typing import ClassVar

from sila_ot2.driver.monitor.calibration import Calibration, is_marked_bad
from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_calibration_provider import DeckState, OT2CalibrationProviderBase, PipetteOffset, TipLength
from sila_ot2.sila import ObservableProperty


class OT2CalibrationProvider(OT2CalibrationProviderBase):
    """Deck, pipettes and tips."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, state: Observable[RobotState]) -> None:
        self.DeckCalibration = ObservableProperty(DeckState(State="Unknown", ModifiedAt=[]))
        self.PipetteOffsets: ObservableProperty[list[PipetteOffset]] = ObservableProperty([])
        self.TipLengths: ObservableProperty[list[TipLength]] = ObservableProperty([])
        self.CalibrationRequirementsMet = ObservableProperty(False)
        state.derive(lambda state: state.machine).subscribe(self._show)

    def _show(self, machine: Machine) -> None:
        if machine.calibration is None:
            return
        calibration = machine.calibration.value
        self.DeckCalibration.set(DeckState(calibration.deck.value, _time(calibration.deck_modified_at)))
        self.PipetteOffsets.set(_pipette_offsets(calibration))
        self.TipLengths.set(_tip_lengths(calibration))
        self.CalibrationRequirementsMet.set(calibration.suffices_for(machine.attached_pipettes))


def _pipette_offsets(calibration: Calibration) -> list[PipetteOffset]:
    return [
        PipetteOffset(
            Mount=offset.mount,
            SerialNumber=offset.pipette,
            OffsetX=offset.offset[0],
            OffsetY=offset.offset[1],
            OffsetZ=offset.offset[2],
            ModifiedAt=_time(offset.last_modified),
            MarkedBad=is_marked_bad(offset),
        )
        for offset in calibration.pipette_offsets
    ]


def _tip_lengths(calibration: Calibration) -> list[TipLength]:
    return [
        TipLength(
            SerialNumber=length.pipette,
            DefinitionUri=length.uri or "",
            Length=length.tip_length,
            ModifiedAt=_time(length.last_modified),
            MarkedBad=is_marked_bad(length),
        )
        for length in calibration.tip_lengths
    ]


def _time(at: datetime.datetime | None) -> list[datetime.datetime]:
    """Return none or one."""
    return [] if at is None else [at]
