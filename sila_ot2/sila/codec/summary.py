"""Parameters of a command for a record that people read: secrets and contents of files are left out."""

from __future__ import annotations

import hashlib
from typing import Any

from google.protobuf.message import DecodeError, Message

SECRET = frozenset({"AccessToken", "LockIdentifier", "Password"})
"""Parameters that are never recorded."""
LONGEST_TEXT = 200
MOST_ELEMENTS = 20


def summarize(command: Any, request: bytes) -> dict[str, Any]:
    """Return the parameters of a command by identifier.

    A text of more than 200 characters and a binary are given by size and SHA-256, a list by its first 20 elements.

    Args:
        command: the definition of the command.
        request: the serialized parameters.
    """
    try:
        message = command.parameters.message_type.FromString(request)
    except (DecodeError, UnicodeDecodeError):
        return {"unreadable": _content(request, "bytes")}
    return _fields(message)


def _fields(message: Message) -> dict[str, Any]:
    return {
        field.name: "(not recorded)" if field.name in SECRET else _value(value) for field, value in message.ListFields()
    }


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        fields = _fields(value)
        return fields["value"] if set(fields) == {"value"} else fields or _neutral(value)
    if isinstance(value, bytes):
        return _content(value, "bytes")
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else _content(value.encode(), "characters", len(value))
    if isinstance(value, bool | int | float):
        return value
    elements = [_value(element) for element in value[:MOST_ELEMENTS]]
    return elements if len(value) <= MOST_ELEMENTS else [*elements, {"more": len(value) - MOST_ELEMENTS}]


def _neutral(message: Message) -> Any:
    """Return the value of a message without a set field: proto3 does not send zero, false and empty text."""
    field = message.DESCRIPTOR.fields_by_name.get("value")
    return None if field is None or field.message_type is not None else field.default_value


def _content(content: bytes, unit: str, size: int | None = None) -> dict[str, Any]:
    return {unit: len(content) if size is None else size, "sha256": hashlib.sha256(content).hexdigest()}
