"""The threads that send what streams have to send: a few for all streams, not one for each."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from sila_ot2.sila.execution.workers import Workers
from sila_ot2.sila.streams.bounded_queue import BoundedQueue

_log = logging.getLogger(__name__)

_THREADS = 2
_SLOW_S = 0.1
"""A client that has not taken an item for so long is slow. Sending takes well below a millisecond otherwise."""
_SLOW_FOR_S = 5.0
"""How long a client counts as slow after it was found so the last time."""

Send = Callable[["bytes | None"], object]
"""Sends an item, or None to end the stream; waits while the client does not read."""


class Senders:
    """Sends what comes into the queues of streams.

    gRPC waits in `send` while a client does not read and its window is full. A thread that waits there longer than a
    moment gives its place to a new one, and all streams of its client get threads apart from the others for some
    seconds. So a slow client holds up nobody for longer than a moment, and costs threads while it is slow. The items of
    one stream are sent in their order, one at a time.

    Args:
        slow: streams of slow clients that are sent to at a time; further ones wait for these.
    """

    def __init__(self, slow: int) -> None:
        self._ready: queue.SimpleQueue[_MessageStream | None] = queue.SimpleQueue()
        self._since: dict[threading.Thread, tuple[float, str]] = {}
        """Since when a thread is in `send`, and for which client; without those that gave their place away."""
        self._begun = threading.Event()
        """Set when a thread has begun to send: only then can one be waiting."""
        self._for_slow = Workers(slow)
        self._slow_until: dict[str, float] = {}  # by client
        self._stopped = threading.Event()

    def start(self) -> None:
        """Send from now on."""
        for _ in range(_THREADS):
            self._add_thread()
        threading.Thread(target=self._replace_slow, name="sila-senders", daemon=True).start()

    def stop(self) -> None:
        """Let the threads end; never waits."""
        self._stopped.set()
        self._begun.set()
        for _ in range(_THREADS):
            self._ready.put(None)
        self._for_slow.shutdown()

    def open(self, queue: BoundedQueue, send: Send, end: Callable[[BaseException | None], None], client: str) -> None:
        """Send what comes into a queue, until it is at its end.

        Args:
            queue: the items of the stream.
            send: sends an item.
            end: is called once at the end, with the error that the stream ends with, if any.
            client: who reads the stream: one that has its connection has its window, too.
        """
        stream = _MessageStream(queue, send, end, client)
        queue.open(lambda: self._ready.put(stream))

    def _add_thread(self) -> None:
        threading.Thread(target=self._work, name="sila-sender", daemon=True).start()

    def _work(self) -> None:
        this = threading.current_thread()
        while (stream := self._ready.get()) is not None:
            if self._is_slow(stream.client):
                self._for_slow.submit(self._send_all, stream)
                continue
            self._since[this] = time.monotonic(), stream.client
            self._begun.set()
            if self._send_next(stream):
                self._ready.put(stream)
            if self._since.pop(this, None) is None:
                return  # another thread has its place

    def _send_all(self, stream: _MessageStream) -> None:
        while self._send_next(stream):
            pass

    def _send_next(self, stream: _MessageStream) -> bool:
        begun = time.monotonic()
        more = stream.send_next()
        if time.monotonic() - begun > _SLOW_S:
            self._note_slow(stream.client)
        return more

    def _is_slow(self, client: str) -> bool:
        return self._slow_until.get(client, 0.0) > time.monotonic()

    def _note_slow(self, client: str) -> None:
        now = time.monotonic()
        for other, until in list(self._slow_until.items()):
            if until < now:
                self._slow_until.pop(other, None)
        self._slow_until[client] = now + _SLOW_FOR_S

    def _replace_slow(self) -> None:
        while not self._stopped.is_set():
            self._begun.wait()
            self._begun.clear()
            while not self._stopped.wait(_SLOW_S) and self._since:
                latest = time.monotonic() - _SLOW_S
                for thread, (since, client) in list(self._since.items()):
                    if since < latest and self._since.pop(thread, None) is not None:
                        self._note_slow(client)
                        self._add_thread()


class _MessageStream:
    def __init__(
        self, queue: BoundedQueue, send: Send, end: Callable[[BaseException | None], None], client: str
    ) -> None:
        self._queue = queue
        self._send = send
        self._end = end
        self.client = client

    def send_next(self) -> bool:
        """Send the oldest item, or end the stream; whether there is more to be sent."""
        item = self._queue.take()
        try:
            if item is None:
                self._end(self._queue.end())
            else:
                self._send(item)
        except Exception:  # noqa: BLE001 (a thread for many streams must not end with one of them)
            _log.exception("a stream is ended: what it has to send cannot be sent")
            self._queue.abandon()
        return item is not None and self._queue.has_more()
