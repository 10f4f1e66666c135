"""Sends messages to people about events at the robot, as the settings define."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from sila_ot2.alerts.channels import Mail, Webhook
from sila_ot2.alerts.delivery import Channel, Delivery
from sila_ot2.alerts.events import Alert, alerts_of
from sila_ot2.config.alert_settings import AlertSettings
from sila_ot2.driver.monitor.state import RobotState
from sila_ot2.driver.observable import Observable
from sila_ot2.times import utc_now


class Alerts:
    """One per robot: watches its state, and gives each event to all channels.

    Args:
        alerts: which events, and how they are sent.
        state: the robot's state.
        server_name: returns the name of the server.
    """

    def __init__(self, alerts: AlertSettings, state: Observable[RobotState], server_name: Callable[[], str]) -> None:
        self._events = frozenset(alerts.events)
        self._state = state
        self._server_name = server_name
        self._deliveries = [Delivery(channel) for channel in channels_of(alerts)]
        self._before = state.value

    def start(self) -> None:
        """Report every event from now on; without a channel nothing is watched."""
        for delivery in self._deliveries:
            delivery.start()
        if self._deliveries:
            self._before = self._state.value
            self._state.subscribe(self._changed)

    def stop(self) -> None:
        """End within a moment; a second time is harmless."""
        for delivery in self._deliveries:
            delivery.stop()

    @property
    def waiting(self) -> int:
        """How many messages wait to be delivered."""
        return sum(delivery.waiting for delivery in self._deliveries)

    def tell(self, alert: Alert) -> None:
        """Send messages about an event, if the settings name it; does not wait."""
        if alert.event in self._events:
            message = {
                "id": str(uuid4()),
                "event": alert.event,
                "text": alert.text,
                "run": alert.run,
                "server": self._server_name(),
                "at": utc_now().isoformat(),
            }
            for delivery in self._deliveries:
                delivery.add(message)

    def _changed(self, after: RobotState) -> None:
        before, self._before = self._before, after
        for alert in alerts_of(before, after):
            self.tell(alert)


def channels_of(alerts: AlertSettings) -> list[Channel]:
    """Return the channels that the settings name."""
    channels: list[Channel] = []
    if alerts.webhook is not None:
        secret = alerts.webhook_secret.get_secret_value() if alerts.webhook_secret else ""
        channels.append(Webhook(alerts.webhook.get_secret_value(), secret))
    if alerts.mail_server is not None and alerts.mail_from is not None:
        host, _, port = alerts.mail_server.rpartition(":")
        login = None
        if alerts.mail_user is not None and alerts.mail_password is not None:
            login = alerts.mail_user, alerts.mail_password.get_secret_value()
        channels.append(Mail((host, int(port)), alerts.mail_encryption, login, alerts.mail_from, alerts.mail_to))
    return channels
