"""What the robot announces over MQTT: that something changed and is to be fetched again.

Topics and payloads: robot-server 8.1.0, recorded (mqtt-*). Nothing is announced for door, lights, protocols and
stateless commands.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from opentrons.protocol_runner import RunOrchestrator

from sila_ot2.simulator.release import SimulatedRelease

REFETCH = json.dumps({"refetch": True})
UNSUBSCRIBE = json.dumps({"unsubscribe": True})

Publish = Callable[[str, str], None]


class SimulatedNotifications:
    """Publishes changes through the broker, if there is one."""

    def __init__(self, release: SimulatedRelease) -> None:
        self._release = release
        self.publish: Publish = lambda topic, payload: None

    def _refetch(self, topic: str) -> None:
        self.publish(f"robot-server/{topic}", REFETCH)

    def _unsubscribe(self, topic: str) -> None:
        self.publish(f"robot-server/{topic}", UNSUBSCRIBE)

    def run_changed(self, run_id: str) -> None:
        """A run was created or its status changed."""
        self._refetch("runs")
        self._refetch(f"runs/{run_id}")

    def command_changed(self) -> None:
        """Another command is the current one."""
        self._refetch(self._release.topic_of_commands)

    def run_finished(self, run_id: str) -> None:
        """A run is over and its commands can be had in one go."""
        self._refetch("runs")
        self._refetch(f"runs/pre_serialized_commands/{run_id}")
        self._refetch(f"runs/{run_id}")

    def run_cleared(self, run_id: str) -> None:
        """A run is no longer current."""
        self._refetch(f"runs/pre_serialized_commands/{run_id}")
        self.command_changed()
        self.run_changed(run_id)

    def run_deleted(self, run_id: str) -> None:
        """A run is gone."""
        self.run_changed(run_id)
        self._unsubscribe(f"runs/{run_id}")
        self._unsubscribe(self._release.topic_of_commands)
        self._unsubscribe(f"runs/pre_serialized_commands/{run_id}")

    def maintenance_run_changed(self) -> None:
        """Another maintenance run is current, or none, or its status changed."""
        self._refetch("maintenance_runs/current_run")

    def client_data_changed(self, key: str) -> None:
        """Somebody put or deleted client data."""
        self._refetch(f"clientData/{key}")

    def labware_offsets_changed(self) -> None:
        """Labware offsets were kept or forgotten."""
        self._refetch("labwareOffsets")

    def camera_changed(self) -> None:
        """The use of the camera was allowed or forbidden."""
        self._refetch("camera")

    def pictures_changed(self, run_id: str) -> None:
        """A run has more pictures, or none any more."""
        self._refetch(f"dataFiles/{run_id}/images")


class RunObserver:
    """Watches one run's engine for changes worth announcing."""

    def __init__(self, run_id: str, notifications: SimulatedNotifications) -> None:
        self._run_id = run_id
        self._notifications = notifications
        self._status: Any = None
        self._command_id: str | None = None
        self.orchestrator: RunOrchestrator | None = None

    def engine_changed(self) -> None:
        """Compare the engine's state with what was announced last."""
        if self.orchestrator is None:
            return
        command = self.orchestrator.get_current_command()
        command_id = command.command_id if command is not None else None
        if command_id != self._command_id:
            self._command_id = command_id
            self._notifications.command_changed()
        status = self.orchestrator.get_run_status()
        if status != self._status:
            first = self._status is None
            self._status = status
            if not first:
                self._notifications.run_changed(self._run_id)
