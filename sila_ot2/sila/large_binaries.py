"""How the package finds the binaries of a server: the servers of a process share the definitions that lead to them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar
from uuid import UUID

T = TypeVar("T")
U = TypeVar("U")


class LargeBinaries(Protocol):
    """Converts binaries that are too large for a message."""

    def to_native_type(self, binary_uuid: UUID, toplevel_named_data_node: Any = None) -> bytes:
        """Return one that was uploaded."""
        ...

    def to_message(self, binary: bytes, *, toplevel_named_data_node: Any = None, metadata: Any = None) -> Any:
        """Keep one, and return the message that refers to it."""
        ...


of_server: ContextVar[LargeBinaries] = ContextVar("of_server")
"""Those of the server for which this thread converts values."""


def converting(binaries: LargeBinaries, convert: Callable[[T], U]) -> Callable[[T], U]:
    """Return `convert`, which then uses these binaries."""

    def with_binaries(value: T) -> U:
        token = of_server.set(binaries)
        try:
            return convert(value)
        finally:
            of_server.reset(token)

    return with_binaries


class BinariesOfServer:
    """What definitions lead to: called by the package."""

    def to_native_type(self, *given: Any, **named: Any) -> bytes:
        """As `LargeBinaries`."""
        return of_server.get().to_native_type(*given, **named)

    def to_message(self, *given: Any, **named: Any) -> Any:
        """As `LargeBinaries`."""
        return of_server.get().to_message(*given, **named)
