"""From what gRPC reports to our errors."""

from __future__ import annotations

import base64
from typing import Any

import grpc

from sila_ot2.client import wire
from sila_ot2.client.base_errors import (
    AnswerLost,
    BinaryTransferError,
    ClientError,
    CommandExecutionNotAccepted,
    DefinedExecutionError,
    FrameworkError,
    LimitReached,
    NotASilaServer,
    NotOffered,
    SilaError,
    UndefinedExecutionError,
    ValidationError,
)
from sila_ot2.client.generated.errors import DEFINED

FRAMEWORK_ERRORS = (
    "COMMAND_EXECUTION_NOT_ACCEPTED",
    "INVALID_COMMAND_EXECUTION_UUID",
    "COMMAND_EXECUTION_NOT_FINISHED",
    "INVALID_METADATA",
    "NO_METADATA_ALLOWED",
)
BROKEN = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED})
"""Codes after which it is not known whether the call was carried out."""


def connection_broke(error: grpc.RpcError) -> bool:
    """Whether the answer was lost, so that a read may be tried again."""
    return error.code() in BROKEN


def from_rpc(error: Any, what: str, *, binary_transfer: bool = False) -> ClientError:
    """Return the error that a failed call stands for.

    Args:
        error: what gRPC raised.
        what: the call, for the text.
        binary_transfer: whether it was a call of SiLA's binary transfer, which reports errors in its own way.
    """
    code, details = error.code(), error.details() or ""
    if code is grpc.StatusCode.ABORTED:
        try:
            data = base64.b64decode(details, validate=True)
            return _transfer_error(data) if binary_transfer else _sila_error(data)
        except ValueError:  # neither base64 nor, as wire.Malformed says, a message
            return NotASilaServer(f"{what}: the server reports an error that is none of SiLA's: {details[:200]!r}")
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return NotOffered(f"{what}: the server does not offer it")
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        if _may_be_of_the_answer(details):
            return AnswerLost(f"{what}: it was sent, and the answer cannot be received ({details})")
        return LimitReached(f"{what}: {details}")
    if code in BROKEN:
        return AnswerLost(f"{what}: the connection broke before the answer came ({details or code.name})")
    return NotASilaServer(f"{what}: the server answers with the gRPC error {code.name}: {details[:200]}")


def _may_be_of_the_answer(details: str) -> bool:
    """Return whether a limit of gRPC's, not of the server's own, may have stopped the answer and not the request.

    Older releases of gRPC do not report whose limit it was.
    """
    of_the_request = "SERVER: Received message larger", "CLIENT: Sent message larger"
    return "message larger than max" in details and not any(text in details for text in of_the_request)


def _sila_error(data: bytes) -> SilaError:
    for number, raw in wire.fields(data):
        parts = dict(wire.fields(wire.content(raw)))
        if number == 1:
            return ValidationError(wire.text(parts.get(2, b"")), wire.text(parts.get(1, b"")))
        if number == 2:
            identifier, message = wire.text(parts.get(1, b"")), wire.text(parts.get(2, b""))
            return DEFINED.get(identifier, DefinedExecutionError)(message, identifier)
        if number == 3:
            return UndefinedExecutionError(wire.text(parts.get(1, b"")))
        if number == 4:
            kind, message = wire.integer(parts.get(1, 0)), wire.text(parts.get(2, b""))
            if kind == 0:
                return CommandExecutionNotAccepted(message, FRAMEWORK_ERRORS[0])
            name = FRAMEWORK_ERRORS[kind] if kind < len(FRAMEWORK_ERRORS) else str(kind)
            return FrameworkError(message, name)
    raise wire.Malformed("an error without content")


def _transfer_error(data: bytes) -> SilaError:
    return BinaryTransferError(wire.text(dict(wire.fields(data)).get(2, b"")))
