"""Errors about the robot as a whole: its state, settings, camera, calibration and modes."""

from __future__ import annotations

from sila_ot2.errors.kinds import ActionFailed, RobotRefused


class RobotRejected(RobotRefused):
    """The robot rejected the request; its own error id, code and detail are in the message. Nothing moved."""


class RobotBusy(RobotRefused):
    """Somebody else holds the robot; the message names their run. Nothing moved."""


class UnsupportedByRobot(RobotRefused):
    """This robot's software release cannot do it; the message names the release that can. Nothing moved."""


class DoorOpen(RobotRefused):
    """The robot's door or top window is open and its safety setting is on. Nothing moved."""


class RobotChanged(RobotRefused):
    """Another robot answers at the address; the message names both serial numbers. Nothing moved."""


class SafetyStopActive(RobotRefused):
    """The safety stop is latched; release it first."""


class CalibrationMissing(RobotRefused):
    """A calibration that this server is configured to require has not been made. Nothing moved."""


class MotionFailed(ActionFailed):
    """The robot could not move as asked (hard limit, stall, homing); the gantry may stand anywhere. Home it."""


class RobotRestarted(ActionFailed):
    """The robot restarted while the run was active; the message names the last step seen. Tip state is unknown."""


class SettingNotAllowed(RobotRefused):
    """This server may not change this setting of the robot. Nothing was sent."""


class SettingNotFound(RobotRefused):
    """The robot has no such setting. Nothing was changed."""


class CameraDisabled(RobotRefused):
    """The robot's camera is switched off, as it is by default from release 8.8 on. Nothing was done."""


class MovieEncoderMissing(RobotRefused):
    """The package that encodes movies is not installed on the computer of this server. Nothing was sent."""


class PictureNotFound(RobotRefused):
    """This server has no such picture."""


class StartSimulationModeFailed(RobotRefused):
    """The standard's only error of going into simulation mode; the message says what is in the way. Nothing moved."""


class StartRealModeFailed(RobotRefused):
    """The standard's only error of going back into real mode; the message says why. Nothing moved."""
