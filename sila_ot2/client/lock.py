"""The lock of a server: one client has it to itself."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import Any
from uuid import uuid4

from sila_ot2.client.asynchronous.link import AsyncLink
from sila_ot2.client.asynchronous.undoing import done_or_undone
from sila_ot2.client.base_errors import AnswerLost, ClientError, NotASilaServer
from sila_ot2.client.calls import RequestMessage
from sila_ot2.client.execution import is_interrupt, timeout_after
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
        may_be_locked = False
        try:
            with Interrupts() as sending:
                try:
                    self._link.command(LOCK_SERVER, (self.identifier, self._timeout))
                    may_be_locked = True
                except BaseException as error:
                    may_be_locked = sending.holding if is_interrupt(error) else _may_be_locked(error)
                    raise
            self.use()
            return self  # noqa: TRY300 (an interrupt may come here, too)
        except BaseException as error:
            if may_be_locked:
                self._unlock_after(error)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            self._unlock(timeout_after(error))
        except (KeyboardInterrupt, SystemExit) as interrupt:  # perhaps before it was sent
            if not is_interrupt(error):
                self._unlock_after(interrupt)
            raise
        except ClientError:
            if not is_interrupt(error):
                raise

    def _unlock_after(self, error: BaseException) -> None:
        """Unlock it; the caller raises the error."""
        with suppress(ClientError):
            self._unlock(timeout_after(error))

    def _unlock(self, within_s: float | None) -> None:
        try:
            self._link.command(UNLOCK_SERVER, (self.identifier,), within_s)
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

    async def _lock(self, request: RequestMessage) -> None:
        may_be_locked = True
        try:
            try:
                await self._link.send(LOCK_SERVER, request)
            except ClientError as error:
                may_be_locked = _may_be_locked(error)
                raise
            await self.use()
        except BaseException:
            if may_be_locked:
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


def _may_be_locked(error: BaseException) -> bool:
    """Return whether the server may have been locked although LockServer failed; not if it has refused.

    A refused lock is not given back: somebody else may hold it with the same identifier.
    """
    return isinstance(error, (AnswerLost, NotASilaServer))
