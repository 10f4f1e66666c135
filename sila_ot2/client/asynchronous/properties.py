"""Properties of a server's features, for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from sila_ot2.client.asynchronous.link import AsyncLink, AsyncStream
from sila_ot2.client.calls import CallDefinition

T = TypeVar("T")
_FORWARDING: set[asyncio.Task[None]] = set()
"""An event loop alone does not keep a task alive."""


class AsyncProperty(Generic[T]):
    """A property that can be read.

    Attributes:
        identifier: the fully qualified identifier.
    """

    def __init__(self, link: AsyncLink, call: CallDefinition[T]) -> None:
        self._link, self._call = link, call
        self.identifier = call.identifier

    def __repr__(self) -> str:
        return f"<{self._call.name}; await .get() reads it>"

    async def get(self) -> T:
        """Read the present value."""
        return await self._link.read(self._call)


class AsyncObservableProperty(AsyncProperty[T]):
    """A property that can be read and watched."""

    def __repr__(self) -> str:
        return f"<{self._call.name}; await .get() reads it, async for ... in .subscribe() watches it>"

    async def get(self) -> T:
        """Read the present value."""
        async with self.subscribe() as values:
            return await anext(values)

    def subscribe(self) -> AsyncSubscription[T]:
        """Watch it: yields the present value and each new one, across broken connections, until it is cancelled."""
        call = self._call
        metadata = self._link.metadata.of(call)
        return AsyncSubscription(
            self._link.stream(call.path, b"", call.answer.read, call.name, endless=True, metadata=metadata)
        )

    def on_change(self, callback: Callable[[T], object]) -> AsyncSubscription[T]:
        """Call back with the present value and each new one, in a task of its own, until it is cancelled."""
        subscription = self.subscribe()
        task = asyncio.create_task(subscription.forward(callback), name=self._call.name)
        _FORWARDING.add(task)
        task.add_done_callback(_FORWARDING.discard)
        return subscription


class AsyncSubscription(Generic[T]):
    """The values of a property; an asynchronous iterator and context manager, which cancels it."""

    def __init__(self, stream: AsyncStream[T]) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncSubscription[T]:
        return self

    async def __anext__(self) -> T:
        return await self._stream.__anext__()

    async def __aenter__(self) -> AsyncSubscription[T]:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cancel()

    def cancel(self) -> None:
        """End it."""
        self._stream.cancel()

    async def forward(self, callback: Callable[[T], object]) -> None:
        """Call back with each value until it is cancelled."""
        async for value in self:
            callback(value)
