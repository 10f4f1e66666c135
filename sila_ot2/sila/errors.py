"""How exceptions become SiLA errors."""

from __future__ import annotations

import logging
import uuid
from base64 import standard_b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

import grpc
from google.protobuf.message import DecodeError
from sila2.framework.abc.sila_error import SilaError
from sila2.framework.binary_transfer.binary_transfer_error import BinaryTransferError
from sila2.framework.errors.command_execution_not_accepted import CommandExecutionNotAccepted
from sila2.framework.errors.defined_execution_error import DefinedExecutionError
from sila2.framework.errors.invalid_metadata import InvalidMetadata as _SilaInvalidMetadata
from sila2.framework.errors.undefined_execution_error import UndefinedExecutionError
from sila2.framework.errors.validation_error import ValidationError

_log = logging.getLogger(__name__)

MAX_TEXT_BYTES = 2000
"""gRPC carries the error in the trailing metadata, of which clients accept 8 kB for all entries together."""


class NotAccepted(Exception):
    """The command is not accepted now; reaches the client as CommandExecutionNotAccepted. Nothing was done."""


class InvalidMetadata(Exception):
    """Required metadata is missing or makes no sense. Nothing was done."""


class Exhausted(Exception):
    """The server is at one of its limits, named in the text; reaches the client as gRPC's RESOURCE_EXHAUSTED."""


class ServerStopping(Exception):
    """The server is stopping and takes no further calls; reaches the client as gRPC's UNAVAILABLE."""


_STATUS = {
    Exhausted: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ServerStopping: grpc.StatusCode.UNAVAILABLE,
    DecodeError: grpc.StatusCode.INVALID_ARGUMENT,
}


def to_sila_error(
    error: BaseException, declared: Mapping[str, Any], public: tuple[type[BaseException], ...] = ()
) -> SilaError:
    """Find the SiLA error for what an implementation raised.

    Args:
        error: what was raised.
        declared: the errors the call may raise, by identifier; a class of that name anywhere among the error's bases
            fits.
        public: classes whose text may be shown though the call does not declare them; any other text stays in the log.
            They may name errors that stand in for them, the nearest first, as `stand_ins`.
    """
    if isinstance(error, SilaError):
        if isinstance(error, ValidationError) and error.parameter_fully_qualified_identifier is None:
            return _internal(error)
        return error
    if isinstance(error, NotAccepted):
        return CommandExecutionNotAccepted(str(error))
    if isinstance(error, InvalidMetadata):
        return _SilaInvalidMetadata(str(error))
    for base in type(error).__mro__:
        if base.__name__ in declared:
            return DefinedExecutionError(declared[base.__name__], str(error))
    if isinstance(error, public):
        _log.warning(
            "undeclared error %s, declared are: %s; its text is: %s",
            type(error).__name__,
            ", ".join(declared) or "none",
            error,
        )
        for name in getattr(error, "stand_ins", ()):
            if name in declared:
                return DefinedExecutionError(declared[name], str(error))
    if isinstance(error, (*public, Exhausted)):
        return UndefinedExecutionError(str(error))
    return _internal(error)


def _internal(error: BaseException) -> SilaError:
    reference = uuid.uuid4().hex[:8]
    _log.error("internal error, reference %s", reference, exc_info=error)
    return UndefinedExecutionError(f"internal error, reference {reference}: see the server's log")


def shortened(text: str, limit: int = MAX_TEXT_BYTES) -> str:
    """`text`, cut to `limit` bytes of UTF-8 without splitting a character."""
    raw = text.encode(errors="replace")
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "..."


class ErrorStatus(grpc.Status):
    """The gRPC status that a call ends with.

    Attributes:
        error: the SiLA or binary transfer error it carries, or what has a gRPC status of its own.
    """

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.trailing_metadata = ()
        if isinstance(error, SilaError | BinaryTransferError):
            error.message = shortened(error.message)
            self.code = grpc.StatusCode.ABORTED
            self.details = standard_b64encode(error.to_message().SerializeToString()).decode("ascii")
        else:
            self.code = next(code for cls, code in _STATUS.items() if isinstance(error, cls))
            self.details = shortened(str(error))


def abort(context: grpc.ServicerContext, error: BaseException) -> NoReturn:
    """End the call with `error`, which is a SiLA or binary transfer error or has a gRPC status of its own."""
    context.abort_with_status(ErrorStatus(error))
    raise AssertionError("abort_with_status raises")


def set_error(context: grpc.ServicerContext, error: BaseException) -> None:
    """Let the call end with `error`, as `abort`, once its stream is ended: its handler has returned already."""
    with suppress(Exception):  # it notes the status and then raises, to end a handler
        context.abort_with_status(ErrorStatus(error))


def declared_errors(nodes: Iterable[Any]) -> dict[str, Any]:
    """Index error definitions by identifier."""
    return {node._identifier: node for node in nodes}  # noqa: SLF001 (the package offers no public name)
