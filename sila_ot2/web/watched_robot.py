"""A robot that is watched once, however many browsers show it."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sila_ot2.client import AsyncOT2
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty, AsyncProperty
from sila_ot2.client.errors import AuthenticationFailed, ClientError, FrameworkError, NotOffered, ServerUnreachable
from sila_ot2.web import texts
from sila_ot2.web.events import Events
from sila_ot2.web.facts import WATCHED, Connection, RobotFacts
from sila_ot2.web.readings import Readings
from sila_ot2.web.times import utc_now

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
"""How often the server is asked for a value that it always has, which shows that it lives."""
ANSWER_S = 3.0
"""How long that answer may take before the page reports that there is no connection."""
AGAIN_S = 1.0
"""How long to wait before another attempt to connect."""

REFUSED_S = 60.0
"""How long to wait after a refused log-in or reading: after many attempts the server makes a client wait longer."""
NO_TOKEN = "INVALID_METADATA"  # noqa: S105 - a name
"""The kind of error by which a server refuses who has not logged in."""

T = TypeVar("T")
Connect = Callable[[], Awaitable[AsyncOT2]]
LogIn = Callable[[AsyncOT2], Awaitable[None]]
Listener = Callable[[RobotFacts], None]


async def nobody(_client: AsyncOT2) -> None:
    """Log in nobody."""


class WatchedRobot:
    """Watches the server of a robot and notifies its listeners, all in one event loop.

    Args:
        address: where the server is; its key on the page, too.
        connect: makes a connection to it.
        log_in: logs the user of the page in.
        trust: reads the certificate that it is trusted by; None if that is pinned.
        heartbeat_s: how often the connection is tested.

    Attributes:
        facts: what the server reported last.
        readings: what the values of the modules were.
        events: what has happened.
    """

    def __init__(
        self, address: str, connect: Connect, *, log_in: LogIn = nobody,
        trust: Callable[[], bytes | None] = lambda: None, heartbeat_s: float = HEARTBEAT_S,
    ) -> None:  # fmt: skip
        self.address, self.trust = address, trust
        self.facts = RobotFacts(address=address, name=address, changed_at=utc_now())
        self._connect, self._log_in, self._heartbeat_s = connect, log_in, heartbeat_s
        self.readings, self.events = Readings(), Events()
        self._client: AsyncOT2 | None = None
        self._listeners: list[Listener] = []
        self._telling = False

    @property
    def client(self) -> AsyncOT2:
        """The client of the server.

        Raises:
            ServerUnreachable: there is no connection now. Nothing was sent.
        """
        if self._client is None:
            raise ServerUnreachable(f"{self.facts.name}: there is no connection to the server. Nothing was sent.")
        return self._client

    async def log_in_as(self, user: str, password: str) -> AsyncOT2 | None:
        """Make a connection of its own for a person; None if the server has no users.

        Raises:
            AuthenticationFailed: the server does not know the user with this password.
            ClientError: it does not answer.
        """
        client = await self._connect()
        try:
            await client.log_in(user, password)
        except NotOffered:
            await client.close()
            return None
        except BaseException:
            await client.close()
            raise
        return client

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener after each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def watch(self) -> None:
        """Watch the server until this is cancelled; a lost connection is made again."""
        while True:
            try:
                async with await self._connect() as client:
                    self._client = client
                    self._change(name=client.name)
                    await self._follow(client)
            except (ClientError, OSError, ValueError) as error:
                log.debug("no connection to %s: %s", self.address, error)
                remedy = texts.NO_CONNECTION_REMEDY if isinstance(error, (ServerUnreachable, OSError)) else ""
                self._set_connection("Lost", f"{error} {remedy}".rstrip())
            finally:
                self._client = None
            await asyncio.sleep(AGAIN_S)

    async def _follow(self, client: AsyncOT2) -> None:
        """Watch one connection until it breaks, which raises its error; it is kept while nothing may be read.

        Everyone may pause and stop, also without the right to read.
        """
        while True:
            try:
                await self._log_in(client)
                await self._read(client)
            except (AuthenticationFailed, FrameworkError) as error:
                if isinstance(error, FrameworkError) and error.kind != NO_TOKEN:
                    raise
                self._refused(str(error))
            await self._test_connection(client)

    async def _read(self, client: AsyncOT2) -> None:
        """Read everything until the connection breaks or reading is refused, which raises the error."""
        tasks = [asyncio.create_task(self._keep(name, of(client))) for name, of in WATCHED.items()]
        tasks.append(asyncio.create_task(self._test_reading(client)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, name: str, source: AsyncObservableProperty[Any]) -> None:
        """Keep one fact up to date."""
        try:
            async with source.subscribe() as values:
                async for value in values:
                    self._change(**{name: tuple(value) if isinstance(value, list) else value})
        except NotOffered:  # an older server
            return

    async def _test_connection(self, client: AsyncOT2) -> None:
        """Check for a while that the server answers, with a property that needs no log-in."""
        end = time.monotonic() + REFUSED_S
        while time.monotonic() < end:
            await self._answer(client.sila_service.server_uuid.get())
            await asyncio.sleep(self._heartbeat_s)

    async def _test_reading(self, client: AsyncOT2) -> None:
        """Check again and again that the server answers; this also keeps the access token valid."""
        while True:
            await self._answer(client.status_provider.latency.get())
            locked = await self._offered(client.lock_controller.is_locked, otherwise=False)  # it may have no lock
            holders = await self._offered(client.status_provider.holders, otherwise=[])
            self._set_connection("Connected", "")
            self._change(locked=locked, holders=tuple(holders))
            await asyncio.sleep(self._heartbeat_s)

    async def _offered(self, source: AsyncProperty[T], *, otherwise: T) -> T:
        """Read a property; return something else from a server that does not have it.

        Raises:
            ServerUnreachable: there was no answer in time.
        """
        try:
            return await self._answer(source.get())
        except NotOffered:
            return otherwise

    async def _answer(self, reading: Awaitable[T]) -> T:
        """Wait for an answer, not for long.

        Raises:
            ServerUnreachable: there was none in time.
        """
        asking = asyncio.ensure_future(reading)
        try:  # wait_for of Python before 3.12 loses the request to end this, if the answer comes at that moment
            await asyncio.wait([asking], timeout=ANSWER_S)
            if not asking.done():
                raise ServerUnreachable(f"{self.address} does not answer.")
            return asking.result()
        finally:
            asking.cancel()

    def _refused(self, trouble: str) -> None:
        """Forget what was read: it may have changed since, and cannot be read."""
        address, name = self.address, self.facts.name
        since = self.facts.changed_at if self.facts.connection == "LogInNeeded" else utc_now()
        self._become(
            RobotFacts(address=address, name=name, connection="LogInNeeded", changed_at=since, trouble=trouble)
        )

    def _set_connection(self, connection: Connection, trouble: str) -> None:
        if connection != self.facts.connection:
            self._change(connection=connection, changed_at=utc_now(), trouble=trouble)
        else:
            self._change(trouble=trouble)

    def _change(self, **changes: Any) -> None:
        self._become(dataclasses.replace(self.facts, **changes))

    def _become(self, facts: RobotFacts) -> None:
        if facts == self.facts:
            return
        self.facts = facts
        if not self._telling:  # changes that come together are shown together
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = False
        self.readings.note(self.facts)
        self.events.note(self.facts)
        for listener in list(self._listeners):
            listener(self.facts)
