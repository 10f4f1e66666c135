"""Requests about what the Opentrons App does beside the runs: maintenance runs and calibration sessions."""

from __future__ import annotations

from pydantic import TypeAdapter

from sila_ot2.errors import RunNotFound, UnsupportedByRobot
from sila_ot2.robot import wire
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.transport import Request

_SESSIONS = TypeAdapter(tuple[wire.CalibrationSession, ...])
_PROTOCOL_SESSIONS = frozenset({"protocol", "liveProtocol"})
"""Sessions of release 4 that are its runs."""


class AppRequests(Conversation):
    """Maintenance runs and calibration sessions: neither keeps a run from moving the robot, nor a run them."""

    def maintenance_run(self) -> wire.MaintenanceRun | None:
        """Return the current maintenance run, None if there is none; before release 7.0 there are none."""
        if not self.release.can(Ability.MAINTENANCE_RUNS):
            return None
        request = self.get("/maintenance_runs/current_run", "name its maintenance run")
        try:
            return self.transport.read(wire.MaintenanceRun, request)
        except (RunNotFound, UnsupportedByRobot):
            return None

    def delete_maintenance_run(self, run_id: str) -> None:
        """End a maintenance run; nothing moves.

        Raises:
            RunNotFound: it is not the current one.
            RunStillActive: one of its commands is being executed.
        """
        self.release.require(Ability.MAINTENANCE_RUNS)
        what = f"end maintenance run {run_id}"
        request = Request("DELETE", f"/maintenance_runs/{run_id}", what, self.transport.timeouts.change_s)
        self.transport.read(wire.Nothing, request, unwrap=False)

    def calibration_sessions(self) -> tuple[wire.CalibrationSession, ...]:
        """List the calibration sessions, oldest first."""
        try:
            sessions = self.transport.read(_SESSIONS, self.get("/sessions", "list its calibration sessions"))
        except UnsupportedByRobot:
            return ()
        return tuple(one for one in sessions if one.session_type not in _PROTOCOL_SESSIONS)

    def delete_calibration_session(self, session_id: str) -> None:
        """End a calibration session.

        Raises:
            RobotRejected: there is none of that id.
        """
        what = f"end calibration session {session_id}"
        request = Request("DELETE", f"/sessions/{session_id}", what, self.transport.timeouts.change_s)
        self.transport.read(wire.CalibrationSession, request)
