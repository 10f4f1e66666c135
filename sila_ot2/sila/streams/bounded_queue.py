"""A small bounded queue between one writer and the one reader of a stream."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


def _nothing() -> None:
    pass


class BoundedQueue:
    """Holds what a stream has still to send; when the reader is slow, the oldest items are dropped.

    With a capacity of one a slow reader gets the newest value only. Writers never wait, and nobody waits for an item:
    the queue calls its sender once when there is something to take, and not again before the sender has taken it and
    asked whether there is more.

    Args:
        capacity: the most items it holds; None for any number.
        unsubscribe: is called with the queue by `end`: its writer shall forget it.
    """

    def __init__(self, capacity: int | None, unsubscribe: Callable[[BoundedQueue], None] = lambda queue: None) -> None:
        self._items: deque[bytes] = deque(maxlen=capacity)
        self._unsubscribe = unsubscribe
        self._lock = threading.Lock()
        self._closed = False
        self._error: BaseException | None = None
        self._call_sender: Callable[[], None] | None = None
        self._called = False

    # --- for the writer -----------------------------------------------------------------------------------------------

    def put(self, item: bytes) -> None:
        """Add an item; if the queue is full, the oldest is dropped."""
        with self._lock:
            if not self._closed:
                self._items.append(item)
            call = self._to_call()
        call()

    def close(self, error: BaseException | None = None) -> None:
        """End the stream after what is in the queue, with an error if one is given."""
        with self._lock:
            if not self._closed:
                self._closed, self._error = True, error
            call = self._to_call()
        call()

    # --- for the sender -----------------------------------------------------------------------------------------------

    def abandon(self) -> None:
        """End the stream at once: the reader is gone."""
        with self._lock:
            self._items.clear()
            self._closed, self._error = True, None
            call = self._to_call()
        call()

    def open(self, call_sender: Callable[[], None]) -> None:
        """Call the sender from now on. It must not wait: writers call it."""
        with self._lock:
            self._call_sender = call_sender
            call = self._to_call()
        call()

    def take(self) -> bytes | None:
        """Return the oldest item; None if there is none, which after a call means that the stream is at its end."""
        with self._lock:
            return self._items.popleft() if self._items else None

    def has_more(self) -> bool:
        """Whether there is something to take now; if not, the sender is called again once there is."""
        with self._lock:
            self._called = bool(self._items) or self._closed
            return self._called

    def end(self) -> BaseException | None:
        """Leave the writer; return the error that the stream ends with, if any."""
        self._unsubscribe(self)
        return self._error

    def _to_call(self) -> Callable[[], None]:
        if self._called or self._call_sender is None or not (self._items or self._closed):
            return _nothing
        self._called = True
        return self._call_sender
