"""The lock of a server: one client has it to itself."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import uuid4

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.undoing import done_or_undone
from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.calls import Request
from sila_ot2.client.generated.lock_controller import LOCK_IDENTIFIER_METADATA, LOCK_SERVER, UNLOCK_SERVER
from sila_ot2.client.interrupts import Interrupts
from sila_ot2.client.link import Link

_KEY, _ = LOCK_IDENTIFIER_METADATA.entry("")


class Lock:
    """A context manager: the server is locked within, and the calls of this client carry the identifier.

    Args:
        link: the connection.
        timeout: the lock ends by itself when no call of this client has come for that time, in seconds; None: never.
        identifier: the identifier of the lock; a random one unless given.
    """

    def __init__(self, link: Link, timeout: int | None, identifier: str | None) -> None:
        self._link, self._timeout = link, timeout or 0
        self.identifier = identifier or str(uuid4())

    def __enter__(self) -> Lock:
        locked = False
        try:
            with Interrupts():
                self._link.command(LOCK_SERVER, (self.identifier, self._timeout))
                locked = True
            self.use()
            return self  # noqa: TRY300 (an interrupt may come here, too)
        except BaseException:
            if locked:
                with suppress(ClientError):
                    self._unlock()
            raise

    def __exit__(self, *_: Any) -> None:
        self._unlock()

    def _unlock(self) -> None:
        with Interrupts(hold=True):
            try:
                self._link.command(UNLOCK_SERVER, (self.identifier,))
            finally:
                self._link.metadata.remove(_KEY)

    def use(self) -> None:
        """Let the calls of this client carry the identifier; the server was locked with it before."""
        affected = self._link.read(LOCK_IDENTIFIER_METADATA.affected)
        self._link.metadata.set(_KEY, affected, LOCK_IDENTIFIER_METADATA.entry(self.identifier)[1])


class AsyncLock:
    """The same for asyncio: an asynchronous context manager.

    Args:
        link: the connection.
        timeout: the lock ends by itself when no call of this client has come for that time, in seconds; None: never.
        identifier: the identifier of the lock; a random one unless given.
    """

    def __init__(self, link: AsyncLink, timeout: int | None, identifier: str | None) -> None:
        self._link, self._timeout = link, timeout or 0
        self.identifier = identifier or str(uuid4())

    async def __aenter__(self) -> AsyncLock:
        request = await self._link.prepared(LOCK_SERVER, (self.identifier, self._timeout))
        await done_or_undone(self._lock(request), lambda _: self._unlock())
        return self

    async def __aexit__(self, *_: Any) -> None:
        await done_or_undone(self._unlock())

    async def _lock(self, request: Request) -> None:
        await self._link.send(LOCK_SERVER, request)
        try:
            await self.use()
        except BaseException:
            with suppress(ClientError):
                await self._unlock()
            raise

    async def _unlock(self) -> None:
        try:
            await self._link.command(UNLOCK_SERVER, (self.identifier,))
        finally:
            self._link.metadata.remove(_KEY)

    async def use(self) -> None:
        """Let the calls of this client carry the identifier; the server was locked with it before."""
        affected = await self._link.read(LOCK_IDENTIFIER_METADATA.affected)
        self._link.metadata.set(_KEY, affected, LOCK_IDENTIFIER_METADATA.entry(self.identifier)[1])
