"""Properties of a server's features."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sila_ot2.client.calls import CallDefinition
from sila_ot2.client.link import Link, Stream

T = TypeVar("T")


class Property(Generic[T]):
    """A property that can be read.

    Attributes:
        identifier: the fully qualified identifier.
    """

    def __init__(self, link: Link, call: CallDefinition[T]) -> None:
        self._link, self._call = link, call
        self.identifier = call.identifier

    def __repr__(self) -> str:
        return f"<{self._call.name}; .get() reads it>"

    def get(self) -> T:
        """Read the present value."""
        return self._link.read(self._call)


class ObservableProperty(Property[T]):
    """A property that can be read and watched."""

    def __repr__(self) -> str:
        return f"<{self._call.name}; .get() reads it, .subscribe() yields it whenever it changes>"

    def get(self) -> T:
        """Read the present value."""
        with self.subscribe() as values:
            for value in values:
                return value
        raise self._link.closed_error(self._call.name)

    def subscribe(self) -> Subscription[T]:
        """Watch it: yields the present value and each new one, across broken connections, until it is cancelled."""
        call = self._call
        stream = self._link.stream(
            call.path, b"", call.answer.read, call.name, endless=True, metadata=self._link.metadata.of(call)
        )
        return Subscription(stream)

    def on_change(self, callback: Callable[[T], object]) -> Subscription[T]:
        """Call back with the present value and each new one, on a thread of its own, until it is cancelled."""
        subscription = self.subscribe()
        threading.Thread(target=subscription.forward, args=(callback,), name=self._call.name, daemon=True).start()
        return subscription


class Subscription(Generic[T]):
    """The values of a property; an iterator and a context manager, which cancels it."""

    def __init__(self, stream: Stream[T]) -> None:
        self._stream = stream

    def __iter__(self) -> Subscription[T]:
        return self

    def __next__(self) -> T:
        return next(self._stream)

    def __enter__(self) -> Subscription[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.cancel()

    def cancel(self) -> None:
        """End it; may be called by another thread."""
        self._stream.cancel()

    def forward(self, callback: Callable[[T], object]) -> None:
        """Call back with each value until it is cancelled."""
        for value in self:
            callback(value)
