"""Answers about commands, and how one has failed."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import Field

from sila_ot2.robot.wire.base import RobotId, Time, Wire


class ErrorOccurrence(Wire):
    """Why a command, run or analysis failed, in the robot's terms."""

    id: str = ""
    error_type: str = ""
    error_code: str | None = None
    """Four digits, from release 7.0 on."""
    detail: str = ""
    created_at: Time | None = None
    wrapped_errors: tuple[ErrorOccurrence, ...] = ()

    def root(self) -> ErrorOccurrence:
        """Return the innermost error that caused this one."""
        return self.wrapped_errors[0].root() if self.wrapped_errors else self


class Command(Wire):
    """A command of a run, an analysis, or without a run. Lists leave `result` out."""

    id: RobotId
    command_type: str
    status: str
    """queued, running, succeeded or failed."""
    key: str = ""
    created_at: Time | None = None
    started_at: Time | None = None
    completed_at: Time | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: ErrorOccurrence | None = None
    error_id: str | None = None
    """Release 5 names the error here and keeps its text in the run; the client fills `error` from there."""
    intent: str | None = None


class CommandLink(NamedTuple):
    """The command most recently started, also after the run's end."""

    command_id: str
    command_index: int
    key: str


class CommandPage(NamedTuple):
    """A stretch of a command list, oldest first."""

    commands: tuple[Command, ...]
    cursor: int
    """Index of the first command of the page; the robot clamps a cursor beyond the end."""
    total_length: int
    current: CommandLink | None
