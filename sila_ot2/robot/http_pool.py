"""Connections to the robot, with the HTTP of Python's standard library.

Nearly all requests and answers are small, and several are sent each second to each robot. http.client takes half of the
processor time that httpx takes for one. The connections themselves are those of `Network`.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, cast

import httpcore
import httpx

from sila_ot2.robot.network import Network, encryption

_PIECE = 65_536
"""So many bytes are asked for at a time: an answer may announce more than there is memory."""
_NAMES: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadError: httpx.ReadError,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteError: httpx.WriteError,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    http.client.HTTPException: httpx.RemoteProtocolError,
}


class HttpPool(httpx.BaseTransport):
    """Connections to one robot, as many as there are requests at a time. Thread-safe.

    Args:
        idle: how many are kept while nothing is asked.
        keep_alive_s: for how long.
        network: opens them.
    """

    def __init__(self, idle: int, keep_alive_s: float, network: Network) -> None:
        self._most_idle = idle
        self._keep_alive_s = keep_alive_s
        self._network = network
        self._lock = threading.Lock()
        self._idle: deque[tuple[float, httpcore.NetworkStream]] = deque()
        """Until when each is kept; the newest last."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its whole answer; its connection is used again once the answer is closed.

        Raises:
            httpx.TransportError: it was not sent, or no whole answer has come.
        """
        timeout: dict[str, float | None] = request.extensions["timeout"]
        with _named():
            stream = self._take() or self._connect(request.url, timeout["connect"])
            try:
                is_sent = _send(stream, request, timeout["write"])
                answer, content = _receive(_Incoming(stream, timeout["read"]), request)
            except BaseException:
                stream.close()
                raise
        # robot-server closes the connection after an unhandled error without saying so (measured on 7.5 and 8.1).
        # Not used again, it cannot swallow the next request.
        is_kept = is_sent and not answer.will_close and answer.status < 500
        return httpx.Response(
            answer.status,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.getheaders()],
            stream=_Content(content, lambda: self._give_back(stream) if is_kept else stream.close()),
        )

    def close(self) -> None:
        """Close the connections on which nothing is asked."""
        with self._lock:
            idle, self._idle = self._idle, deque()
        for _, stream in idle:
            stream.close()

    def _take(self) -> httpcore.NetworkStream | None:
        """Return the connection that was used last, unless the robot has closed it or it is too old."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                until, stream = self._idle.pop()
            if time.monotonic() < until and not stream.get_extra_info("is_readable"):
                return stream
            stream.close()

    def _give_back(self, stream: httpcore.NetworkStream) -> None:
        now = time.monotonic()
        with self._lock:
            self._idle.append((now + self._keep_alive_s, stream))
            surplus = []
            while len(self._idle) > self._most_idle or (self._idle and self._idle[0][0] <= now):
                surplus.append(self._idle.popleft()[1])
        for old in surplus:
            old.close()

    def _connect(self, url: httpx.URL, timeout_s: float | None) -> httpcore.NetworkStream:
        encrypted = url.scheme == "https"
        stream = self._network.connect_tcp(url.host, url.port or (443 if encrypted else 80), timeout_s)
        return stream.start_tls(encryption(), url.host, timeout_s) if encrypted else stream


class _Content(httpx.SyncByteStream):
    """The content of an answer, all of which has come."""

    def __init__(self, content: bytes, on_close: Callable[[], None]) -> None:
        self._content = content
        self._on_close = on_close

    def __iter__(self) -> Iterator[bytes]:
        return iter((self._content,))

    def close(self) -> None:
        """Let the connection be used again."""
        self._on_close()


class _Incoming(io.RawIOBase):
    """What comes on a connection, as much of a socket as http.client reads an answer from."""

    def __init__(self, stream: httpcore.NetworkStream, timeout_s: float | None) -> None:
        self._stream = stream
        self._timeout_s = timeout_s
        self.may_end = False
        """Whether the head is complete: http.client takes an end within it for the end of the head."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._stream.read(len(buffer), self._timeout_s)
        if not content and not self.may_end:
            raise http.client.IncompleteRead(b"")
        buffer[: len(content)] = content
        return len(content)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


def _send(stream: httpcore.NetworkStream, request: httpx.Request, timeout_s: float | None) -> bool:
    """Send a request, a large one in pieces; returns whether all of it was taken.

    A robot may refuse a request before it has all of it, and take no more: what it answers is then still to be read.
    """
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % field for field in request.headers.raw]
    assert isinstance(request.stream, httpx.SyncByteStream)  # noqa: S101 - as the HTTP client is synchronous
    pieces = iter(request.stream)
    try:
        stream.write(b"\r\n".join((*lines, b"", next(pieces, b""))), timeout_s)
        for piece in pieces:
            stream.write(piece, timeout_s)
    except httpcore.WriteError:
        return False
    return True


def _receive(incoming: _Incoming, request: httpx.Request) -> tuple[http.client.HTTPResponse, bytes]:
    """Return the answer and its content."""
    answer = http.client.HTTPResponse(cast(socket.socket, incoming), method=request.method)
    answer.begin()
    incoming.may_end = True
    try:
        return answer, b"".join(_pieces(answer))
    except ValueError as error:  # what http.client raises for a piece of negative length
        raise http.client.HTTPException(str(error)) from error


def _pieces(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := answer.read(_PIECE):
        yield piece
    if answer.length:  # http.client passes over an end that comes too early
        raise http.client.IncompleteRead(b"", answer.length)


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Raise what goes wrong as httpx does."""
    try:
        yield
    except tuple(_NAMES) as error:
        name = next(name for kind, name in _NAMES.items() if isinstance(error, kind))
        raise name(str(error)) from error
