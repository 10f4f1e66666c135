"""Requests for the robot's own logs."""

from __future__ import annotations

from sila_ot2.robot.conversation import Conversation
from sila_ot2.robot.transport import Request


class LogRequests(Conversation):
    """What a robot of any release is asked of its logs."""

    def robot_log(self, name: str, *, records: int) -> bytes:
        """Return the newest records of a log, oldest first, as text.

        Args:
            name: api.log, serial.log, server.log, or what a newer release has.
            records: how many at most; 100,000 are the most that a robot gives.

        Raises:
            RobotRejected: the robot has no such log.
            RobotUnreachable: the robot does not answer.
        """
        request = Request(
            "GET",
            f"/logs/{name}",
            f"send its log {name}",
            self.transport.timeouts.long_s,
            query={"format": "text", "records": records},
        )
        return self.transport.ask(request).content
