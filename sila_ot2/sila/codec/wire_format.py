"""Writes values of SiLA data types, and execution info, in protobuf's wire format without making messages.

The pure-Python protobuf, which the package needs, takes some hundred microseconds for a structure, and a property is
checked and written at each of its changes, watched or not. Only what our own types hold most is written here; anything
else, and every value that the package might convert or refuse, is left to the package, part by part.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sila2.framework.data_types.boolean import Boolean
from sila2.framework.data_types.constrained import Constrained
from sila2.framework.data_types.data_type_definition import DataTypeDefinition
from sila2.framework.data_types.integer import Integer
from sila2.framework.data_types.list import List
from sila2.framework.data_types.real import Real
from sila2.framework.data_types.string import MAX_LENGTH, String
from sila2.framework.data_types.structure import Structure
from sila2.framework.data_types.timestamp import Timestamp

from sila_ot2.sila.violations import refuse_violation

Encode = Callable[[Any], bytes]

_VARINT, _FIXED_64, _BYTES = 0, 1, 2
"""Protobuf's wire types."""
_UTC = timedelta(0)


def field(number: int, data_type: Any) -> Encode:
    """How to write a value as the field `number` of a message; a list as as many fields as it has elements.

    Raises (the function): what the package raises for the same value.
    """
    if isinstance(data_type, Constrained):
        return _checked(data_type, field(number, data_type.base_type))
    if isinstance(data_type, List):
        element = field(number, data_type.element_type)
        return lambda values: b"".join(map(element, values))
    begin, content = _tag(number, _BYTES), _content(data_type)

    def encode(value: Any) -> bytes:
        written = content(value)
        return begin + _varint(len(written)) + written

    return encode


def _content(data_type: Any) -> Encode:
    """How to write a value as the content of the message of its data type."""
    if isinstance(data_type, DataTypeDefinition):
        return field(1, data_type.data_type)
    if isinstance(data_type, Structure):
        return _structure(data_type)

    def by_package(value: Any) -> bytes:
        written: bytes = data_type.to_message(value).SerializeToString()
        return written

    write = _BASIC.get(type(data_type))
    if write is None:
        return by_package
    fits, quick = write
    return lambda value: quick(value) if fits(value) else by_package(value)


def _structure(data_type: Any) -> Encode:
    names = tuple(element._identifier for element in data_type)  # noqa: SLF001 (the package has it nowhere else)
    elements = [field(number, element.data_type) for number, element in enumerate(data_type, 1)]

    def encode(value: Any) -> bytes:
        if getattr(value, "_fields", None) != names:
            written: bytes = data_type.to_message(value).SerializeToString()
            return written
        return b"".join([element(part) for element, part in zip(elements, value, strict=True)])

    return encode


def _checked(constrained: Any, encode: Encode) -> Encode:
    constraints = constrained.constraints

    def check(value: Any) -> bytes:
        refuse_violation(constraints, value)
        return encode(value)

    return check


def confirmation(execution_uuid: str, lifetime_s: float) -> bytes:
    """Write a CommandConfirmation."""
    return part(1, _string(execution_uuid)) + part(2, _duration(lifetime_s))


def execution_info(
    status: int, *, progress: float | None, remaining_s: float | None, lifetime_s: float | None
) -> bytes:
    """Write an ExecutionInfo; what is None is left out.

    Args:
        status: the number of the standard's CommandStatus.
        progress: from 0 to 1.
        remaining_s: estimated remaining time.
        lifetime_s: updated lifetime of the execution.
    """
    parts = [_tag(1, _VARINT) + _varint(status) if status else b""]
    if progress is not None:
        parts.append(part(2, _real(progress)))
    if remaining_s is not None:
        parts.append(part(3, _duration(remaining_s)))
    if lifetime_s is not None:
        parts.append(part(4, _duration(lifetime_s)))
    return b"".join(parts)


def part(number: int, content: bytes) -> bytes:
    """Write the field `number` of a message with this content."""
    return _tag(number, _BYTES) + _varint(len(content)) + content


def _duration(seconds: float) -> bytes:
    whole = int(seconds)
    nanos = int((seconds - whole) * 1e9)
    written = _tag(1, _VARINT) + _varint(whole) if whole else b""
    return written + (_tag(2, _VARINT) + _varint(nanos) if nanos else b"")


def _varint(number: int) -> bytes:
    if number < 128:
        return bytes((number,))
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)


def _tag(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _string(value: str) -> bytes:
    text = value.encode()
    return _tag(1, _BYTES) + _varint(len(text)) + text if text else b""


def _integer(value: int) -> bytes:
    return _tag(1, _VARINT) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF) if value else b""


def _real(value: float) -> bytes:
    written = struct.pack("<d", value)
    return _tag(1, _FIXED_64) + written if any(written) else b""


def _boolean(value: bool) -> bytes:  # noqa: FBT001 (a value like the others)
    return _tag(1, _VARINT) + b"\x01" if value else b""


def _timestamp(value: datetime) -> bytes:
    """In UTC: the time zone is there, and empty."""
    numbers = enumerate((value.second, value.minute, value.hour, value.day, value.month, value.year), 1)
    parts = [_tag(number, _VARINT) + _varint(part) for number, part in numbers if part]
    parts.append(_tag(7, _BYTES) + b"\x00")
    if milliseconds := value.microsecond // 1000:
        parts.append(_tag(8, _VARINT) + _varint(milliseconds))
    return b"".join(parts)


_BASIC: dict[type, tuple[Callable[[Any], bool], Encode]] = {
    String: (lambda value: type(value) is str and len(value) <= MAX_LENGTH, _string),
    Integer: (lambda value: type(value) is int and -(2**63) <= value < 2**63, _integer),
    Real: (lambda value: type(value) is float, _real),
    Boolean: (lambda value: type(value) is bool, _boolean),
    Timestamp: (lambda value: type(value) is datetime and value.utcoffset() == _UTC, _timestamp),
}
"""What is written here: the values that are, and how."""
