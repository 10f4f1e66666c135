"""Errors about modules."""

from __future__ import annotations

from sila_ot2.errors.kinds import ActionFailed, RobotRefused


class ModuleMissing(RobotRefused):
    """The module is not attached, or switched off. Nothing moved."""


class ModuleAmbiguous(RobotRefused):
    """Several modules of the kind are attached, and none was named; the message lists their serial numbers."""


class ModuleNotLoaded(RobotRefused):
    """The module is not loaded in the open session; load it first. Nothing moved."""


class ModuleBusy(RobotRefused):
    """Another command of this server controls the module. Nothing was sent."""


class ModuleDisconnected(ActionFailed):
    """The module is no longer attached, or is switched off; the message states what it reported last."""


class ModuleFailed(ActionFailed):
    """The module reports an error, or has not done what it was asked for."""


class TargetOutOfRange(RobotRefused):
    """The module cannot reach the target; the message states its range. Nothing was sent."""


class TargetNotSet(RobotRefused):
    """The module has no target to wait for; set one first."""


class TargetChanged(ActionFailed):
    """The target that was waited for was changed or removed meanwhile; the message states the new one."""


class WaitTimedOut(ActionFailed):
    """The target was not reached in the given time; the message states how far the module is. It goes on."""
