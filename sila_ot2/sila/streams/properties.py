"""Observable properties: one value, many readers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from sila_ot2.sila.streams.bounded_queue import BoundedQueue

T = TypeVar("T")


class _NoValue:
    def __repr__(self) -> str:
        return "no value yet"


_NO_VALUE = _NoValue()


class ObservableProperty(Generic[T]):
    """The value of an observable property, set by the server and read by any number of subscribers.

    Subscribers get the present value at once and then every change; one that reads too slowly gets the newest value.
    A value is written only for subscribers, as most properties change often and have none. One that violates the
    property's definition is sent to nobody: it raises in `set` while there are subscribers, and else in `subscribe`.
    Any thread may call any method.

    A property must have a value when the server starts: give one here, or `set` it before.
    """

    def __init__(self, value: T | _NoValue = _NO_VALUE) -> None:
        self._value = value
        self._encode: Callable[[T], bytes] | None = None
        self._encoded: bytes | None = None
        """The value as it is sent; None until somebody subscribes."""
        self._error: Exception | None = None
        self._readers: list[BoundedQueue] = []
        self._closed = False
        self._source: ObservableProperty[T] | None = None
        self._followers: list[ObservableProperty[T]] = []
        self._lock = threading.Lock()

    @property
    def value(self) -> T:
        """The value set last.

        Raises:
            LookupError: none has been set yet.
        """
        if self._value is _NO_VALUE:
            raise LookupError("the property has no value yet")
        return cast(T, self._value)

    def set(self, value: T) -> None:
        """Make `value` the property's value, and send it to the subscribers if it differs from the present one.

        Raises:
            ValueError: there are subscribers, and the value violates the property's definition; the present one stays.
        """
        with self._lock:
            for follower in self._followers:
                follower.set(value)
            encoded = self._encode(value) if self._encode is not None and self._readers else None
            if encoded is not None and encoded != self._encoded:
                for reader in self._readers:
                    reader.put(encoded)
            self._value, self._encoded, self._error = value, encoded, None

    def fail(self, error: Exception) -> None:
        """End every subscription with `error`, and new ones too, until a value is set again."""
        with self._lock:
            for follower in self._followers:
                follower.fail(error)
            self._error = error
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.close(error)

    def follow(self, source: ObservableProperty[T]) -> None:
        """Have the value of another property, now and with each change, instead of the one that was followed before.

        Raises:
            LookupError: the other one has no value; it is followed from its first value on.
            ValueError: its value violates the definition; it is followed from its next value on.
        """
        if self._source is not None:
            self._source._remove_follower(self)  # noqa: SLF001 (of this class)
        self._source = source
        source._add_follower(self)  # noqa: SLF001 (of this class)

    def _add_follower(self, follower: ObservableProperty[T]) -> None:
        with self._lock:
            self._followers.append(follower)
            if self._error is not None:
                follower.fail(self._error)
            else:
                follower.set(self.value)

    def _remove_follower(self, follower: ObservableProperty[T]) -> None:
        with self._lock:
            self._followers = [one for one in self._followers if one is not follower]

    def bind(self, encode: Callable[[T], bytes]) -> None:
        """Used by the server: how values of this property are checked and written.

        Raises:
            LookupError: the property has no value.
            ValueError: its value violates the definition.
        """
        with self._lock:
            self._encoded = encode(self.value)
            self._encode = encode

    def subscribe(self) -> BoundedQueue:
        """Used by the server: a queue that holds the present value and will hold the newest.

        Raises:
            ValueError: the present value violates the property's definition.
        """
        queue = BoundedQueue(1, self._unsubscribe)
        with self._lock:
            if self._error is not None:
                queue.close(self._error)
            else:
                if self._encode is not None:
                    if self._encoded is None:
                        self._encoded = self._encode(self.value)
                    queue.put(self._encoded)
                if self._closed:
                    queue.close()
                else:
                    self._readers.append(queue)
        return queue

    def close(self) -> None:
        """Used by the server when it stops: end every subscription, and those to come, after what is on its way."""
        with self._lock:
            self._closed = True
            readers, self._readers = self._readers, []
        for reader in readers:
            reader.close()

    def _unsubscribe(self, queue: BoundedQueue) -> None:
        with self._lock:
            self._readers = [reader for reader in self._readers if reader is not queue]
