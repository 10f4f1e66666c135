"""The feature OT2LogService for asyncio.

Written by scripts/generate.py from features/; never edited.
"""

from __future__ import annotations

from sila_ot2.client.asynchronous.execution import AsyncExecution
from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.feature import Feature
from sila_ot2.client.generated.ot2_log_service import (
    CREATE_DIAGNOSTICS_BUNDLE,
    RETRIEVE_ROBOT_LOG,
    RETRIEVE_SERVER_LOG,
    LogName,
)


class AsyncOT2LogService(Feature[AsyncLink]):
    """Gives out the logs of the robot and of this server, and a bundle of everything that is needed to look for a
    fault. Nothing moves, and nothing is changed. Every command is possible at any time, also without the lock.
    """

    IDENTIFIER = "io.github.silaot/instruments.liquidhandling/OT2LogService/v1"

    async def retrieve_robot_log(self, log_name: LogName, *, records: int = 1000) -> AsyncExecution[bytes, None]:
        """Returns the newest records of a log of the robot, oldest first, as the robot gives them. The command takes a
        few seconds for many records. The log is returned as it is, with everything in it. Cancel ends the command
        without a log, as long as the robot was not asked; after that, the log is still read.

        Args:
            log_name: The log. Releases before 8.0 have no update_server.log.
            records: How many records at most. At least 1, at most 100000.

        The result of the execution:
            log: The log, as UTF-8 text.

        Errors: UnsupportedByRobot, RobotUnreachable, RobotRejected, RobotFaulty, CommandCancelled.
        """
        return await AsyncExecution.start(
            self._link,
            RETRIEVE_ROBOT_LOG,
            (
                log_name,
                records,
            ),
        )

    async def retrieve_server_log(self) -> AsyncExecution[bytes, None]:
        """Returns the newest 5000 lines of the log of this server since its start, oldest first, with times in UTC. No
        request is sent to the robot. The command takes some milliseconds. Cancel ends the command without a log.

        The result of the execution:
            log: The log, as UTF-8 text.

        Errors: CommandCancelled.
        """
        return await AsyncExecution.start(self._link, RETRIEVE_SERVER_LOG, ())

    async def create_diagnostics_bundle(self) -> AsyncExecution[bytes, None]:
        """Returns a zip file with the versions, the settings, the status, the records of the newest runs, the log of
        this server, the newest run of the robot with its last 200 commands, and the logs of the robot. Passwords,
        keys and tokens are taken out. Names of protocols and of the robot are in it. If the robot does not answer
        for a part, that part has the reason instead. The command takes some seconds. Cancel ends the command
        without a file.

        The result of the execution:
            bundle: The zip file.

        Errors: CommandCancelled.
        """
        return await AsyncExecution.start(self._link, CREATE_DIAGNOSTICS_BUNDLE, ())
