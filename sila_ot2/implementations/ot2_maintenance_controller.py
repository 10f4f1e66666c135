"""The feature OT2MaintenanceController."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.labware_transfer.parking import GantryParking
from sila_ot2.driver.maintenance.maintenance import RobotMaintenance
from sila_ot2.driver.maintenance.restart import RobotRestart
from sila_ot2.generated.ot2_maintenance_controller import OT2MaintenanceControllerBase, Setting
from sila_ot2.robot import wire
from sila_ot2.sila import Call, Execution, ObservableProperty


class OT2MaintenanceController(OT2MaintenanceControllerBase):
    """Motors, clock, settings, parking and restart of the robot."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset(
        {"DisengageMotors", "ParkGantry", "SynchronizeClock", "ChangeSetting", "RestartRobot"}
    )
    UNLOCKED: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, maintenance: RobotMaintenance, parking: GantryParking, restart: RobotRestart) -> None:
        self._maintenance = maintenance
        self._parking = parking
        self._restart = restart
        self.Settings: ObservableProperty[list[Setting]] = ObservableProperty([])
        maintenance.settings.subscribe(self._show)

    def DisengageMotors(self, *, execution: Execution) -> None:
        """Switch the motors off."""
        self._maintenance.disengage_motors(execution.cancelled)

    def ParkGantry(self, Place: str, *, execution: Execution) -> None:
        """Park the gantry at home or over the front of the deck."""
        self._parking.park("ParkGantry", in_front=Place == "Front", cancelled=execution.cancelled)

    def SynchronizeClock(self, *, call: Call) -> float:
        """Set the robot's clock."""
        return self._maintenance.synchronize_clock().total_seconds()

    def ChangeSetting(self, SettingIdentifier: str, Value: bool, *, call: Call) -> bool:
        """Change a setting."""
        return self._maintenance.change_setting(SettingIdentifier, value=Value).restart_required

    def RestartRobot(self, *, execution: Execution) -> None:
        """Restart the robot, and wait until it is back."""
        self._restart.restart(cancelled=execution.cancelled, report=execution.report)

    def _show(self, settings: tuple[wire.Setting, ...]) -> None:
        self.Settings.set([self._row(setting) for setting in settings])

    def _row(self, setting: wire.Setting) -> Setting:
        return Setting(
            SettingIdentifier=setting.id,
            Title=setting.title,
            Value=bool(setting.value),
            RestartRequired=setting.restart_required,
            Changeable=setting.id in self._maintenance.changeable,
        )
