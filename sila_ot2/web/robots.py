"""The robots of the page: those that were named, and those that announce themselves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sila_ot2.client import AsyncOT2, ClientIdentity, Found, browse, connect_async
from sila_ot2.client.errors import ClientError, NotOffered
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
        user: whom the page logs in as; None does not log in.
        password: that user's password.
        identity: what the page shows to a server that asks for a certificate.
    """

    address: str
    trust: Callable[[], bytes | None] = lambda: None
    insecure: bool = False
    user: str | None = None
    password: str = field(default="", repr=False)
    identity: ClientIdentity | None = None

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
            identity=None if self.insecure else self.identity,
        )

    async def log_in(self, client: AsyncOT2) -> None:
        """Log the user of the page in, if there is one and the server has users.

        Raises:
            AuthenticationFailed: it does not know the user with this password.
        """
        if self.user is not None:
            with contextlib.suppress(NotOffered):  # nobody has to log in there
                await client.log_in(self.user, self.password)

    def watched(self) -> WatchedRobot:
        """Return its robot, to be watched."""
        return WatchedRobot(self.address, self.connect, log_in=self.log_in, trust=self.trust)


class Robots:
    """All robots of the page.

    Args:
        places: the servers that were named.
        found_as: whom and how to connect to servers that announce themselves, which are then added; None adds none.
    """

    def __init__(self, places: Sequence[ServerPlace], *, found_as: ServerPlace | None = None) -> None:
        self._by_address = {place.address: place.watched() for place in places}
        self._found_as = found_as
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
        if self._found_as is not None:
            self._tasks.append(asyncio.create_task(self._search(self._found_as)))

    async def stop(self) -> None:
        """Stop watching; the robots go on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _search(self, found_as: ServerPlace) -> None:
        while True:
            try:
                servers = await asyncio.to_thread(browse, LISTEN_S)
            except OSError as error:
                log.warning("cannot look for servers: %s", error)
                servers = []
            for found in servers:
                if str(found.uuid) not in self._uuids:
                    await self._add(found, found_as)
            await asyncio.sleep(SEARCH_AGAIN_S)

    async def _add(self, found: Found, found_as: ServerPlace) -> None:
        """Add a server if it is that of an OT-2 and is not known, perhaps by another of its addresses."""
        for each in (each for each in found.addresses if ":" not in each):
            place = replace(found_as, address=f"{each}:{found.port}")
            if place.address in self._by_address:
                self._uuids.add(str(found.uuid))
                return
            try:
                async with await place.connect() as client:
                    features = await client.sila_service.implemented_features.get()
            except (ClientError, OSError, ValueError) as error:
                # a server announces all its addresses, also those of no use here
                log.info("%s at %s is left out for now: %s", found.name, place.address, error)
                continue
            self._uuids.add(str(found.uuid))
            if AsyncRunController.IDENTIFIER in features:
                robot = self._by_address[place.address] = place.watched()
                self._tasks.append(asyncio.create_task(robot.watch()))
                for listener in list(self._listeners):
                    listener()
            return
