"""The answers that a server-initiated connection has still to send."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

CAPACITY = 64


class AnswerQueue:
    """A queue from many writers, who wait while it is full, to the one connection that sends what is in it."""

    def __init__(self) -> None:
        self._items: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: bytes) -> bool:
        """Add an answer; wait for room. False if the connection is closed: the answer is not sent."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < CAPACITY)
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()
            return not self._closed

    def close(self) -> None:
        """Take no more; what is in it can still be sent."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._items))
                if not self._items:
                    return
                item = self._items.popleft()
                self._changed.notify_all()
            yield item
