"""The feature OT2InformationProvider."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.monitor.machine import Machine
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.driver.protocols.library import api_level_text
from sila_ot2.generated.ot2_information_provider import Ability, OT2InformationProviderBase
from sila_ot2.robot.releases import AbilityReport, release_of
from sila_ot2.sila import ObservableProperty


class OT2InformationProvider(OT2InformationProviderBase):
    """What /health says, as texts, and what the robot offers."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, state: Observable[RobotState]) -> None:
        self.RobotName = ObservableProperty("")
        self.SerialNumber = ObservableProperty("")
        self.RobotModel = ObservableProperty("")
        self.SoftwareVersion = ObservableProperty("")
        self.SoftwareTested = ObservableProperty(True)
        self.SystemVersion = ObservableProperty("")
        self.FirmwareVersion = ObservableProperty("")
        self.BoardRevision = ObservableProperty("")
        self.MinimumProtocolLevel = ObservableProperty("")
        self.MaximumProtocolLevel = ObservableProperty("")
        self.Abilities: ObservableProperty[list[Ability]] = ObservableProperty([])
        state.derive(lambda state: state.machine).subscribe(self._show)

    def _show(self, machine: Machine) -> None:
        if machine.health is None:
            return
        health = machine.health.value
        self.RobotName.set(health.name)
        self.SerialNumber.set(health.robot_serial or "")
        self.RobotModel.set(health.robot_model or "")
        self.SoftwareVersion.set(health.api_version)
        self.SoftwareTested.set(not release_of(health.api_version, firmware=health.fw_version).newer_than_tested)
        self.SystemVersion.set(health.system_version)
        self.FirmwareVersion.set(health.fw_version)
        self.BoardRevision.set(health.board_revision)
        self.MinimumProtocolLevel.set(api_level_text(health.minimum_protocol_api_version))
        self.MaximumProtocolLevel.set(api_level_text(health.maximum_protocol_api_version))
        self.Abilities.set([_row(report) for report in machine.abilities])


def _row(report: AbilityReport) -> Ability:
    return Ability(
        Description=report.ability.description,
        Present=report.present,
        Source="Robot" if report.is_found else "Release",
        Reason=report.reason,
    )
