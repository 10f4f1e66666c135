"""The robots of the page: those that were named, and those that announce themselves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sila_ot2.client import AsyncOT2, Found, browse, connect_async
from sila_ot2.client.errors import ClientError
from sila_ot2.client.generated.asynchronous.run_controller import AsyncRunController
from sila_ot2.web.watched_robot import WatchedRobot

log = logging.getLogger(__name__)

CONNECT_S = 5.0
LISTEN_S = 3.0
"""How long one search for servers lasts."""
SEARCH_AGAIN_S = 20.0
"""How long to wait between two searches."""


@dataclass(frozen=True)
class ServerPlace:
    """Where a server is and how it is trusted.

    Attributes:
        address: HOST:PORT.
        trust: reads the certificate to trust, PEM; None pins the one it has when it is connected to first.
        insecure: it does not encrypt.
    """

    address: str
    trust: Callable[[], bytes | None] = lambda: None
    insecure: bool = False

    async def connect(self) -> AsyncOT2:
        """Connect to it.

        Raises:
            ConnectionProblem: nobody answers there, or another server than the trusted one.
        """
        return await connect_async(
            self.address,
            certificate=None if self.insecure else self.trust(),
            insecure=self.insecure,
            timeout=CONNECT_S,
            reconnect=CONNECT_S,
        )


class Robots:
    """All robots of the page.

    Args:
        places: the servers that were named.
        discover: whether servers that announce themselves are added.
    """

    def __init__(self, places: Sequence[ServerPlace], *, discover: bool = False) -> None:
        self._by_address = {
            place.address: WatchedRobot(place.address, place.connect, trust=place.trust) for place in places
        }
        self._discover = discover
        self._uuids: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._listeners: list[Callable[[], None]] = []

    def all(self) -> list[WatchedRobot]:
        """Return the robots: those that were named in their order, then those that were found."""
        return list(self._by_address.values())

    def find(self, address: str) -> WatchedRobot | None:
        """Return the robot whose server has this address."""
        return self._by_address.get(address)

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener when a robot is added; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def start(self) -> None:
        """Begin to watch."""
        self._tasks = [asyncio.create_task(robot.watch()) for robot in self.all()]
        if self._discover:
            self._tasks.append(asyncio.create_task(self._search()))

    async def stop(self) -> None:
        """Stop watching; the robots go on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _search(self) -> None:
        while True:
            try:
                servers = await asyncio.to_thread(browse, LISTEN_S)
            except OSError as error:
                log.warning("cannot look for servers: %s", error)
                servers = []
            for found in servers:
                if str(found.uuid) not in self._uuids:
                    await self._add(found)
            await asyncio.sleep(SEARCH_AGAIN_S)

    async def _add(self, found: Found) -> None:
        """Add a server if it is that of an OT-2 and is not known, perhaps by another of its addresses."""
        for place in (ServerPlace(f"{each}:{found.port}") for each in found.addresses if ":" not in each):
            if place.address in self._by_address:
                self._uuids.add(str(found.uuid))
                return
            try:
                async with await place.connect() as client:
                    features = await client.sila_service.implemented_features.get()
            except (ClientError, OSError) as error:  # a server announces all its addresses, also those of no use here
                log.info("%s at %s is left out for now: %s", found.name, place.address, error)
                continue
            self._uuids.add(str(found.uuid))
            if AsyncRunController.IDENTIFIER in features:
                robot = self._by_address[place.address] = WatchedRobot(place.address, place.connect)
                self._tasks.append(asyncio.create_task(robot.watch()))
                for listener in list(self._listeners):
                    listener()
            return
