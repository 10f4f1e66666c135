"""What a server can be asked, as data: generated modules make these, connections carry them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sila_ot2.client.wire import STRING, Downloads, Message, Repeated, Unwritable, Uploads, ValueKind

T = TypeVar("T")
P = TypeVar("P")

LARGE_BYTES = 2 * 1024**2
"""SiLA's limit: a larger binary never goes within a message."""
SMALL_BYTES = 64 * 1024
"""A smaller binary always does."""
MESSAGE_BYTES = 3 * 1024**2
"""A server with gRPC's default limit takes messages up to 4 MiB."""
EMPTY = Message()


class ResponseMessage(Generic[T]):
    """The message of a response, and how the values of its fields become one Python value."""

    def __init__(self, message: Message, python: Callable[..., T]) -> None:
        self._message, self._python = message, python

    def read(self, data: bytes, downloads: Downloads) -> T:
        """Return the value; if `downloads.missing` is not empty then, it is not complete yet."""
        return self._python(*self._message.read(data, downloads))


def nothing() -> None:
    """Return what a command without responses returns."""


def same(value: Any) -> Any:
    """Return what a command with one response returns."""
    return value


@dataclass(frozen=True, slots=True)
class RequestMessage:
    """The parameters of a call as a message.

    Attributes:
        message: the message; it lacks the UUIDs of binaries that are still to be uploaded.
        uploads: the large binaries of each parameter, by its fully qualified identifier.
    """

    message: bytes
    uploads: dict[str, Uploads]

    @property
    def complete(self) -> bool:
        """Whether it can be sent: nothing is still to be uploaded."""
        return not any(binaries.missing for binaries in self.uploads.values())


@dataclass(frozen=True, slots=True)
class CallDefinition(Generic[T]):
    """A property, or a command that is not observable.

    Attributes:
        path: name of the gRPC method. For an observable property the one that subscribes; its stream begins with the
            present value.
        identifier: the fully qualified identifier.
        answer: what comes back.
        parameters: the fully qualified identifiers of the parameters.
        message: the kinds of the parameters.
    """

    path: str
    identifier: str
    answer: ResponseMessage[T]
    parameters: tuple[str, ...] = ()
    message: Message = EMPTY

    @property
    def feature(self) -> str:
        """The fully qualified identifier of the feature."""
        return self.identifier.rsplit("/", 2)[0]

    @property
    def name(self) -> str:
        """Feature and command or property, for people."""
        return f"{self.feature.split('/')[2]}.{self.identifier.rsplit('/', 1)[1]}"

    def request(self, values: Sequence[Any], uploads: dict[str, Uploads] | None = None) -> RequestMessage:
        """Write the parameters.

        Args:
            values: the values in the order of the parameters.
            uploads: what was uploaded for an earlier request of the same values.

        Raises:
            TypeError: a value is not of its parameter's type; the text names the parameter.
            Unwritable: no message can carry a value; the text names the parameter.
        """
        if not values:
            return RequestMessage(b"", {})
        if uploads is not None:
            return RequestMessage(self._write(values, uploads), uploads)
        request = None
        for inline_bytes in (LARGE_BYTES, SMALL_BYTES):
            uploads = {identifier: Uploads(inline_bytes) for identifier in self.parameters}
            request = RequestMessage(self._write(values, uploads), uploads)
            if len(request.message) <= MESSAGE_BYTES:
                break
        assert request is not None  # noqa: S101 (the loop runs)
        return request

    def _write(self, values: Sequence[Any], uploads: dict[str, Uploads]) -> bytes:
        parts = []
        for number, (identifier, value) in enumerate(zip(self.parameters, values, strict=True), 1):
            try:
                parts.append(self.message.write_field(number, value, uploads[identifier]))
            except TypeError as error:
                raise TypeError(f"{identifier.rsplit('/', 1)[1]}: {error}") from None
            except ValueError as error:
                raise Unwritable(f"{identifier.rsplit('/', 1)[1]}: {error}") from None
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class ObservableCommand(CallDefinition[T], Generic[T, P]):
    """An observable command.

    Attributes:
        intermediate: its intermediate responses, None if it has none.
    """

    intermediate: ResponseMessage[P] | None = None


@dataclass(frozen=True, slots=True)
class MetadataDefinition:
    """A value that calls may have to carry beside their parameters.

    Attributes:
        identifier: the fully qualified identifier.
        affected: the call that returns which features, commands and properties are affected.
        message: the kind of the value.
    """

    identifier: str
    affected: CallDefinition[list[str]]
    message: Message

    def entry(self, value: Any) -> tuple[str, bytes]:
        """Key and value as gRPC carries them."""
        key = f"sila-{self.identifier.replace('/', '-').lower()}-bin"
        return key, self.message.write((value,), Uploads(LARGE_BYTES))


class FeatureDefinition:
    """Makes the calls of one feature.

    Args:
        identifier: the fully qualified identifier of the feature.
    """

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        originator, category, name, version = identifier.split("/")
        self._service = f"/sila2.{originator}.{category}.{name.lower()}.{version}.{name}"

    def command(self, name: str, answer: ResponseMessage[T], **parameters: ValueKind) -> CallDefinition[T]:
        """A command that is not observable."""
        identifier, names = self._command(name, parameters)
        return CallDefinition(f"{self._service}/{name}", identifier, answer, names, Message(*parameters.values()))

    def observable_command(
        self, name: str, answer: ResponseMessage[T], intermediate: ResponseMessage[P] | None, **parameters: ValueKind
    ) -> ObservableCommand[T, P]:
        """An observable command."""
        identifier, names = self._command(name, parameters)
        message = Message(*parameters.values())
        return ObservableCommand(f"{self._service}/{name}", identifier, answer, names, message, intermediate)

    def property(self, name: str, kind: ValueKind) -> CallDefinition[Any]:
        """A property that is not observable."""
        return self._property(f"Get_{name}", name, kind)

    def observable_property(self, name: str, kind: ValueKind) -> CallDefinition[Any]:
        """An observable property."""
        return self._property(f"Subscribe_{name}", name, kind)

    def metadata(self, name: str, kind: ValueKind) -> MetadataDefinition:
        """A value that calls may have to carry."""
        identifier = f"{self._identifier}/Metadata/{name}"
        affected: ResponseMessage[list[str]] = ResponseMessage(Message(Repeated(STRING)), same)
        path = f"{self._service}/Get_FCPAffectedByMetadata_{name}"
        return MetadataDefinition(identifier, CallDefinition(path, identifier, affected), Message(kind))

    def _command(self, name: str, parameters: dict[str, ValueKind]) -> tuple[str, tuple[str, ...]]:
        identifier = f"{self._identifier}/Command/{name}"
        return identifier, tuple(f"{identifier}/Parameter/{parameter}" for parameter in parameters)

    def _property(self, method: str, name: str, kind: ValueKind) -> CallDefinition[Any]:
        return CallDefinition(
            f"{self._service}/{method}", f"{self._identifier}/Property/{name}", ResponseMessage(Message(kind), same)
        )
