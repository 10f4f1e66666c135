"""A small bounded queue between one writer and the one reader of a stream."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator


class BoundedQueue:
    """Holds what a stream has still to send; when the reader is slow, the oldest items give way.

    With a capacity of one a slow reader gets the newest value only. Writers never wait. Iteration ends when the box is
    closed and empty, or at once when it is abandoned; an error given to `close` is raised after the last item.
    """

    def __init__(self, capacity: int) -> None:
        self._items: deque[bytes] = deque(maxlen=capacity)
        self._changed = threading.Condition()
        self._closed = False
        self._error: BaseException | None = None

    def put(self, item: bytes) -> None:
        """Add an item; one too many displaces the oldest."""
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def close(self, error: BaseException | None = None) -> None:
        """End the stream after what is in the box."""
        with self._changed:
            if not self._closed:
                self._closed, self._error = True, error
            self._changed.notify()

    def abandon(self) -> None:
        """End the stream at once: the reader is gone."""
        with self._changed:
            self._items.clear()
            self._closed, self._error = True, None
            self._changed.notify()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            with self._changed:
                while not self._items and not self._closed:
                    self._changed.wait()
                if not self._items:
                    if self._error is not None:
                        raise self._error.with_traceback(
                            None
                        )  # many readers raise it; their tracebacks must not add up
                    return
                item = self._items.popleft()
            yield item
