"""What a handler sees of a request that came over a server-initiated connection, in place of gRPC's context."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sila_ot2.sila.errors import ErrorStatus


class RequestRefused(Exception):
    """The request ends with an error.

    Attributes:
        error: the SiLA or binary transfer error, or one that has a gRPC status of its own.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


class RequestContext:
    """The part of `grpc.ServicerContext` that our handlers use.

    Args:
        peer: the client's address, in the form of gRPC's.

    Attributes:
        metadata: names and values of SiLA client metadata, as gRPC headers have them.
        error: what the request ends with.
    """

    def __init__(self, peer: str) -> None:
        self.metadata: tuple[tuple[str, bytes], ...] = ()
        self.error: BaseException | None = None
        self._peer = peer
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._active = True

    def peer(self) -> str:
        """The client's address."""
        return self._peer

    def invocation_metadata(self) -> tuple[tuple[str, bytes], ...]:
        """The metadata of the request."""
        return self.metadata

    def auth_context(self) -> dict[str, tuple[bytes, ...]]:
        """What is known of the client by its certificate: nothing, because this server has connected to it."""
        return {}

    def is_active(self) -> bool:
        """Whether the client still waits for answers."""
        return self._active

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Call this when the client waits no longer; False if it does not wait any more."""
        with self._lock:
            if self._active:
                self._callbacks.append(callback)
            return self._active

    def cancel(self) -> None:
        """The client waits no longer; a second time is harmless."""
        with self._lock:
            callbacks, self._callbacks, self._active = self._callbacks, [], False
        for callback in callbacks:
            callback()

    def abort_with_status(self, status: ErrorStatus) -> None:
        """End the request with an error.

        Raises:
            RequestRefused: always.
        """
        self.error = status.error
        raise RequestRefused(status.error)
