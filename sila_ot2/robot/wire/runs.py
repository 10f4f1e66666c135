"""Answers about runs and their actions, and about what the Opentrons App does."""

from __future__ import annotations

from typing import NamedTuple

from sila_ot2.robot.wire.base import RobotId, Time, Wire
from sila_ot2.robot.wire.commands import ErrorOccurrence
from sila_ot2.robot.wire.protocols import (
    LabwareOffset,
    Liquid,
    LoadedLabware,
    LoadedModule,
    LoadedPipette,
    RunTimeParameter,
)

ENDED_COMMAND_STATUSES = frozenset({"succeeded", "failed"})
ENDED_RUN_STATUSES = frozenset({"stopped", "failed", "succeeded"})
"""Run statuses that no run leaves; every other one, also one we have never seen, counts as active but `idle`."""


class RunAction(Wire):
    """A play, pause or stop the robot has accepted; it says nothing about whether it has happened."""

    id: RobotId
    action_type: str
    created_at: Time | None = None


class Run(Wire):
    """A run. Lists of release 5.0 hold runs with id, status, time, current and protocol only."""

    id: RobotId
    status: str
    created_at: Time
    current: bool = False
    protocol_id: str | None = None
    started_at: Time | None = None
    completed_at: Time | None = None
    ok: bool = True
    """False: the robot has kept no record of what happened in the run (7.0 and later, after a restart)."""
    actions: tuple[RunAction, ...] = ()
    errors: tuple[ErrorOccurrence, ...] = ()
    pipettes: tuple[LoadedPipette, ...] = ()
    labware: tuple[LoadedLabware, ...] = ()
    modules: tuple[LoadedModule, ...] = ()
    liquids: tuple[Liquid, ...] = ()
    labware_offsets: tuple[LabwareOffset, ...] = ()
    run_time_parameters: tuple[RunTimeParameter, ...] = ()


class MaintenanceRun(Wire):
    """A maintenance run: what the Opentrons App creates for calibration and the set-up of modules (7.0 and later)."""

    id: str
    created_at: Time
    pipettes: tuple[LoadedPipette, ...] = ()


class CalibrationSession(Wire):
    """A session of the App's pipette or deck calibration."""

    id: str
    session_type: str = ""


class RunList(NamedTuple):
    """The runs the robot keeps, oldest first, and which of them is current."""

    runs: tuple[Run, ...]
    current_id: str | None
