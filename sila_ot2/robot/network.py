"""The connections over which the robot is read: whoever waits for an answer can be made to stop waiting.

A robot that was out of reach and is back need not know any more what it was asked before: its answer may never come.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx


@functools.cache
def _encryption() -> ssl.SSLContext:
    """Made once: reading the authorities takes some hundredths of a second."""
    return httpx.create_ssl_context(trust_env=False)


class Pool(httpx.HTTPTransport):
    """Connections to the robot, opened by `network`."""

    def __init__(self, idle: int, keep_alive_s: float, network: httpcore.NetworkBackend) -> None:
        """Open as many connections as there are requests at a time; keep `idle` idle ones for this long.

        There is no maximum: a request that hangs must not keep another one from being sent.
        """
        context = _encryption()
        super().__init__(verify=context, trust_env=False)
        # httpx passes no network on; what it makes itself differs in nothing else.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=idle,
            keepalive_expiry=keep_alive_s,
            network_backend=network,
        )


class ReadingNetwork(httpcore.SyncBackend):
    """Opens the connections of one pool. Thread-safe."""

    def __init__(self) -> None:
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
        """Open a connection."""
        return _Stream(super().connect_tcp(host, port, timeout, local_address, socket_options), self)

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


class _Stream(httpcore.NetworkStream):
    """One connection."""

    def __init__(self, stream: httpcore.NetworkStream, network: ReadingNetwork) -> None:
        self._stream = stream
        self._network = network
        self._socket: socket.socket = stream.get_extra_info("socket")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for what comes next."""
        with self._network.waiting(self._socket):
            return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted."""
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._network)

    def get_extra_info(self, info: str) -> Any:
        """Say something about the connection."""
        return self._stream.get_extra_info(info)
