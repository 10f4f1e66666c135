"""Notifications from a real broker (mosquitto, where installed) and from brokers that misbehave."""

from __future__ import annotations

import os
import queue
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from paho.mqtt.client import Client, topic_matches_sub
from paho.mqtt.enums import CallbackAPIVersion

from sila_ot2.robot.events import TOPICS, ListenerState, ListenerTimeouts, NotificationListener, is_of_the_robot
from tests.fakes.replay.recordings import notifications
from tests.waiting import wait_for

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needs_mosquitto = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")
QUICK = ListenerTimeouts(connect_s=1, answer_s=0.3, retry_s=0.05, longest_retry_s=0.2)
REFETCH = '{"refetch": true}'


class Received:
    """What a listener heard."""

    def __init__(self) -> None:
        self.topics: queue.Queue[str] = queue.Queue()
        self.states: list[ListenerState] = []

    @contextmanager
    def listening(self, port: int, timeouts: ListenerTimeouts = QUICK) -> Iterator[NotificationListener]:
        listener = NotificationListener(
            "127.0.0.1", self.topics.put, port=port, on_state=self.states.append, timeouts=timeouts
        )  # fmt: skip
        listener.start()
        try:
            yield listener
        finally:
            listener.stop()
        assert listener.state is ListenerState.POLLING

    def next(self) -> str:
        return self.topics.get(timeout=30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def mosquitto(port: int, folder: Path) -> Iterator[None]:
    assert MOSQUITTO is not None
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")  # as on the OT-2, but for the address
    broker = subprocess.Popen([MOSQUITTO, "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:

        def answers() -> bool:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        wait_for(answers)
        yield
    finally:
        broker.terminate()
        broker.wait(30)


def publish(port: int, topic: str, payload: str = REFETCH) -> None:
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish(topic, payload, qos=1).wait_for_publish(30)
    client.disconnect()
    client.loop_stop()


@needs_mosquitto
def test_notifications_arrive(tmp_path: Path) -> None:
    port, received = free_port(), Received()
    with mosquitto(port, tmp_path), received.listening(port) as listener:
        assert received.next() == "robot-server", "what happened before was not heard: ask"
        assert listener.state is ListenerState.ANSWERED
        publish(port, "robot-server/runs/1234")
        publish(port, "robot-server/runs/commands_links")
        assert received.next() == "robot-server/runs/1234"
        assert received.next() == "robot-server/runs/commands_links"
    assert received.states == [ListenerState.ANSWERED, ListenerState.CONNECTED, ListenerState.POLLING]


@needs_mosquitto
def test_broker_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    port, received = free_port(), Received()
    with mosquitto(port, tmp_path), received.listening(port) as listener:
        assert received.next() == "robot-server"
        publish(port, "robot-server", REFETCH)
        publish(port, "robot-server/plant/heating", "21.5")
        publish(port, "robot-server/runs", '{"refetch": false}')
        publish(port, "robot-server/runs", REFETCH)
        assert received.next() == "robot-server/runs", "nothing before counted"
        assert received.states == [ListenerState.ANSWERED, ListenerState.CONNECTED]
        assert listener.state is ListenerState.CONNECTED


@pytest.mark.parametrize("release", ["7.5.0", "8.1.0"])
def test_every_recorded_message_counts(release: str) -> None:
    messages = [message for case in notifications(release).values() for message in case]
    assert all(is_of_the_robot(topic, payload.encode()) for topic, payload in messages)


NOT_OF_THE_ROBOT = [b"", b"21", b"[]", b"[" * 1000, b'{"refetch": 1}', b"\xff", b'{"refetch": true}' + b" " * 2000]


@pytest.mark.parametrize("payload", NOT_OF_THE_ROBOT)
def test_message_that_the_robot_does_not_send_does_not_count(payload: bytes) -> None:
    assert not is_of_the_robot("robot-server/runs", payload)


@needs_mosquitto
def test_a_broker_that_goes_and_comes_back(tmp_path: Path) -> None:
    port, received = free_port(), Received()
    with received.listening(port) as listener:
        assert listener.state is ListenerState.POLLING
        for _ in range(2):
            with mosquitto(port, tmp_path):
                assert received.next() == "robot-server"
                publish(port, "robot-server/runs")
                assert received.next() == "robot-server/runs"
            wait_for(lambda: listener.state is ListenerState.POLLING)
    assert received.states == [ListenerState.ANSWERED, ListenerState.CONNECTED, ListenerState.POLLING] * 2


@pytest.mark.parametrize("release", ["7.5.0", "8.1.0"])
def test_every_recorded_topic_is_subscribed(release: str) -> None:
    topics = {topic for case in notifications(release).values() for topic, _ in case}
    assert len(topics) > 5
    assert all(topic_matches_sub(TOPICS, topic) for topic in topics)


def test_no_broker() -> None:
    received = Received()
    with received.listening(free_port()) as listener:
        assert listener.state is ListenerState.POLLING
    assert received.states == []


@contextmanager
def broker(serve: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    """A broker made by hand: `serve` gets each connection and its first packet."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(30)
                serve(connection, connection.recv(1024))

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def protocol_level(connect: bytes) -> int:
    return connect[connect.index(b"MQTT") + 4]


def test_a_broker_that_keeps_silent() -> None:
    levels: queue.Queue[int] = queue.Queue()

    def serve(connection: socket.socket, connect: bytes) -> None:
        levels.put(protocol_level(connect))
        while connection.recv(1024):
            pass

    received = Received()
    with broker(serve) as port, received.listening(port):
        assert [levels.get(timeout=30) for _ in range(3)] == [5, 4, 5]
    assert received.states == []


@pytest.mark.parametrize("refusal", [b"", b"\x20\x02\x00\x01"], ids=["closes", "refuses"])
def test_a_broker_that_speaks_the_older_protocol_only(refusal: bytes) -> None:
    def serve(connection: socket.socket, connect: bytes) -> None:
        if protocol_level(connect) != 4:
            connection.sendall(refusal)
            return
        connection.sendall(b"\x20\x02\x00\x00")
        subscribe = connection.recv(1024)
        connection.sendall(b"\x90\x03" + subscribe[2:4] + b"\x01")
        topic = b"robot-server/runs"
        message = len(topic).to_bytes(2, "big") + topic + REFETCH.encode()
        connection.sendall(b"\x30" + bytes([len(message)]) + message)
        while connection.recv(1024):
            pass

    received = Received()
    with broker(serve) as port, received.listening(port):
        assert received.next() == "robot-server"
        assert received.next() == "robot-server/runs"
    assert received.states == [ListenerState.ANSWERED, ListenerState.CONNECTED, ListenerState.POLLING]


def mqtt_message(topic: bytes, payload: bytes = REFETCH.encode()) -> bytes:
    content = len(topic).to_bytes(2, "big") + topic + b"\x00" + payload
    return b"\x30" + bytes([len(content)]) + content


def serve_subscribed(connection: socket.socket, *packets: bytes) -> None:
    connection.sendall(b"\x20\x03\x00\x00\x00")
    subscribe = connection.recv(1024)
    connection.sendall(b"\x90\x04" + subscribe[2:4] + b"\x00\x01" + b"".join(packets))
    while connection.recv(1024):
        pass


def test_a_topic_that_is_not_utf_8_is_ignored() -> None:
    def serve(connection: socket.socket, connect: bytes) -> None:
        serve_subscribed(connection, mqtt_message(b"robot-server/\xff"), mqtt_message(b"robot-server/runs"))

    received = Received()
    with broker(serve) as port, received.listening(port):
        assert [received.next(), received.next()] == ["robot-server", "robot-server/runs"]


def test_a_broker_that_sends_what_cannot_be_read_is_connected_to_again() -> None:
    times = iter(range(100))

    def serve(connection: socket.socket, connect: bytes) -> None:
        without_properties = b"\x30\x02\x00\x00"
        serve_subscribed(connection, without_properties if next(times) == 0 else mqtt_message(b"robot-server/runs"))

    received = Received()
    with broker(serve) as port, received.listening(port):
        assert [received.next() for _ in range(3)] == ["robot-server", "robot-server", "robot-server/runs"]


def test_a_broker_that_does_not_let_us_subscribe() -> None:
    refused = threading.Semaphore(0)

    def serve(connection: socket.socket, connect: bytes) -> None:
        newer = protocol_level(connect) == 5
        connection.sendall(b"\x20\x03\x00\x00\x00" if newer else b"\x20\x02\x00\x00")
        subscribe = connection.recv(1024)
        connection.sendall(
            b"\x90\x04" + subscribe[2:4] + b"\x00\x87" if newer else b"\x90\x03" + subscribe[2:4] + b"\x80"
        )
        refused.release()
        while connection.recv(1024):
            pass

    received = Received()
    with broker(serve) as port, received.listening(port) as listener:
        for _ in range(2):
            assert refused.acquire(timeout=30)
        assert listener.state is ListenerState.POLLING
    assert received.states == []


def test_a_broker_that_floods_is_left() -> None:
    """What is announced to be larger than a notification is not waited for."""
    left = threading.Semaphore(0)

    def serve(connection: socket.socket, connect: bytes) -> None:
        connection.sendall(b"\x30\xff\xff\xff\x7f")  # a message of 256 MiB
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except OSError:
            left.release()

    received = Received()
    with broker(serve) as port, received.listening(port):
        for _ in range(2):
            assert left.acquire(timeout=30)
    assert received.states == []
