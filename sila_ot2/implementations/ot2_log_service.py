"""The feature OT2LogService."""

from __future__ import annotations

from typing import ClassVar

from sila_ot2.driver.logs.diagnostics import Diagnostics
from sila_ot2.generated.ot2_log_service import OT2LogServiceBase
from sila_ot2.sila import Execution


class OT2LogService(OT2LogServiceBase):
    """Logs, and the bundle for a support case. Everything reads alone."""

    NEEDS_TURN: ClassVar[frozenset[str]] = frozenset()
    UNLOCKED: ClassVar[frozenset[str]] = frozenset({"RetrieveRobotLog", "RetrieveServerLog", "CreateDiagnosticsBundle"})

    def __init__(self, diagnostics: Diagnostics) -> None:
        self._diagnostics = diagnostics

    def RetrieveRobotLog(self, LogName: str, Records: int, *, execution: Execution) -> bytes:
        """Read a log of the robot."""
        return self._diagnostics.robot_log(LogName, Records, cancelled=execution.cancelled)

    def RetrieveServerLog(self, *, execution: Execution) -> bytes:
        """Read the log of this server."""
        return self._diagnostics.server_log(cancelled=execution.cancelled)

    def CreateDiagnosticsBundle(self, *, execution: Execution) -> bytes:
        """Put everything into one file."""
        return self._diagnostics.bundle(cancelled=execution.cancelled)
