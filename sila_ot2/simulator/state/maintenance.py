"""Maintenance runs: a second, protocol-less run beside the protocol runs; nothing of it is kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from opentrons.protocol_engine.types import LegacyLabwareOffsetCreate, PostRunHardwareState
from opentrons.protocol_runner import RunOrchestrator

from sila_ot2.simulator.errors import JsonObject, refusal
from sila_ot2.simulator.events.notifications import SimulatedNotifications
from sila_ot2.simulator.machine.clock import Clock, timestamp
from sila_ot2.simulator.machine.engine import EngineFactory, to_json
from sila_ot2.simulator.state.run import SUMMARY_KEYS


@dataclass
class SimulatedMaintenanceRun:
    """The current maintenance run."""

    id: str
    created_at: str
    orchestrator: RunOrchestrator

    def body(self) -> JsonObject:
        """The run as the robot shows it."""
        summary = to_json(self.orchestrator.get_state_summary())
        return {
            "id": self.id,
            "createdAt": self.created_at,
            "status": summary["status"],
            "current": True,
            "actions": [],
            **{key: summary[key] for key in SUMMARY_KEYS},
        }


class MaintenanceRunConflict(Exception):
    """The robot's own error, in which its name and module path are part of the text."""

    __module__ = "robot_server.maintenance_runs.maintenance_run_orchestrator_store"


MaintenanceRunConflict.__name__ = MaintenanceRunConflict.__qualname__ = "RunConflictError"


class Maintenance:
    """At most one maintenance run. It has no run in ``/runs``, and neither excludes the other (recorded: maint_*)."""

    def __init__(self, clock: Clock, engines: EngineFactory, notifications: SimulatedNotifications) -> None:
        self._clock = clock
        self._engines = engines
        self._notifications = notifications
        self.run: SimulatedMaintenanceRun | None = None

    async def create(self, offsets: list[LegacyLabwareOffsetCreate]) -> SimulatedMaintenanceRun:
        """Make a new one in place of the one before.

        Raises:
            MaintenanceRunConflict: a command is being executed in the one before it.
        """
        self.require_idle()
        await self.clear()
        run_id = str(uuid.uuid4())
        orchestrator = await self._engines.for_run(run_id, None, block_on_door_open=False, on_change=lambda: None)
        for offset in offsets:
            orchestrator.add_labware_offset(offset)
        self.run = SimulatedMaintenanceRun(run_id, timestamp(self._clock.now()), orchestrator)
        self._notifications.maintenance_run_changed()
        return self.run

    def get(self, run_id: str) -> SimulatedMaintenanceRun:
        """The current one, if that is its id.

        Raises:
            Problem: it is not.
        """
        return self._found(run_id, f"Run {run_id} was not found.")

    def taking_commands(self, run_id: str) -> SimulatedMaintenanceRun:
        """The current one, if that is its id and a command is for it.

        Raises:
            Problem: it is not.
        """
        return self._found(run_id, f"Run {run_id} not found. Note that only one maintenance run can exist at a time.")

    def _found(self, run_id: str, otherwise: str) -> SimulatedMaintenanceRun:
        if self.run is None or self.run.id != run_id:
            raise refusal(404, "RunNotFound", "Run Not Found", otherwise)
        return self.run

    async def delete(self, run_id: str) -> None:
        """End the current one.

        Raises:
            Problem: it is another one, or a command is being executed in it.
        """
        if not self.get(run_id).orchestrator.get_is_okay_to_clear():
            raise refusal(409, "RunNotIdle", "Run is not idle.", _ACTIVE)
        await self.clear()

    def require_idle(self) -> None:
        """Return if something else may take the place of the current one.

        Raises:
            MaintenanceRunConflict: a command is being executed in it; the robot answers 500.
        """
        if self.run is not None and not self.run.orchestrator.get_is_okay_to_clear():
            raise MaintenanceRunConflict("Current run is not idle or stopped.")

    async def clear(self) -> None:
        """End the current one, if there is one, also if it is active."""
        if self.run is None:
            self._notifications.maintenance_run_changed()
            return
        orchestrator = self.run.orchestrator
        self.run = None
        await orchestrator.finish(
            drop_tips_after_run=False,
            set_run_status=False,
            post_run_hardware_state=PostRunHardwareState.STAY_ENGAGED_IN_PLACE,
        )
        self._notifications.maintenance_run_changed()


_ACTIVE = (
    "Run is currently active. Allow the run to finish or stop it with a `stop` action before attempting to modify it."
)
