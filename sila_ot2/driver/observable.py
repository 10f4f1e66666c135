"""A value that calls its subscribers when it changes. For events without a value, use `Subscribers`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Generic, TypeVar

from sila_ot2.subscribers import Subscribers

T = TypeVar("T")
U = TypeVar("U")


class Observable(Generic[T]):
    """Holds the newest value; subscribers are called with each new one, in order, on the setter's thread.

    Subscribers must be quick and must not set the value they are called with.
    """

    def __init__(self, value: T) -> None:
        self._value = value
        self._changed: Subscribers[T] = Subscribers()
        self._lock = threading.RLock()  # held while firing: every subscriber sees the values in the order they were set

    @property
    def value(self) -> T:
        """The newest value."""
        return self._value

    def set(self, value: T) -> None:
        """Replace the value; subscribers are called only if it differs from the present one.

        Each is called even if one before it raises: it would not get this value again. The exception is raised then.
        """
        with self._lock:
            differs = value is not self._value and value != self._value
            self._value = value
            if differs:
                with ExitStack() as calls:  # makes all its calls, the last one first
                    for subscriber in reversed(tuple(self._changed)):
                        calls.callback(subscriber, value)

    def update(self, change: Callable[[T], T]) -> None:
        """Replace the value by `change(value)`; no other thread sets it in between."""
        with self._lock:
            self.set(change(self._value))

    def subscribe(self, subscriber: Callable[[T], None]) -> Callable[[], None]:
        """Call `subscriber` with the present value now and with every later one; returns a function that ends it."""
        with self._lock:
            end = self._changed.subscribe(subscriber)
            subscriber(self._value)

        def unsubscribe() -> None:
            with self._lock:
                end()

        return unsubscribe

    def derive(self, function: Callable[[T], U]) -> Observable[U]:
        """Return an observable of `function(value)`, which follows every change; `function` must not do any I/O."""
        with self._lock:
            derived = Observable(function(self._value))
            self.subscribe(lambda value: derived.set(function(value)))
            return derived
