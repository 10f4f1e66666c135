"""The interface of what records the commands that clients send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sila_ot2.sila.admission import Call
from sila_ot2.sila.client_certificate import ClientCertificate

Ended = Callable[[BaseException | None, Call | None], None]
"""Is called once with the error that the command ended with, or None when it succeeded, and with the call as it was
admitted or refused; None instead of a call that could not be read."""


@dataclass(frozen=True)
class Sent:
    """A command that a client has sent.

    Attributes:
        identifier: fully qualified identifier of the command.
        peer: the client's address in gRPC's format.
        with_lock_identifier: whether the client sent a lock identifier.
        certificate: the client's certificate, if clients need one.
        access_token: the access token that the client sent, empty if none; a secret.
        parameters: reads the parameters (without secrets and contents of files); takes its time, at any later moment.
    """

    identifier: str
    peer: str
    with_lock_identifier: bool
    access_token: str = field(repr=False)
    parameters: Callable[[], Mapping[str, Any]]
    certificate: ClientCertificate | None = None


class CommandRecorder(Protocol):
    """Is called for each command, before anything else is done with it. It must not wait, and must not raise."""

    def sent(self, command: Sent) -> Ended:
        """A client has sent a command; the returned function is called when the command has ended."""


class RecordNothing:
    """A recorder that keeps nothing."""

    def sent(self, command: Sent) -> Ended:
        """Keep nothing."""
        return lambda error, call: None


class RecordByEach:
    """Several recorders as one.

    Args:
        recorders: are called one after the other.
    """

    def __init__(self, recorders: Sequence[CommandRecorder]) -> None:
        self._recorders = recorders

    def sent(self, command: Sent) -> Ended:
        """Call each recorder."""
        each = [recorder.sent(command) for recorder in self._recorders]

        def ended(error: BaseException | None, call: Call | None) -> None:
            for end in each:
                end(error, call)

        return ended


def outcome_of(error: BaseException | None) -> str:
    """Return how a command ended in one word: Succeeded, or the identifier of the error."""
    if error is None:
        return "Succeeded"
    defined = getattr(error, "fully_qualified_identifier", None)
    return str(defined).rpartition("/")[2] if defined is not None else type(error).__name__
