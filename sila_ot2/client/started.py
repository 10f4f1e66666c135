"""What an execution is to a client, however it is waited for."""

from __future__ import annotations

from typing import Generic, TypeVar

from sila_ot2.client.base_errors import ClientError
from sila_ot2.client.calls import ObservableCommand

Way = TypeVar("Way")
T = TypeVar("T")
P = TypeVar("P")


class StartedCommand(Generic[Way, T, P]):
    """An observable command that was started. It goes on whether anybody waits for it or not.

    Attributes:
        uuid: the UUID with which the server confirmed it.
        name: feature and command.
        reference: a text by which the client's method `execution` finds it again, also from another process.
    """

    _how_to_wait = ""
    """What to write for its result."""

    def __init__(self, link: Way, command: ObservableCommand[T, P], uuid: str) -> None:
        self._link, self._command = link, command
        self._outcome: tuple[T | None, ClientError | None] | None = None
        self.uuid = uuid
        self.name = command.name
        self.reference = f"{command.identifier}/{uuid}"

    def __repr__(self) -> str:
        ended = "" if self._outcome is None else ", ended" if self._outcome[1] is None else ", ended with an error"
        return f"<{self.name} {self.uuid}{ended}; {self._how_to_wait}>"
