"""Requests about the robot itself: its motors, its clock, its settings."""

from __future__ import annotations

from datetime import datetime, timezone

from pydantic import AwareDatetime, TypeAdapter

from sila_ot2.errors import RobotRefused, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.transport import Request

AXES = ("x", "y", "z", "a", "b", "c")
"""Gantry, the two mounts and the two plungers, as every release names them."""


class _Motor(wire.Wire):
    enabled: bool


class _SystemTimeAnswer(wire.Wire):
    system_time: AwareDatetime


class _UpdateServer(wire.Wire):
    boot_id: str
    capabilities: dict[str, str]


_NO_RESTART = "This robot does not offer to be restarted by others."
_RESTART_BY_HAND = "Restart it in the Opentrons App, or switch it off and on."
_MOTORS = TypeAdapter(dict[str, _Motor | None])


class MaintenanceRequests(Conversation):
    """What a robot of any release is asked beside its work."""

    def settings(self) -> tuple[wire.Setting, ...]:
        """List the robot's advanced settings; a value of None means its default, which is off on the OT-2."""
        return self.transport.read(wire.SettingList, self.get("/settings", "list its settings"), unwrap=False).settings

    def change_setting(self, setting_id: str, *, value: bool) -> tuple[wire.Setting, ...]:
        """Change an advanced setting; returns all settings as they are then. Twice is the same as once."""
        what = f"change its setting {setting_id}"
        body = {"id": setting_id, "value": value}
        request = Request("POST", "/settings", what, self.transport.timeouts.change_s, json=body)
        return self.transport.read(wire.SettingList, request, unwrap=False).settings

    def system_time(self) -> datetime:
        """Return what the robot's clock says."""
        return self.transport.read(_SystemTimeAnswer, self.get("/system/time", "tell the time")).system_time

    def set_system_time(self, now: datetime) -> datetime:
        """Set the robot's clock; returns what it says then."""
        body = {"data": {"systemTime": now.astimezone(timezone.utc).isoformat()}}
        request = Request("PUT", "/system/time", "set its clock", self.transport.timeouts.change_s, json=body)
        return self.transport.read(_SystemTimeAnswer, request).system_time

    def engaged_motors(self) -> frozenset[str]:
        """Return the axes whose motors hold their position, as the robot names them."""
        motors = self.transport.read(_MOTORS, self.get("/motors/engaged", "list its motors"), unwrap=False)
        return frozenset(axis for axis, motor in motors.items() if motor is not None and motor.enabled)

    def disengage_motors(self) -> None:
        """Switch all motors off. The robot does not refuse this during a run."""
        request = Request(
            "POST",
            "/motors/disengage",
            "switch its motors off",
            self.transport.timeouts.change_s,
            json={"axes": list(AXES)},
        )
        self.transport.send(request)

    def boot_id(self) -> str:
        """Return the robot's boot ID, another one after each restart of its computer.

        The robot's update server answers, which is a program of its own (its public sources, 4.0 to 8.2).

        Raises:
            UnsupportedByRobot: the robot does not offer to restart, or does not say when it has started.
            RobotUnreachable: it does not answer, or is starting.
        """
        request = self.get("/server/update/health", "report what its update server can do")
        try:
            found = self.transport.read(_UpdateServer, request, unwrap=False)
        except RobotRefused as refused:
            raise UnsupportedByRobot.of(refused, before=_NO_RESTART, remedy=_RESTART_BY_HAND) from refused
        if "restart" not in found.capabilities:
            raise UnsupportedByRobot(_NO_RESTART, _RESTART_BY_HAND)
        return found.boot_id

    def restart(self) -> None:
        """Restart the robot's computer; it answers before it does it, and neither looks for runs nor for tips."""
        timeout_s = self.transport.timeouts.change_s
        self.transport.send(Request("POST", "/server/restart", "restart", timeout_s, json={}))
