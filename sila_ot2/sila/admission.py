"""Who may call: one hook, called when a call is initiated and before a command is confirmed."""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from sila_ot2.sila.client_certificate import ClientCertificate


class Kind(enum.Enum):
    """What a call wants."""

    COMMAND = "unobservable command"
    OBSERVABLE_COMMAND = "observable command"
    PROPERTY = "property"
    SUBSCRIPTION = "subscription"
    UPLOAD = "upload of a binary parameter"


@dataclass(kw_only=True, eq=False)
class Call:
    """One call of a client.

    Attributes:
        feature: fully qualified identifier of the feature.
        identifier: fully qualified identifier of the command or property; of an upload that of the command it is for.
        kind: what the call wants.
        metadata: SiLA client metadata by fully qualified identifier, checked and converted.
        peer: the client's address in gRPC's format, such as ``ipv4:192.0.2.7:50312``.
        certificate: the client's certificate, if clients need one.
        user: whom the access token was given to, once the call is admitted; else the name in the certificate.
        reservation: what admission returned for this call.
        simulated: whether admission gave the call to implementations that simulate.
        peek: reads a parameter of the type String before the parameters are read and checked; an empty text if there is
            none. Only for what admission must know.
    """

    feature: str
    identifier: str
    kind: Kind
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    peer: str = ""
    certificate: ClientCertificate | None = None
    user: str = ""
    reservation: Reservation | None = field(default=None, repr=False)
    simulated: bool = False
    peek: Callable[[str], str] = field(default=lambda identifier: "", repr=False)


class Reservation(Protocol):
    """What admission reserved for a call."""

    def bind(self, execution_uuid: UUID) -> None:
        """Called once the command is an execution, before it is confirmed."""

    def release(self) -> None:
        """Called when parameters are refused and when the call or execution has ended; more than once is harmless."""


class OnRelease:
    """A reservation that calls a function once, when the call or execution has ended."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end: Callable[[], None] | None = end
        self._mutex = threading.Lock()

    def bind(self, execution_uuid: UUID) -> None:
        """The command is an execution now; nothing changes."""

    def release(self) -> None:
        """The call has ended; a second time is harmless."""
        with self._mutex:
            end, self._end = self._end, None
        if end is not None:
            end()


class Admission(Protocol):
    """Decides at initiation whether a call may go on."""

    def admit(self, call: Call) -> Reservation | None:
        """Admit the call, reserving what it needs, or refuse it. Must not wait: it occupies one of the call's places.

        Raises:
            NotAccepted: not at this moment.
            InvalidMetadata: metadata is missing or wrong.
            Exception: any error the call or its metadata declares.
        """


class AdmitAll:
    """Every call may go on."""

    def admit(self, call: Call) -> Reservation | None:
        """Admit."""
        return None


class InTurn:
    """Several admissions as one, called in order; when one refuses, what the earlier ones reserved is released."""

    def __init__(self, *admissions: Admission) -> None:
        self._admissions = admissions

    def admit(self, call: Call) -> Reservation | None:
        """Call each admission; the reservation combines those of all."""
        held: list[Reservation] = []
        try:
            for admission in self._admissions:
                reservation = admission.admit(call)
                if reservation is not None:
                    held.append(reservation)
        except BaseException:
            _Together(held).release()
            raise
        return _Together(held) if held else None


class _Together:
    def __init__(self, reservations: list[Reservation]) -> None:
        self._reservations = reservations

    def bind(self, execution_uuid: UUID) -> None:
        for reservation in self._reservations:
            reservation.bind(execution_uuid)

    def release(self) -> None:
        for reservation in reversed(self._reservations):
            reservation.release()
