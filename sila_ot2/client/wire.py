"""SiLA's values as protobuf writes them, without protobuf.

The package sila2 fails when protobuf was imported before it, and makes protobuf slow for the whole process when it was
not. The messages of SiLA are few and regular, so this module writes and reads them by itself. A kind of value knows how
a value of it becomes the content of a message and back; generated tables say which kinds a feature uses.

A binary that is too large for a message is sent by reference. `Uploads` and `Downloads` collect what has to be
transferred: a message is written or read once to find the binaries, and a second time when they are there.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence
from typing import Any, Protocol

UTC = dt.timezone.utc


class Malformed(ValueError):
    """What came is no message of this kind."""


class Unwritable(ValueError):
    """A value that is of its type and that no message can carry, such as a number of more than 64 bits."""


class Uploads(dict[bytes, str]):
    """UUIDs of the binaries that were uploaded; those that are still to be uploaded are collected.

    Args:
        inline_bytes: the largest binary that is sent within a message.
    """

    def __init__(self, inline_bytes: int) -> None:
        super().__init__()
        self.inline_bytes = inline_bytes
        self.missing: list[bytes] = []

    def __missing__(self, binary: bytes) -> str:
        if binary not in self.missing:
            self.missing.append(binary)
        return ""

    def __setitem__(self, binary: bytes, uuid: str) -> None:
        super().__setitem__(binary, uuid)
        self.missing.remove(binary)


class Downloads(dict[str, bytes]):
    """Binaries by their UUID; the UUIDs of those that are still to be downloaded are collected."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: list[str] = []

    def __missing__(self, uuid: str) -> bytes:
        if uuid not in self.missing:
            self.missing.append(uuid)
        return b""

    def __setitem__(self, uuid: str, binary: bytes) -> None:
        super().__setitem__(uuid, binary)
        self.missing.remove(uuid)


class ValueKind(Protocol):
    """A kind of value: writes and reads the content of its message."""

    repeated: bool

    def write(self, value: Any, uploads: Uploads) -> bytes:
        """Return the content of the message."""
        ...

    def read(self, data: bytes, downloads: Downloads) -> Any:
        """Return the value."""
        ...


# --- Protobuf ---------------------------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    """An integer as protobuf writes it; a negative one as its two's complement of 64 bits."""
    if 0 <= number < 0x80:
        return bytes((number,))
    number &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    if byte < 0x80:
        return byte, at + 1
    number, shift = byte & 0x7F, 7
    while True:
        at += 1
        byte = data[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at + 1
        shift += 7
        if shift > 63:
            raise Malformed("a number of more than 64 bits")


def signed(number: int) -> int:
    """The integer that was written as two's complement of 64 bits."""
    number &= 0xFFFFFFFFFFFFFFFF
    return number - (1 << 64) if number >> 63 else number


def field(number: int, content: bytes) -> bytes:
    """A field that is a text, bytes, or a message."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def number_field(number: int, value: int) -> bytes:
    """A field that is an integer or a truth value; nothing if it is zero."""
    return varint(number << 3) + varint(value) if value else b""


def fields(data: bytes) -> list[tuple[int, Any]]:
    """Number and raw value of each field: an int, or bytes for all else.

    Raises:
        Malformed: the bytes are no protobuf message.
    """
    found: list[tuple[int, Any]] = []
    at, end = 0, len(data)
    try:
        while at < end:
            tag, at = _read_varint(data, at)
            kind = tag & 7
            if kind == 0:
                value, at = _read_varint(data, at)
                found.append((tag >> 3, value))
                continue
            if kind == 2:
                size, at = _read_varint(data, at)
            elif kind in (1, 5):
                size = 8 if kind == 1 else 4
            else:
                raise Malformed(f"a field of wire type {kind}")
            if at + size > end:
                raise Malformed("it ends within a field")
            found.append((tag >> 3, data[at : at + size]))
            at += size
    except IndexError:
        raise Malformed("it ends within a number") from None
    return found


def text(value: Any) -> str:
    """The text of a raw value."""
    if not isinstance(value, bytes):
        raise Malformed("a number where a text belongs")
    return value.decode("utf-8", "replace")


def integer(value: Any) -> int:
    """The integer of a raw value."""
    if not isinstance(value, int):
        raise Malformed("bytes where a number belongs")
    return value


def content(value: Any) -> bytes:
    """The bytes of a raw value."""
    if not isinstance(value, bytes):
        raise Malformed("a number where a message belongs")
    return value


def first(data: bytes) -> Any:
    """The raw value of field 1, the last if there are several; None if there is none."""
    found = None
    for number, value in fields(data):
        if number == 1:
            found = value
    return found


# --- SiLA's basic types -----------------------------------------------------------------------------------------------


class _Basic:
    repeated = False


class _String(_Basic):
    def write(self, value: str, uploads: Uploads) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not a text")
        return field(1, value.encode()) if value else b""

    def read(self, data: bytes, downloads: Downloads) -> str:
        value = first(data)
        return "" if value is None else text(value)


class _Integer(_Basic):
    def write(self, value: int, uploads: Uploads) -> bytes:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{value!r} is not a whole number")
        if not -(1 << 63) <= value < 1 << 63:
            raise ValueError(f"{value} does not fit into 64 bits")
        return number_field(1, value)

    def read(self, data: bytes, downloads: Downloads) -> int:
        value = first(data)
        return 0 if value is None else signed(integer(value))


class _Real(_Basic):
    def write(self, value: float, uploads: Uploads) -> bytes:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise TypeError(f"{value!r} is not a number")
        try:
            return b"\x09" + struct.pack("<d", float(value)) if value else b""
        except OverflowError as error:
            raise ValueError(f"it does not fit into 64 bits ({error})") from None

    def read(self, data: bytes, downloads: Downloads) -> float:
        value = first(data)
        if value is None:
            return 0.0
        if not isinstance(value, bytes) or len(value) != 8:
            raise Malformed("a decimal number of another size than 64 bits")
        number: float = struct.unpack("<d", value)[0]
        return number


class _Boolean(_Basic):
    def write(self, value: bool, uploads: Uploads) -> bytes:
        if not isinstance(value, bool):
            raise TypeError(f"{value!r} is neither True nor False")
        return b"\x08\x01" if value else b""

    def read(self, data: bytes, downloads: Downloads) -> bool:
        value = first(data)
        return False if value is None else bool(integer(value))


class _Binary(_Basic):
    def write(self, value: bytes, uploads: Uploads) -> bytes:
        if not isinstance(value, bytes):
            raise TypeError(f"{type(value).__name__} where bytes belong")
        if len(value) > uploads.inline_bytes:
            return field(2, uploads[value].encode())
        return field(1, value)

    def read(self, data: bytes, downloads: Downloads) -> bytes:
        value = b""
        for number, raw in fields(data):
            if number == 1:
                value = content(raw)
            elif number == 2:
                value = downloads[text(raw)]
        return value


class _Timestamp(_Basic):
    def write(self, value: dt.datetime, uploads: Uploads) -> bytes:
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        minutes = round((value.utcoffset() or dt.timedelta()).total_seconds() / 60)
        hours, rest = divmod(minutes, 60)
        zone = number_field(1, hours) + number_field(2, rest)
        parts = (value.second, value.minute, value.hour, value.day, value.month, value.year)
        written = b"".join(number_field(number, part) for number, part in enumerate(parts, 1))
        return written + field(7, zone) + number_field(8, value.microsecond // 1000)

    def read(self, data: bytes, downloads: Downloads) -> dt.datetime:
        parts = [0] * 9
        zone = b""
        for number, raw in fields(data):
            if number == 7:
                zone = content(raw)
            elif number < 9:
                parts[number] = integer(raw)
        _, second, minute, hour, day, month, year, _, millisecond = parts
        hours = minutes = 0
        for number, raw in fields(zone):
            if number == 1:
                hours = signed(integer(raw))
            elif number == 2:
                minutes = integer(raw)
        try:
            offset = UTC if not hours and not minutes else dt.timezone(dt.timedelta(hours=hours, minutes=minutes))
            return dt.datetime(year, month, day, hour, minute, second, millisecond * 1000, offset)
        except (ValueError, OverflowError) as error:
            raise Malformed(f"no point in time: {error}") from None


STRING, INTEGER, REAL, BOOLEAN, BINARY, TIMESTAMP = (
    _String(), _Integer(), _Real(), _Boolean(), _Binary(), _Timestamp(),
)  # fmt: skip


# --- Composed types ---------------------------------------------------------------------------------------------------


class Repeated:
    """A list. It has no message of its own: the message that holds it has a field for each item."""

    repeated = True

    def __init__(self, item: ValueKind) -> None:
        self.write, self.read = item.write, item.read  # of one item


class Message:
    """Values in the fields 1, 2, ... of a message."""

    __slots__ = ("kinds",)

    def __init__(self, *kinds: ValueKind) -> None:
        self.kinds = kinds

    def write(self, values: Sequence[Any], uploads: Uploads) -> bytes:
        """Return the content of the message with these values."""
        return b"".join(self.write_field(number, value, uploads) for number, value in enumerate(values, 1))

    def write_field(self, number: int, value: Any, uploads: Uploads) -> bytes:
        """Return the field with this number, counted from 1."""
        kind = self.kinds[number - 1]
        if not kind.repeated:
            return field(number, kind.write(value, uploads))
        if isinstance(value, (str, bytes)):
            raise TypeError(f"{value!r} is not a list")
        return b"".join(field(number, kind.write(item, uploads)) for item in value)

    def read(self, data: bytes, downloads: Downloads) -> list[Any]:
        """Return the values; those that are missing are empty ones."""
        kinds = self.kinds
        count = len(kinds)
        values: list[Any] = [[] if kind.repeated else None for kind in kinds]
        for number, raw in fields(data):
            if number > count:
                continue  # a field of a later version
            kind = kinds[number - 1]
            value = kind.read(content(raw), downloads)
            if kind.repeated:
                values[number - 1].append(value)
            else:
                values[number - 1] = value
        for place, value in enumerate(values):
            if value is None:
                values[place] = kinds[place].read(b"", downloads)
        return values


class Structure(_Basic):
    """A structure, as a dataclass whose fields are those of the message."""

    def __init__(self, python: type[Any], /, **kinds: ValueKind) -> None:
        self._python = python
        self._names = tuple(kinds)
        self._message = Message(*kinds.values())

    def write(self, value: Any, uploads: Uploads) -> bytes:
        """Return the content of the message."""
        if not isinstance(value, self._python):
            raise TypeError(f"{value!r} is not a {self._python.__name__}")
        return self._message.write([getattr(value, name) for name in self._names], uploads)

    def read(self, data: bytes, downloads: Downloads) -> Any:
        """Return an object of the dataclass."""
        return self._python(**dict(zip(self._names, self._message.read(data, downloads), strict=True)))


class Defined(_Basic):
    """A data type definition: a message around the type."""

    def __init__(self, kind: ValueKind) -> None:
        self._message = Message(kind)

    def write(self, value: Any, uploads: Uploads) -> bytes:
        """Return the content of the message."""
        return self._message.write((value,), uploads)

    def read(self, data: bytes, downloads: Downloads) -> Any:
        """Return the value."""
        return self._message.read(data, downloads)[0]
