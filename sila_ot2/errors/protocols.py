"""Errors about protocols: their files, analyses, run-time parameters and data files."""

from __future__ import annotations

from sila_ot2.errors.kinds import ActionFailed, RobotRefused


class ProtocolNotFound(RobotRefused):
    """Neither this server's library nor the robot knows the protocol."""


class ProtocolInUse(RobotRefused):
    """The robot keeps a run that uses the protocol; delete the run first."""


class ProtocolInvalid(RobotRefused):
    """The robot cannot read the protocol; its own text is in the message."""


class RobotTypeMismatch(ProtocolInvalid):
    """The protocol is written for another robot model."""


class ProtocolTooLarge(ProtocolInvalid):
    """The protocol and its files are over a limit of this server, which its configuration sets. Nothing was sent."""


class NameAmbiguous(RobotRefused):
    """Several protocols or data files have this name; the message lists their identifiers. Nothing was done."""


class FileNotFound(RobotRefused):
    """The protocol has no file of this name; the message lists those it has."""


class AnalysisPending(RobotRefused):
    """The robot is still analyzing this protocol and takes no further request for it until it has finished."""


class AnalysisNotFound(RobotRefused):
    """The protocol has no such analysis."""


class AnalysisFailed(ActionFailed):
    """The robot could not analyze the protocol; its own errors are in the message. Nothing moved."""


class AnalysisTimedOut(ActionFailed):
    """The analysis did not end in the given time; the message says how long it was waited for. Nothing moved."""


class ParameterInvalid(RobotRefused):
    """A run-time parameter's value does not fit its definition; the message names the parameter."""


class ParameterUnknown(RobotRefused):
    """The protocol declares no run-time parameter of this name; the message lists those it declares."""


class DataFileNotFound(RobotRefused):
    """The data file is not known."""


class DataFileTooLarge(RobotRefused):
    """The file is larger than the robot takes (2 MB for anything that is not a protocol)."""


class DataFileInvalid(RobotRefused):
    """The data file is empty, or is not text. Nothing was kept."""


class DataFileInUse(RobotRefused):
    """A run that is active or waits to be started uses the data file."""


class StorageFull(RobotRefused):
    """The disk that this server keeps its files on is full. What could not be written down was not sent."""
