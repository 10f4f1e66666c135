"""Errors about single commands, worklists, and the session in which they run."""

from __future__ import annotations

from sila_ot2.errors.kinds import ActionFailed, RobotRefused


class TurnTaken(RobotRefused):
    """Another command of this server holds the turn; reaches the client as CommandExecutionNotAccepted."""


class SessionActive(RobotRefused):
    """A session is open; close it first."""


class SessionLost(RobotRefused):
    """The session's run was displaced by another client, named in the message."""


class NotReconciled(RobotRefused):
    """An earlier outcome is unknown; look at the robot and call ReconcileState first."""


class InvalidCommandSequence(RobotRefused):
    """The standard's only error of hand-overs: what was asked does not fit what is so now; the message says why."""


class WorklistInvalid(RobotRefused):
    """The worklist has an error; the message names line and column."""


class RawCommandInvalid(RobotRefused):
    """The raw command does not fit the robot's schema of commands."""


class CommandNotAllowed(RobotRefused):
    """Raw commands are not allowed by the configuration, or this one would wedge the robot."""


class CommandFailed(ActionFailed):
    """The robot began the command and could not finish it; its own text is in the message."""


class CommandCancelled(ActionFailed):
    """The command was cancelled; the message says what had been done until then."""
