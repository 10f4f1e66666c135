"""A value that tells its subscribers when it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Observable(Generic[T]):
    """Holds the newest value; subscribers are called with each new one, in order, on the setter's thread.

    Subscribers must be quick and must not set the value they are notified of.
    """

    def __init__(self, value: T) -> None:
        self._value = value
        self._subscribers: list[Callable[[T], None]] = []
        self._lock = threading.RLock()  # held while firing: every subscriber sees the values in the order they were set

    @property
    def value(self) -> T:
        """The newest value."""
        return self._value

    def set(self, value: T) -> None:
        """Take over `value`; subscribers are called only if it differs from the present one."""
        with self._lock:
            if value == self._value:
                return
            self._value = value
            for subscriber in tuple(self._subscribers):
                subscriber(value)

    def subscribe(self, subscriber: Callable[[T], None]) -> Callable[[], None]:
        """Call `subscriber` with the present value now and with every later one; returns what ends that."""
        with self._lock:
            self._subscribers.append(subscriber)
            subscriber(self._value)

        def unsubscribe() -> None:
            with self._lock:
                if subscriber in self._subscribers:
                    self._subscribers.remove(subscriber)

        return unsubscribe
