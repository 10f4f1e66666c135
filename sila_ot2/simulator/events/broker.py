"""An MQTT broker of the simulator's own, in place of the mosquitto a robot has."""

from __future__ import annotations

import asyncio
import logging
import socket
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amqtt.broker import Broker

QOS = 1
_LISTENER = "default"


class NotificationBroker:
    """Publishes over MQTT while it is started; otherwise what is published is dropped.

    The broker itself runs until the end of the process. Only its listening socket is opened and closed, because
    shutting this broker down while a client disconnects may wait for ever.
    """

    def __init__(self, address: str, port: int) -> None:
        self._address = address
        self.port = port or _free_port(address)
        self._broker: Broker | None = None
        self._door: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._sending: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether clients can connect."""
        return self._door is not None

    async def start(self) -> None:
        """Listen. Does nothing if it does already."""
        if self._door is not None:
            return
        if self._broker is None:
            self._broker = await _start_broker()
            self._sending = asyncio.get_running_loop().create_task(self._send(self._broker))
        self._door = await asyncio.start_server(self._connected, self._address, self.port)

    async def stop(self) -> None:
        """End: connections are cut, new ones are refused."""
        if self._door is None:
            return
        self._door.close()
        self._door = None
        for connection in list(self._connections):
            connection.transport.abort()

    def publish(self, topic: str, payload: str) -> None:
        """Announce; returns at once, order is kept."""
        if self._door is not None:
            self._queue.put_nowait((topic, payload))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter

        if self._broker is None:
            raise RuntimeError("a connection before the start")
        self._connections.add(writer)
        try:
            await self._broker.external_connected(StreamReaderAdapter(reader), StreamWriterAdapter(writer), _LISTENER)
        finally:
            self._connections.discard(writer)

    async def _send(self, broker: Broker) -> None:
        while True:
            topic, payload = await self._queue.get()
            await broker.internal_message_broadcast(topic, payload.encode(), QOS)


async def _start_broker() -> Broker:
    from amqtt.broker import Broker

    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        broker = Broker(
            {
                "listeners": {_LISTENER: {"type": "external"}},
                "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
            },
            loop=asyncio.get_running_loop(),
        )
        await broker.start()
    return broker


def _free_port(address: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
