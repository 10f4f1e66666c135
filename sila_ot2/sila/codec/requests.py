"""Reads the requests of clients; for one that cannot be read, the client gets an error that names what is wrong."""

from __future__ import annotations

from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from sila2.framework.errors.validation_error import ValidationError

from sila_ot2.sila.codec.features import decode_parameters, identifier
from sila_ot2.sila.codec.wire_format import part

_NOT_UTF_8 = "a text in it is not valid UTF-8"


def read_message(message_type: Any, request: bytes) -> Any:
    """Return a message.

    Raises:
        DecodeError: these are not the bytes of one.
    """
    try:
        return message_type.FromString(request)
    except UnicodeDecodeError as error:  # protobuf does not say it with an error of its own
        raise DecodeError(f"Error parsing message: {_NOT_UTF_8}.") from error


def peek(command: Any, request: bytes, parameter: str) -> str:
    """Return a String parameter before the parameters are checked; empty if the command has none or it is not there."""
    if all(identifier(node) != parameter for node in command.parameters):
        return ""
    try:
        message = read_message(command.parameters.message_type, request)
    except DecodeError:
        return ""  # refused when the parameters are read
    return str(getattr(message, parameter).value)


def read_parameters(command: Any, request: bytes) -> list[Any]:
    """Return the parameters of a command.

    Raises:
        ValidationError: one is missing, violates its constraints, or has a text that is not UTF-8.
        DecodeError: these are not the bytes of the command's parameters.
    """
    message_type = command.parameters.message_type
    try:
        message = message_type.FromString(request)
    except UnicodeDecodeError as error:
        raise _not_utf_8(command, request) from error
    return decode_parameters(command, message)


def _not_utf_8(command: Any, request: bytes) -> Any:
    """Return the error that names the first parameter with a text that is not UTF-8."""
    names = {field.number: field.name for field in command.parameters.message_type.DESCRIPTOR.fields}
    fields: Any = UnknownFieldSet(Empty.FromString(request))
    for field in fields:
        if field.field_number not in names or not isinstance(field.data, bytes):
            continue
        try:
            command.parameters.message_type.FromString(part(field.field_number, field.data))
        except UnicodeDecodeError:
            error = ValidationError(_NOT_UTF_8)
            error.parameter_fully_qualified_identifier = next(
                parameter.fully_qualified_identifier
                for parameter in command.parameters
                if parameter._identifier == names[field.field_number]  # noqa: SLF001 (under a private name only)
            )
            return error
    return DecodeError(f"Error parsing message: {_NOT_UTF_8}.")
