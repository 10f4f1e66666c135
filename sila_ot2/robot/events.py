"""The robot's notifications: MQTT messages that say only that there is something new to ask for.

Releases 7.2 and later publish them on port 1883, anonymous, QoS 1, not retained, payload `{"refetch": true}` (recorded
from 7.5.0 and 8.1.0). Nothing is published for door, lights, uploads and analyses, so asking goes on, only more slowly.
A broker that refuses, keeps silent or goes away is no fault: `state` says that polling is at work, until it is back.
Neither is one of somebody else at the robot's address: what it sends counts only if it is as the robot sends it.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

PORT = 1883
TOPICS = "robot-server/#"
_LOOP_S = 0.2
_ROBOT_TOPIC = re.compile(r"robot-server(/[\w.-]+)+")
_LONGEST_PAYLOAD = 1000
LARGEST_PACKET_BYTES = 64 * 1024
"""A notification has a topic of some dozen bytes and a payload of 16."""

logger = logging.getLogger(__name__)


class ListenerState(str, Enum):
    """What keeps the state of the robot up to date."""

    CONNECTED = "notifications"
    ANSWERED = "polling, beside a broker of which nothing has come that the robot sends"
    POLLING = "polling"


@dataclass(frozen=True)
class ListenerTimeouts:
    """How long to wait for a broker, in seconds."""

    connect_s: float = 3.0
    answer_s: float = 5.0
    """For the broker's consent to connection and subscription."""
    keep_alive_s: int = 10
    """A broker that says nothing for about twice this time is gone."""
    retry_s: float = 1.0
    """Before the next attempt; doubled with each failure."""
    longest_retry_s: float = 60.0


class NotificationListener:
    """Listens for the robot's notifications in a thread of its own."""

    def __init__(
        self,
        host: str,
        on_notification: Callable[[str], None],
        *,
        port: int = PORT,
        on_state: Callable[[ListenerState], None] = lambda _: None,
        timeouts: ListenerTimeouts | None = None,
    ) -> None:
        """Prepare to listen; nothing is connected before `start`.

        Args:
            host: the robot.
            on_notification: called with the topic when there is something to ask for. Called, too, with the topic
                "robot-server" when listening begins (again): what happened before was not heard. Must return quickly,
                and not raise.
            port: the broker's.
            on_state: called when `state` changes; as `on_notification`.
            timeouts: how long to wait for what.
        """
        self._host = host
        self._port = port
        self._on_notification = on_notification
        self._on_state = on_state
        self._timeouts = timeouts or ListenerTimeouts()
        self._state = ListenerState.POLLING
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name=f"notifications from {host}", daemon=True)

    @property
    def state(self) -> ListenerState:
        """Whether notifications arrive, or polling has to do."""
        return self._state

    def start(self) -> None:
        """Begin to listen; returns at once and never fails."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; waits for the thread to end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(self._timeouts.connect_s + self._timeouts.answer_s)

    def _listen(self) -> None:
        protocol = MQTTProtocolVersion.MQTTv5
        retry_s = self._timeouts.retry_s
        while not self._stopping.is_set():
            session = _Session(protocol, self._on_notification, self._became)
            try:
                answered = session.run(self._host, self._port, self._timeouts, self._stopping)
            finally:
                self._become(ListenerState.POLLING)
            if session.subscribed:
                retry_s = self._timeouts.retry_s
            elif answered:
                # Somebody is there and does not agree: perhaps a broker that speaks the older protocol only.
                older, newer = MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5
                protocol = older if protocol == newer else newer
            self._stopping.wait(retry_s)
            retry_s = min(2 * retry_s, self._timeouts.longest_retry_s)

    def _became(self, state: ListenerState) -> None:
        self._become(state)
        if state is ListenerState.ANSWERED:
            self._on_notification("robot-server")

    def _become(self, state: ListenerState) -> None:
        if state is not self._state:
            self._state = state
            logger.info("%s: %s at work", self._host, state.value)
            self._on_state(state)


class _BoundedClient(Client):
    """An MQTT client that ends the connection to a broker that sends more than a notification can hold."""

    def _sock_recv(self, bufsize: int) -> bytes:
        if bufsize > LARGEST_PACKET_BYTES:  # asked for what is left of a packet
            raise ConnectionError(f"the broker sends a packet of {bufsize} bytes")
        return super()._sock_recv(bufsize)


class _Session:
    """One connection to the broker."""

    def __init__(
        self,
        protocol: MQTTProtocolVersion,
        on_notification: Callable[[str], None],
        on_state: Callable[[ListenerState], None],
    ) -> None:
        self.subscribed = False
        self._on_notification = on_notification
        self._on_state = on_state
        self._client = _BoundedClient(CallbackAPIVersion.VERSION2, protocol=protocol, reconnect_on_failure=False)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._agreed
        self._client.on_message = self._received

    def run(self, host: str, port: int, timeouts: ListenerTimeouts, stopping: threading.Event) -> bool:
        """Listen until the connection ends; return whether there was one at all."""
        self._client.connect_timeout = timeouts.connect_s
        try:
            self._client.connect(host, port, keepalive=timeouts.keep_alive_s)
        except OSError as error:
            logger.debug("no broker at %s:%d: %s", host, port, error)
            return False
        try:
            self._follow(timeouts, stopping)
        except Exception as error:  # noqa: BLE001 (whatever the bytes of a broker do to the MQTT client)
            logger.warning("%s:%d sends what the MQTT client cannot read: %r", host, port, error)
        finally:
            if (connection := self._client.socket()) is not None:
                connection.close()
        return True

    def _follow(self, timeouts: ListenerTimeouts, stopping: threading.Event) -> None:
        deadline = time.monotonic() + timeouts.answer_s
        while self._client.loop(_LOOP_S) == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if stopping.is_set() or (not self.subscribed and time.monotonic() > deadline):
                break
        self._client.disconnect()
        self._client.loop(_LOOP_S)  # sends what is left and closes the socket

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _: Properties | None
    ) -> None:
        if not reason.is_failure:
            client.subscribe(TOPICS, qos=1)

    def _agreed(
        self, _client: Client, _data: object, _id: int, reasons: list[ReasonCode], _: Properties | None
    ) -> None:
        if not any(reason.is_failure for reason in reasons):
            self.subscribed = True
            self._on_state(ListenerState.ANSWERED)

    def _received(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        if not is_of_the_robot(topic, message.payload):
            logger.debug("a message that the robot does not send is ignored")
            return
        self._on_state(ListenerState.CONNECTED)
        self._on_notification(topic)


def is_of_the_robot(topic: str, payload: bytes | bytearray) -> bool:
    """Return whether a message is as the robot sends it: its topics, and a payload that says to ask or to forget."""
    if _ROBOT_TOPIC.fullmatch(topic) is None or len(payload) > _LONGEST_PAYLOAD:
        return False
    try:
        reported = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return isinstance(reported, dict) and (reported.get("refetch") is True or reported.get("unsubscribe") is True)
