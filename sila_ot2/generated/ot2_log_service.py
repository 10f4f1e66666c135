"""The feature OT2LogService as Python types.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class OT2LogServiceBase(ABC):
    """Gives out the logs of the robot and of this server, and a bundle of everything that is needed to look for a
    fault. Nothing moves, and nothing is changed. Every command is possible at any time, also without the lock.
    """

    FEATURE = "io.github.silaot/instruments.liquidhandling/OT2LogService/v1"

    @abstractmethod
    def RetrieveRobotLog(self, LogName: str, Records: int, *, execution: Any) -> bytes:
        """Returns the newest records of a log of the robot, oldest first, as the robot gives them. The command takes a
        few seconds for many records. The log is returned as it is, with everything in it. Cancel ends the command
        without a log, as long as the robot was not asked; after that, the log is still read.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled
        """

    @abstractmethod
    def RetrieveServerLog(self, *, execution: Any) -> bytes:
        """Returns the newest 5000 lines of the log of this server since its start, oldest first, with times in UTC. No
        request is sent to the robot. The command takes some milliseconds. Cancel ends the command without a log.

        Errors: CommandCancelled
        """

    @abstractmethod
    def CreateDiagnosticsBundle(self, *, execution: Any) -> bytes:
        """Returns a zip file with the versions, the settings, the status, the records of the newest runs, the log of
        this server, the newest run of the robot with its last 200 commands, and the logs of the robot. Passwords,
        keys and tokens are taken out. Names of protocols and of the robot are in it. If the robot does not answer
        for a part, that part has the reason instead. The command takes some seconds. Cancel ends the command
        without a file.

        Errors: CommandCancelled
        """
