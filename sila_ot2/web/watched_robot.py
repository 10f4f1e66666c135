"""A robot that is watched once, however many browsers show it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sila_ot2.client import AsyncOT2
from sila_ot2.client.asynchronous.properties import AsyncObservableProperty
from sila_ot2.client.errors import AuthenticationFailed, ClientError, NotOffered, ServerUnreachable
from sila_ot2.web.facts import WATCHED, Connection, RobotFacts
from sila_ot2.web.readings import Readings

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
"""How often the server is asked whether it is locked, which shows that it lives, too."""
ANSWER_S = 3.0
"""How long that answer may take before the page says that there is no connection."""
AGAIN_S = 1.0
"""How long to wait before another attempt to connect."""

REFUSED_S = 60.0
"""How long to wait after a wrong password: the server makes who tries often wait longer."""

Connect = Callable[[], Awaitable[AsyncOT2]]
Listener = Callable[[RobotFacts], None]


class WatchedRobot:
    """Watches the server of a robot and tells its listeners, all in one event loop.

    Args:
        address: where the server is; its key on the page, too.
        connect: makes a connection to it.
        trust: reads the certificate that it is trusted by; None if that is pinned.
        heartbeat_s: how often the connection is tested.

    Attributes:
        facts: what the server reported last.
        readings: what the values of the modules were.
    """

    def __init__(
        self, address: str, connect: Connect, *, trust: Callable[[], bytes | None] = lambda: None,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:  # fmt: skip
        self.address, self.trust = address, trust
        self.facts = RobotFacts(address=address, name=address, changed_at=_now())
        self._connect, self._heartbeat_s = connect, heartbeat_s
        self.readings = Readings()
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

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener after each change; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def watch(self) -> None:
        """Watch the server until this is cancelled; a lost connection is made again."""
        while True:
            refused = False
            try:
                async with await self._connect() as client:
                    self._client = client
                    self._change(name=client.name)
                    await self._follow(client)
            except (ClientError, OSError, ValueError) as error:
                log.debug("no connection to %s: %s", self.address, error)
                self._set_connection("Lost", str(error))
                refused = isinstance(error, AuthenticationFailed)
            finally:
                self._client = None
            await asyncio.sleep(REFUSED_S if refused else AGAIN_S)

    async def _follow(self, client: AsyncOT2) -> None:
        """Watch one connection until it breaks, which raises its error."""
        tasks = [asyncio.create_task(self._keep(name, of(client))) for name, of in WATCHED.items()]
        tasks.append(asyncio.create_task(self._test_connection(client)))
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
        while True:
            try:
                locked = await asyncio.wait_for(client.lock_controller.is_locked.get(), ANSWER_S)
            except asyncio.TimeoutError:
                raise ServerUnreachable(f"{self.address} does not answer.") from None
            self._set_connection("Connected", "")
            self._change(locked=locked)
            await asyncio.sleep(self._heartbeat_s)

    def _set_connection(self, connection: Connection, trouble: str) -> None:
        if connection != self.facts.connection:
            self._change(connection=connection, changed_at=_now(), trouble=trouble)
        else:
            self._change(trouble=trouble)

    def _change(self, **changes: Any) -> None:
        facts = dataclasses.replace(self.facts, **changes)
        if facts == self.facts:
            return
        self.facts = facts
        if not self._telling:  # changes that come together are shown together
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = False
        self.readings.note(self.facts)
        for listener in list(self._listeners):
            listener(self.facts)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)
