"""The feature OT2PipetteProvider."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.generated.ot2_pipette_provider import AttachedPipette, OT2PipetteProviderBase
from sila_ot2.robot import wire
from sila_ot2.sila import ObservableProperty


class OT2PipetteProvider(OT2PipetteProviderBase):
    """The attached pipettes with their calibration."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, state: Observable[RobotState]) -> None:
        self.AttachedPipettes: ObservableProperty[list[AttachedPipette]] = ObservableProperty([])
        state.derive(lambda state: state.machine).subscribe(self._show)

    def _show(self, machine: Machine) -> None:
        self.AttachedPipettes.set([_row(pipette, machine) for pipette in machine.attached_pipettes])


def _row(pipette: wire.Instrument, machine: Machine) -> AttachedPipette:
    calibration = machine.calibration.value if machine.calibration else None
    return AttachedPipette(
        Mount=pipette.mount,
        Name=pipette.instrument_name,
        Model=pipette.instrument_model,
        SerialNumber=pipette.serial_number,
        Channels=pipette.channels or 1,
        MinimumVolume=pipette.min_volume_ul or 0.0,
        MaximumVolume=pipette.max_volume_ul or 0.0,
        OffsetCalibrated=calibration is not None and calibration.offset_of(pipette),
        TipLengthCalibrated=calibration is not None and calibration.tip_length_of(pipette),
    )
