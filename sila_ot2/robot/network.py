"""The connections to the robot: how long an exchange may take in all, how much may come, and how each of them ends.

An HTTP client limits the time of each reading, so that it waits without end for a robot that sends a byte a second.
Here the whole exchange has a deadline. A connection on which an exchange did not come to its end is reset, not closed:
the operating system then sends nothing of the request any more.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx
from typing_extensions import Self

from sila_ot2.robot.descriptors import Reserve, are_exhausted

_RESET = struct.pack("ii", 1, 0)


@functools.cache
def encryption() -> ssl.SSLContext:
    """Made once: reading the authorities takes some hundredths of a second."""
    return httpx.create_ssl_context(trust_env=False)


class AnswerTooLarge(httpcore.ReadError):
    """More came than is read on a route."""


class Exchange:
    """One request and its answer, made by the thread that enters it; answered when the block ends without an error."""

    def __init__(self, within_s: float, largest_bytes: int) -> None:
        """Begin; it may take `within_s` in all, and bring so many bytes."""
        self._ends_at = time.monotonic() + within_s
        self._bytes_left = largest_bytes
        self._largest_bytes = largest_bytes
        self.answered = False
        """Whether the whole answer has come."""

    def __enter__(self) -> Self:
        self._token = exchange.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        exchange.reset(self._token)

    def left_s(self, at_most_s: float | None, timed_out: type[Exception]) -> float:
        """Return how long the next step may take.

        Raises:
            Exception: `timed_out`, if no time is left.
        """
        left_s = self._ends_at - time.monotonic()
        if left_s <= 0:
            raise timed_out("the answer was not complete in time")
        return left_s if at_most_s is None else min(left_s, at_most_s)

    def take(self, count: int) -> None:
        """Count bytes that have come.

        Raises:
            AnswerTooLarge: they are too many.
        """
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise AnswerTooLarge(f"the answer is larger than {self._largest_bytes} bytes")


exchange: ContextVar[Exchange] = ContextVar("exchange")
"""The one that this thread makes: nothing is read from the robot or sent to it outside of one."""


class NoBody(httpx.SyncByteStream):
    """The body of a request that has none: httpx's own is a piece of no bytes, which is sent, too."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


class Network(httpcore.SyncBackend):
    """Opens the connections of one pool. Thread-safe.

    Threads that wait for an answer can be made to stop waiting: a robot that was unreachable for a time may have lost
    their requests.
    """

    def __init__(self, reserve: Reserve) -> None:
        self._reserve = reserve
        self._lock = threading.Lock()
        self._waiting: set[socket.socket] = set()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection, with a descriptor that was kept back if there is no other."""
        while True:
            left_s = exchange.get().left_s(timeout, httpcore.ConnectTimeout)
            try:
                stream = super().connect_tcp(host, port, left_s, local_address, socket_options)
            except httpcore.ConnectError as error:
                if not are_exhausted(error) or not self._reserve.give():
                    raise
            else:
                self._reserve.fill()
                return _RobotStream(stream, self)

    def give_up(self) -> None:
        """End the connections on which an answer is waited for, as if the robot had; the others are left alone."""
        with self._lock:
            for connection in self._waiting:
                with contextlib.suppress(OSError):  # the robot was quicker
                    connection.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def waiting(self, connection: socket.socket) -> Iterator[None]:
        """Note that an answer is waited for."""
        with self._lock:
            self._waiting.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(connection)


class _RobotStream(httpcore.NetworkStream):
    """One connection."""

    def __init__(self, stream: httpcore.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network
        self._socket: socket.socket = stream.get_extra_info("socket")
        self._last: Exchange | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for what comes next."""
        one = exchange.get()
        with self._network.waiting(self._socket):
            content = self._stream.read(max_bytes, one.left_s(timeout, httpcore.ReadTimeout))
        one.take(len(content))
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._last = exchange.get()
        self._stream.write(buffer, self._last.left_s(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """End the connection; reset it if the last request on it was not answered."""
        if self._last is not None and not self._last.answered:
            with contextlib.suppress(OSError):  # it is gone
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt the connection from now on."""
        left_s = exchange.get().left_s(timeout, httpcore.ConnectTimeout)
        return _RobotStream(self._stream.start_tls(ssl_context, server_hostname, left_s), self._network)

    def get_extra_info(self, info: str) -> Any:
        """Return a fact about the connection."""
        return self._stream.get_extra_info(info)
