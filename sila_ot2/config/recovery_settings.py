"""Settings of the recovery from errors."""

from __future__ import annotations

from pydantic import Field

from sila_ot2.config.group import Group


class ErrorRecoverySettings(Group):
    """Errors that clients can remedy while the command waits (ErrorRecoveryService)."""

    hold_commands: bool = Field(
        False,
        description="Let commands of liquid handling, worklists, runs and StartRun wait for a client's answer when "
        "they are refused for tips, the door or an unsettled state, or when a step did not reach the robot. If not, "
        "they end with the error at once.",
    )
