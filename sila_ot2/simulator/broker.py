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


class Announcer:
    """Announces over MQTT while it is started; otherwise into the void."""

    def __init__(self, address: str, port: int) -> None:
        self._address = address
        self.port = port or _free_port(address)
        self._broker: Broker | None = None
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._sending: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether clients can connect."""
        return self._broker is not None

    async def start(self) -> None:
        """Listen. Does nothing if it does already."""
        if self._broker is not None:
            return
        from amqtt.broker import Broker

        logging.getLogger("amqtt").setLevel(logging.CRITICAL)
        logging.getLogger("transitions").setLevel(logging.CRITICAL)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._broker = Broker(
                {
                    "listeners": {"default": {"type": "tcp", "bind": f"{self._address}:{self.port}"}},
                    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
                },
                loop=asyncio.get_running_loop(),
            )
            await self._broker.start()
        self._sending = asyncio.get_running_loop().create_task(self._send())

    async def stop(self) -> None:
        """End: connections are closed, new ones are refused."""
        if self._broker is None or self._sending is None:
            return
        broker, self._broker = self._broker, None
        self._sending.cancel()
        await broker.shutdown()

    def publish(self, topic: str, payload: str) -> None:
        """Announce; returns at once, order is kept."""
        if self._broker is not None:
            self._queue.put_nowait((topic, payload))

    async def _send(self) -> None:
        while self._broker is not None:
            topic, payload = await self._queue.get()
            await self._broker.internal_message_broadcast(topic, payload.encode(), QOS)


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
