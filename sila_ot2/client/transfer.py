"""The messages of SiLA's binary transfer."""

from __future__ import annotations

from collections.abc import Iterator

from sila_ot2.client import wire

CHUNK_BYTES = 1024**2
CHUNK_S = 60.0
"""How long a chunk is waited for: without a limit, a broken connection would be waited for for ever."""
CREATE = "/sila2.org.silastandard.BinaryUpload/CreateBinary"
UPLOAD = "/sila2.org.silastandard.BinaryUpload/UploadChunk"
INFORM = "/sila2.org.silastandard.BinaryDownload/GetBinaryInfo"
DOWNLOAD = "/sila2.org.silastandard.BinaryDownload/GetChunk"
DELETE = "/sila2.org.silastandard.BinaryDownload/DeleteBinary"


def create_request(parameter: str, size: int) -> bytes:
    """Announce an upload for a parameter."""
    count = -(-size // CHUNK_BYTES)
    return wire.number_field(1, size) + wire.number_field(2, count) + wire.field(3, parameter.encode())


def uuid_request(uuid: str) -> bytes:
    """Name a binary."""
    return wire.field(1, uuid.encode())


def upload_requests(uuid: str, binary: bytes) -> Iterator[bytes]:
    """The chunks of an upload."""
    for index, start in enumerate(range(0, len(binary), CHUNK_BYTES)):
        payload = binary[start : start + CHUNK_BYTES]
        yield wire.field(1, uuid.encode()) + wire.number_field(2, index) + wire.field(3, payload)


def download_requests(uuid: str, size: int) -> Iterator[bytes]:
    """What asks for the chunks of a download."""
    for start in range(0, size, CHUNK_BYTES):
        length = min(CHUNK_BYTES, size - start)
        yield wire.field(1, uuid.encode()) + wire.number_field(2, start) + wire.number_field(3, length)


def within_s(size: int) -> float:
    """How long the transfer of a binary may take."""
    return CHUNK_S * (1 + size // CHUNK_BYTES)


def created(answer: bytes) -> str:
    """The UUID of an upload that was announced."""
    return wire.text(wire.first(answer) or b"")


def size_of(answer: bytes) -> int:
    """The size of a download."""
    return wire.integer(wire.first(answer) or 0)


def join(size: int, answers: list[bytes]) -> bytes:
    """The whole of a download from its chunks, which may come in any order.

    Raises:
        wire.Malformed: chunks are missing.
    """
    chunks = {}
    for answer in answers:
        parts = dict(wire.fields(answer))
        chunks[wire.integer(parts.get(2, 0))] = wire.content(parts.get(3, b""))
    binary = b"".join(chunks[offset] for offset in sorted(chunks))
    if len(binary) != size:
        raise wire.Malformed(f"{len(binary)} of {size} bytes came")
    return binary
