"""What keeps the state of the robot up to date: its notifications, or polling alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sila_ot2.driver.observable import Observable
from sila_ot2.robot.ability import Ability
from sila_ot2.robot.client import RobotClient
from sila_ot2.robot.events import PORT, ListenerState, NotificationListener
from sila_ot2.times import utc_now

EVERYTHING = "robot-server"
"""Topic that `NotificationListener` uses when there may be anything new to ask for."""
RUN_TOPICS = "robot-server/runs"
MAINTENANCE_TOPIC = "robot-server/maintenance_runs/current_run"
COMMAND_TOPICS = ("/runs/commands_links", "/runs/current_command")
"""Release 8.0 and later, and 7.2 to 7.5."""


class Method(str, Enum):
    """How it is learned that there is something new."""

    NOTIFICATIONS = "Notifications"
    POLLING = "Polling"


@dataclass(frozen=True)
class Source:
    """How it is learned that there is something new, why so, and since when."""

    method: Method
    explanation: str
    since: datetime


class Notifications:
    """Listens to one robot, if its release publishes; safe to use from any thread."""

    def __init__(
        self,
        robot: RobotClient,
        host: str,
        on_notification: Callable[[str], None],
        *,
        port: int = PORT,
        enabled: bool = True,
    ) -> None:
        """Prepare; nothing is connected before `listen`.

        Args:
            robot: its release decides whether it publishes.
            host: the robot.
            on_notification: called with the topic of each notification, and of everything when they cease to arrive.
            port: the broker's.
            enabled: whether to listen at all.
        """
        self._robot = robot
        self._enabled = enabled
        self._place = f"port {port} of the robot"
        self._on_notification = on_notification
        self._listener = NotificationListener(host, on_notification, port=port, on_state=self._became)
        self._is_listening = False
        why = "The robot has not answered yet." if enabled else "Notifications are switched off in the configuration."
        self.source: Observable[Source] = Observable(Source(Method.POLLING, why, utc_now()))

    def arrive(self) -> bool:
        """Whether the robot reports at once when there is something new."""
        return self.source.value.method is Method.NOTIFICATIONS

    def listen(self) -> None:
        """Listen from now on, if the robot publishes; to be called when it has answered. Never waits."""
        if not self._enabled or self._is_listening:
            return
        if not self._robot.release.can(Ability.NOTIFICATIONS):
            self._report(Method.POLLING, f"Robot software {self._robot.release.name} sends no notifications.")
            return
        self._is_listening = True
        self._report(Method.POLLING, f"Nobody has answered at {self._place} yet.")
        self._listener.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._is_listening:
            self._listener.stop()

    def _became(self, state: ListenerState) -> None:
        if state is ListenerState.CONNECTED:
            self._report(Method.NOTIFICATIONS, f"Notifications of the robot arrive from the broker at {self._place}.")
        elif state is ListenerState.ANSWERED:
            self._report(
                Method.POLLING, f"A broker answers at {self._place}; nothing of the robot's has come from it yet."
            )
        else:
            self._report(Method.POLLING, f"The broker at {self._place} is gone or silent; it is tried again.")
            self._on_notification(EVERYTHING)  # what happened meanwhile was not heard

    def _report(self, method: Method, explanation: str) -> None:
        if (self.source.value.method, self.source.value.explanation) != (method, explanation):
            self.source.set(Source(method, explanation, utc_now()))
