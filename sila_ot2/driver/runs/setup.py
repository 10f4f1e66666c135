"""Sets runs of protocols up: checks, prepares, creates and records each, and gives it up if that fails."""

from __future__ import annotations

import contextlib

from sila_ot2.cancellation import Cancellation
from sila_ot2.driver.ownership.ownership import Ownership
from sila_ot2.driver.runs.creation import RunCreation
from sila_ot2.driver.runs.preparation import RunPreparation
from sila_ot2.driver.runs.readiness import RunReadiness
from sila_ot2.driver.runs.removal import RunRemoval
from sila_ot2.driver.runs.specification import RunSpecification
from sila_ot2.driver.tracking.left_behind.tips_left_behind import TipsLeftBehind
from sila_ot2.driver.tracking.origins import SERVER_VERSION
from sila_ot2.driver.tracking.registry import RunRegistry
from sila_ot2.errors import CommandCancelled, Movement, OT2Fault
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.store.runs import RunStart


class ProtocolRunSetup:
    """One per robot. Callers hold the turn. Nothing here moves the robot."""

    def __init__(
        self,
        robot: RobotClient,
        ownership: Ownership,
        registry: RunRegistry,
        tips_left_behind: TipsLeftBehind,
        preparation: RunPreparation,
        readiness: RunReadiness,
        creation: RunCreation,
        removal: RunRemoval,
    ) -> None:
        self._robot = robot
        self._ownership = ownership
        self._registry = registry
        self._tips_left_behind = tips_left_behind
        self._preparation = preparation
        self._readiness = readiness
        self._creation = creation
        self._removal = removal

    def create(self, specification: RunSpecification, cancelled: Cancellation | None) -> str:
        """Create a run of a protocol and make it the current one; returns its id.

        Raises:
            OT2Fault: as `Runs.create`.
        """
        self._preparation.require_protocol(specification)
        self._readiness.require_free()
        checked = self._preparation.check(specification, cancelled)
        self._readiness.require_equipment(checked.analysis)
        if cancelled is not None and cancelled.is_set():
            raise CommandCancelled("Cancelled before the run was created.", moved=Movement.NONE)
        prepared, run = self._creation.prepare_and_create(
            specification, checked, lambda: self._preparation.prepare(checked, cancelled)
        )
        start = RunStart(
            run_id=run.id,
            origin="ThisServer",
            purpose="protocol",
            created_at=run.created_at,
            protocol_identifier=specification.protocol_identifier,
            robot_protocol_id=prepared.robot_protocol_id,
            protocol_name=checked.protocol_name,
            label=specification.label,
            parameter_values=dict(checked.specification.parameters.values),
            parameter_files=dict(checked.specification.parameters.files),
            offsets=prepared.offsets.applied,
            left_out_offsets=prepared.offsets.left_out,
            robot_software=self._robot.release.name,
            server_version=SERVER_VERSION,
        )
        self._tips_left_behind.open(run.id)
        try:
            self._registry.open(run, start, prepared.steps)
            self._ownership.note_run(run)
            self._tips_left_behind.examine()  # the run that gave way has ended only now
            self._tips_left_behind.require_no_doubt()
        except OT2Fault:
            with contextlib.suppress(OT2Fault):  # if it stays, the owner says so
                self._removal.give_up(run.id)
            raise
        if cancelled is not None and cancelled.is_set():
            self._removal.give_up(run.id)
            raise CommandCancelled(f"Cancelled; run {run.id}, created by then, was given up.", moved=Movement.NONE)
        return run.id

    def needs_of(self, run_id: str) -> wire.Analysis | None:
        """Return the analysis of a run that was created here, as far as it is kept."""
        return self._preparation.analysis_of(self._registry.view(run_id).start)
