"""The words of AtomicLiquidHandling: between SiLA's types and the driver's."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import cast

from sila_ot2.driver.pipettes import Mount
from sila_ot2.driver.session_state import Outcome, SessionState
from sila_ot2.driver.wells import Origin, Point
from sila_ot2.generated.atomic_liquid_handling import CommandOutcome, CommandRecord, SessionSummary
from sila_ot2.robot import wire


def mount_of(mount: str) -> Mount:
    """Return the driver's mount; the feature's constraint lets no other word through."""
    return cast(Mount, mount)


def point_of(origin: str, x_mm: float, y_mm: float, z_mm: float) -> Point:
    """Return the point of a well."""
    return Point(cast(Origin, origin.lower()), x_mm, y_mm, z_mm)


def record_of(commands: Sequence[wire.Command]) -> CommandRecord:
    """Return when and as what the robot carried the commands out; the last one's name, from the first one's start."""
    now = datetime.datetime.now(datetime.timezone.utc)
    if not commands:
        return CommandRecord("", now, now)
    return CommandRecord(commands[-1].id, commands[0].started_at or now, commands[-1].completed_at or now)


def summary_of(state: SessionState | None) -> list[SessionSummary]:
    """Return the property Session."""
    if state is None:
        return []
    return [SessionSummary(state.phase.value, state.run_id, state.opened_at, state.displaced_by)]


def outcome_of(outcome: Outcome | None) -> list[CommandOutcome]:
    """Return the property LastCommand."""
    if outcome is None:
        return []
    return [
        CommandOutcome(
            outcome.name,
            outcome.command_id,
            outcome.word,
            outcome.started_at,
            [outcome.completed_at] if outcome.completed_at else [],
            outcome.error,
            outcome.detail,
        )
    ]
