"""Requests that end what is on the robot: each names it, and its answer only confirms that it was carried out."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from sila_ot2.errors import RunNotFound
from sila_ot2.robot.client import RobotClient


class _ByIdentifier(BaseModel):
    """A request whose answer only confirms that it was carried out: its outcome is the identifier that it names."""

    model_config = ConfigDict(frozen=True)
    fault_is_refusal: ClassVar[bool] = False
    stops: ClassVar[bool] = False
    starts: ClassVar[bool] = False
    moves: ClassVar[bool] = False
    clears: ClassVar[bool] = False

    @staticmethod
    def subject_of(answer: str) -> str:
        """What the request brought about."""
        return answer


class UncurrentRequest(_ByIdentifier):
    """PATCH /runs/{run_id} current: false."""

    clears: ClassVar[bool] = True
    kind: Literal["uncurrent"] = "uncurrent"
    run_id: str

    def __str__(self) -> str:
        return f"releasing run {self.run_id}"

    def send(self, robot: RobotClient) -> str:
        """Send it, once."""
        robot.uncurrent_run(self.run_id)
        return self.run_id

    def find(self, robot: RobotClient) -> str | None:
        """Done if the run is not current, whether it was found (a half-created one is not) or not."""
        return None if robot.current_run_id() == self.run_id else self.run_id


class DeleteRunRequest(_ByIdentifier):
    """DELETE /runs/{run_id}."""

    clears: ClassVar[bool] = True
    kind: Literal["delete_run"] = "delete_run"
    run_id: str

    def __str__(self) -> str:
        return f"deleting run {self.run_id}"

    def send(self, robot: RobotClient) -> str:
        """Send it, once."""
        robot.delete_run(self.run_id)
        return self.run_id

    def find(self, robot: RobotClient) -> str | None:
        """Done if the robot does not know the run."""
        try:
            robot.run(self.run_id)
        except RunNotFound:
            return self.run_id
        return None


class EndMaintenanceRunRequest(_ByIdentifier):
    """DELETE /maintenance_runs/{run_id}."""

    kind: Literal["end_maintenance_run"] = "end_maintenance_run"
    run_id: str

    def __str__(self) -> str:
        return f"ending maintenance run {self.run_id}"

    def send(self, robot: RobotClient) -> str:
        """Send it, once."""
        robot.delete_maintenance_run(self.run_id)
        return self.run_id

    def find(self, robot: RobotClient) -> str | None:
        """Done if it is not the current maintenance run."""
        current = robot.maintenance_run()
        return None if current is not None and current.id == self.run_id else self.run_id


class EndCalibrationSessionRequest(_ByIdentifier):
    """DELETE /sessions/{session_id}."""

    kind: Literal["end_calibration_session"] = "end_calibration_session"
    session_id: str

    def __str__(self) -> str:
        return f"ending calibration session {self.session_id}"

    def send(self, robot: RobotClient) -> str:
        """Send it, once."""
        robot.delete_calibration_session(self.session_id)
        return self.session_id

    def find(self, robot: RobotClient) -> str | None:
        """Done if the robot does not list it."""
        return None if any(one.id == self.session_id for one in robot.calibration_sessions()) else self.session_id
