"""SiLA's type Any: a value that brings its own type."""

from __future__ import annotations

from dataclasses import dataclass

from sila_ot2.client.wire import Downloads, Uploads, content, field, fields, text


@dataclass(frozen=True, slots=True)
class AnyValue:
    """A value with its type.

    Attributes:
        type_xml: the element DataType in SiLA's namespace.
        payload: the message of the value, as protobuf writes it.
    """

    type_xml: str
    payload: bytes = b""


NOTHING = AnyValue(
    '<DataType xmlns="http://www.sila-standard.org"><Constrained><DataType><Basic>String</Basic></DataType>'
    "<Constraints><Length>0</Length></Constraints></Constrained></DataType>"
)
"""What SiLA has for no value: an empty text."""


class _Any:
    repeated = False

    def write(self, value: AnyValue, uploads: Uploads) -> bytes:
        if not isinstance(value, AnyValue):
            raise TypeError(f"{value!r} is not an AnyValue")
        return field(1, value.type_xml.encode()) + (field(2, value.payload) if value.payload else b"")

    def read(self, data: bytes, downloads: Downloads) -> AnyValue:
        found = dict(fields(data))
        return AnyValue(text(found.get(1, b"")), content(found.get(2, b"")))


ANY = _Any()
