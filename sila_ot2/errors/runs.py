"""Errors about runs, and about recoverable errors in them."""

from __future__ import annotations

from sila_ot2.errors.kinds import ActionFailed, RobotRefused


class RunNotFound(RobotRefused):
    """The robot has no such run, or none is current."""


class RunActionNotAllowed(RobotRefused):
    """The run's state does not allow the action; the message names the state."""


class RunStillActive(RobotRefused):
    """The run is still active; stop it first, or use Force where it is offered."""


class CommandNotFound(RobotRefused):
    """The run has no such command."""


class RunFailed(ActionFailed):
    """The run ended as failed; the robot's own error is in the message."""


class RunStopped(ActionFailed):
    """The run was stopped, by a client of this server or by another."""


class StopTimedOut(ActionFailed):
    """The robot accepted the stop but did not settle in the given time; it may still be moving."""


class InvalidCommandExecutionUUID(RobotRefused):
    """The command execution has no recoverable error now. Nothing was done."""


class UnknownContinuationOption(RobotRefused):
    """The recoverable error has no such option; the message lists those that it has. Nothing was done."""
