"""Commands outside of runs, each followed to its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sila_ot2.driver.requests.request_log import RequestLog
from sila_ot2.driver.requests.stateless_command import StatelessCommandRequest
from sila_ot2.errors import ModuleFailed, Movement, OutcomeUnknown, RobotFaulty, RobotRefused, RobotUnreachable
from sila_ot2.polling import ask_until
from sila_ot2.robot import wire
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.translate import failure

ANSWER_WITHIN_S = 2.0
"""How long the robot may hold its answer back; set-points take it up to 20 ms."""
POLL_S = 0.2


class StatelessCommands:
    """Sends commands outside of runs; one per robot, safe to use from any thread."""

    def __init__(self, robot: RobotClient, request_log: RequestLog) -> None:
        """Connect it to its robot, and to what writes down what is sent."""
        self._robot = robot
        self._request_log = request_log

    def perform(
        self,
        command_type: str,
        params: dict[str, Any],
        *,
        switches_off: bool = False,
        sets_temperature: bool = False,
        ends_within_s: float,
        check: Callable[[], None] = lambda: None,
    ) -> wire.Command:
        """Send a command once, and return it when it has succeeded.

        Args:
            command_type: the robot's name of it.
            params: as the robot wants them.
            switches_off: whether it only switches something off.
            sets_temperature: whether it only sets a temperature, so that nothing moves.
            ends_within_s: how long it may be at work.
            check: called directly before it is sent; raises to refuse.

        Raises:
            ModuleFailed: it has not ended in that time; it may still be at work.
            OutcomeUnknown: it cannot be established what became of it.
            SafetyStopActive: it does not just switch off, and the safety stop is latched.
            RobotBusy, RunActionNotAllowed: something would move, and the robot must keep still.
            OT2Fault: what the robot refuses or fails it with, and what `check` raises.
        """
        request = StatelessCommandRequest.to(
            self._robot,
            command_type,
            params,
            switches_off=switches_off,
            sets_temperature=sets_temperature,
            wait_s=ANSWER_WITHIN_S,
        )
        check()
        command = self._follow(self._request_log.perform(request), ends_within_s)
        if command.status == "failed":
            raise failure(f"execute {request}", command.error)
        return command

    def _follow(self, command: wire.Command, ends_within_s: float) -> wire.Command:
        if command.status in wire.ENDED_COMMAND_STATUSES:
            return command
        newest = command

        def read() -> wire.Command:
            nonlocal newest
            try:
                with suppress(RobotUnreachable, RobotFaulty):
                    newest = self._robot.stateless_command(command.id)
            except RobotRefused as forgotten:
                raise OutcomeUnknown(
                    f"The robot restarted while {command.command_type} was at work: it may have been carried out in "
                    f"part.",
                    "Look at the module.",
                ) from forgotten
            return newest

        ask_until(
            read, lambda command: command.status in wire.ENDED_COMMAND_STATUSES, every_s=POLL_S, within_s=ends_within_s
        )
        if newest.status not in wire.ENDED_COMMAND_STATUSES:
            raise ModuleFailed(
                f"The robot has not reported the end of {command.command_type} within {ends_within_s:g} s.",
                "Look at the module and its cable.",
                moved=Movement.UNKNOWN,
            )
        return newest
