"""Binary transfer: parameters too large for a message come in, responses too large for one go out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sila2.framework.binary_transfer.binary_transfer_error import (
    BinaryDownloadFailed,
    BinaryUploadFailed,
    InvalidBinaryTransferUUID,
)
from sila2.framework.errors.validation_error import ValidationError
from sila2.framework.pb2 import SiLAFramework_pb2

from sila_ot2.sila.binary_transfer.spool import Spool, Spooled
from sila_ot2.sila.errors import Exhausted
from sila_ot2.sila.large_binaries import of_server

MAX_CHUNK_BYTES = 2 * 1024**2
"""The standard's."""
_COMFORTABLE_BYTES = 3 * 1024**2
"""Clients accept messages of 4 MiB by default."""


@dataclass
class _Upload:
    command: str
    owner: str
    chunk_count: int
    spooled: Spooled
    expires_at: float
    chunks: dict[int, tuple[int, int]] = field(default_factory=dict)  # index -> offset and length in the spool
    written: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, index: int, payload: bytes) -> None:
        """Chunks are written one after the other as they come; their order is made up for when they are read."""
        if len(payload) > MAX_CHUNK_BYTES:
            raise BinaryUploadFailed(f"A chunk must not be larger than {MAX_CHUNK_BYTES} bytes")
        with self.lock:
            if index >= self.chunk_count:
                raise BinaryUploadFailed(f"There is no chunk {index}: {self.chunk_count} were announced")
            if index in self.chunks:
                raise BinaryUploadFailed(f"Chunk {index} was sent before")
            if self.written + len(payload) > self.spooled.size:
                raise BinaryUploadFailed(f"More bytes were sent than the {self.spooled.size} that were announced")
            try:
                self.spooled.write(self.written, payload)
            except Exhausted as error:
                raise BinaryUploadFailed(str(error)) from error
            except LookupError:
                raise InvalidBinaryTransferUUID("The upload was used or deleted meanwhile") from None
            self.chunks[index] = (self.written, len(payload))
            self.written += len(payload)

    def content(self) -> bytes:
        with self.lock:
            if len(self.chunks) < self.chunk_count:
                raise ValidationError(f"the upload is not complete: {len(self.chunks)} of {self.chunk_count} chunks")
            offsets = [self.chunks[index] for index in range(self.chunk_count)]
            try:
                if offsets == sorted(offsets):
                    return self.spooled.read(0, self.written)
                return b"".join(self.spooled.read(offset, length) for offset, length in offsets)
            except LookupError:
                raise ValidationError("the upload was used or deleted meanwhile") from None


@dataclass
class _Download:
    spooled: Spooled
    expires_at: float
    shared: bool  # the spooled bytes belong to the result of an execution


class _Current(threading.local):
    """What the conversion that runs on this thread has used and made."""

    owner: str = ""
    used: list[UUID] | None = None
    made: dict[str, Spooled] | None = None


class Binaries:
    """The binary store of a server, which converts its large binaries.

    Args:
        uploads: where uploads are kept.
        downloads: where large responses are kept.
        largest_bytes: the largest binary accepted.
        count: how many uploads, and how many downloads, may be there at a time.
        chunks: the most chunks an upload may have.
        lifetime_s: how long a binary that nobody touches is kept.
    """

    def __init__(
        self, uploads: Spool, downloads: Spool, *, largest_bytes: int, count: int, chunks: int, lifetime_s: float
    ) -> None:
        self._upload_spool, self._download_spool = uploads, downloads
        self._largest_bytes, self._count, self._max_chunks = largest_bytes, count, chunks
        self.lifetime_s = lifetime_s
        self._uploads: dict[UUID, _Upload] = {}
        self._downloads: dict[UUID, _Download] = {}
        self._lock = threading.Lock()
        self._current = _Current()

    # --- uploads ------------------------------------------------------------------------------------------------------

    def create(self, command: str, owner: str, size: int, chunk_count: int) -> UUID:
        """Reserve space for an upload for a command (fully qualified).

        Raises:
            BinaryUploadFailed: too large, too many chunks, or no space; the text names the limit.
        """
        if size > self._largest_bytes:
            raise BinaryUploadFailed(f"{size} bytes are too many: {self._largest_bytes} (limits.binary_bytes)")
        if not 1 <= chunk_count <= self._max_chunks:
            raise BinaryUploadFailed(
                f"{chunk_count} chunks: there must be at least one, at most {self._max_chunks} (limits.binary_chunks)"
            )
        with self._lock:
            if len(self._uploads) >= self._count:
                raise BinaryUploadFailed(f"{self._count} uploads are waiting to be used (limits.binaries)")
            try:
                spooled = self._upload_spool.reserve(size)
            except Exhausted as error:
                raise BinaryUploadFailed(str(error)) from error
            key = uuid4()
            self._uploads[key] = _Upload(command, owner, chunk_count, spooled, time.monotonic() + self.lifetime_s)
        return key

    def receive(self, binary_uuid: str, owner: str, index: int, payload: bytes) -> None:
        """Take a chunk; the lifetime begins anew.

        Raises:
            InvalidBinaryTransferUUID: there is no such upload of this client.
            BinaryUploadFailed: the chunk does not fit what was announced.
        """
        upload = self._upload(_parse(binary_uuid), owner)
        upload.receive(index, payload)
        upload.expires_at = time.monotonic() + self.lifetime_s

    def delete_upload(self, binary_uuid: str, owner: str) -> None:
        """Free an upload, complete or not.

        Raises:
            InvalidBinaryTransferUUID: there is no such upload of this client.
        """
        key = _parse(binary_uuid)
        self._upload(key, owner)
        self._free_uploads([key])

    def _upload(self, key: UUID, owner: str) -> _Upload:
        with self._lock:
            upload = self._uploads.get(key)
        if upload is None or upload.owner != owner:
            raise InvalidBinaryTransferUUID(f"There is no upload {key}; it may have been used, or its lifetime be over")
        return upload

    def _free_uploads(self, keys: list[UUID]) -> None:
        with self._lock:
            freed = [self._uploads.pop(key) for key in keys if key in self._uploads]
        for upload in freed:
            with upload.lock:
                upload.spooled.discard()

    @contextmanager
    def decoding(self, owner: str) -> Iterator[None]:
        """Convert parameters of a call of `owner` within; uploads used for it are freed if the block ends well."""
        self._current.owner, self._current.used = owner, []
        token = of_server.set(self)
        try:
            yield
            self._free_uploads(self._current.used)
        finally:
            of_server.reset(token)
            self._current.used = None

    def to_native_type(self, binary_uuid: UUID, toplevel_named_data_node: Any = None) -> bytes:
        """Return a binary parameter that was uploaded.

        Raises:
            ValidationError: there is no such upload for this command of this client, or it is not complete.
        """
        try:
            upload = self._upload(binary_uuid, self._current.owner)
        except InvalidBinaryTransferUUID as error:
            raise ValidationError(error.message) from None
        if not str(toplevel_named_data_node.fully_qualified_identifier).startswith(f"{upload.command}/"):
            raise ValidationError(f"the binary was uploaded for {upload.command}")
        content = upload.content()
        if self._current.used is not None:
            self._current.used.append(binary_uuid)
        return content

    # --- downloads ----------------------------------------------------------------------------------------------------

    @contextmanager
    def encoding(self) -> Iterator[dict[str, Spooled]]:
        """Convert the responses of an execution within; yields the large binaries among them by UUID.

        They belong to the execution: they have no lifetime and are offered by `offer` each time the result is asked
        for.
        """
        made: dict[str, Spooled] = {}
        self._current.made = made
        try:
            yield made
        finally:
            self._current.made = None

    def to_message(self, binary: bytes, *, toplevel_named_data_node: Any = None, metadata: Any = None) -> Any:
        """Keep a binary that is too large for a message."""
        spooled = self._download_spool.keep(binary)
        if self._current.made is not None:
            key = str(uuid4())
            self._current.made[key] = spooled
        else:
            key = self._offer(spooled, shared=False)
        return SiLAFramework_pb2.Binary(binaryTransferUUID=key)

    def _offer(self, spooled: Spooled, *, shared: bool) -> str:
        key = uuid4()
        with self._lock:
            if len(self._downloads) >= self._count:
                self._discard(self._downloads.pop(next(iter(self._downloads))))  # the oldest gives way
            self._downloads[key] = _Download(spooled, time.monotonic() + self.lifetime_s, shared)
        return str(key)

    def offer(self, message: Any, made: dict[str, Spooled]) -> None:
        """Put fresh UUIDs, which one client may delete without harm to others, into a result about to be sent."""
        for binary in _binaries_in(message):
            if binary.binaryTransferUUID in made:
                binary.binaryTransferUUID = self._offer(made[binary.binaryTransferUUID], shared=True)

    def lighten(self, message: Any) -> bytes:
        """Serialize responses; binaries go by binary transfer until a client with gRPC's default limit can take it."""
        inline = sorted(_binaries_in(message), key=lambda binary: len(binary.value))
        while inline and message.ByteSize() > _COMFORTABLE_BYTES:
            heaviest = inline.pop()
            heaviest.CopyFrom(self.to_message(heaviest.value))
        encoded: bytes = message.SerializeToString()
        return encoded

    def size(self, binary_uuid: str) -> int:
        """How large a download is; its lifetime begins anew.

        Raises:
            InvalidBinaryTransferUUID: there is no such download.
        """
        return self._download(binary_uuid).spooled.size

    def read(self, binary_uuid: str, offset: int, length: int) -> bytes:
        """Read a part of a download; its lifetime begins anew.

        Raises:
            InvalidBinaryTransferUUID: there is no such download.
            BinaryDownloadFailed: the part is too long or not within the binary.
        """
        spooled = self._download(binary_uuid).spooled
        if length > MAX_CHUNK_BYTES:
            raise BinaryDownloadFailed(f"A chunk must not be larger than {MAX_CHUNK_BYTES} bytes")
        if offset + length > spooled.size:
            raise BinaryDownloadFailed(f"{length} bytes from {offset} are out of bounds: there are {spooled.size}")
        try:
            return spooled.read(offset, length)
        except LookupError:
            raise InvalidBinaryTransferUUID(f"Download {binary_uuid} was deleted") from None

    def delete_download(self, binary_uuid: str) -> None:
        """Free a download.

        Raises:
            InvalidBinaryTransferUUID: there is no such download.
        """
        key = _parse(binary_uuid)
        self._download(binary_uuid)
        with self._lock:
            download = self._downloads.pop(key, None)
        if download is not None:
            self._discard(download)

    def _download(self, binary_uuid: str) -> _Download:
        key = _parse(binary_uuid)
        with self._lock:
            download = self._downloads.get(key)
        if download is None:
            raise InvalidBinaryTransferUUID(f"There is no download {key}; its lifetime may be over")
        download.expires_at = time.monotonic() + self.lifetime_s
        return download

    @staticmethod
    def _discard(download: _Download) -> None:
        if not download.shared:
            download.spooled.discard()

    # --- both ---------------------------------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Free what nobody has touched for a lifetime."""
        now = time.monotonic()
        with self._lock:
            uploads = [key for key, upload in self._uploads.items() if upload.expires_at < now]
            keys = [key for key, download in self._downloads.items() if download.expires_at < now]
            downloads = [self._downloads.pop(key) for key in keys]
        self._free_uploads(uploads)
        for download in downloads:
            self._discard(download)

    def counts(self) -> tuple[int, int]:
        """How many uploads and downloads there are."""
        with self._lock:
            return len(self._uploads), len(self._downloads)


def _binaries_in(message: Any) -> Iterator[Any]:
    """Every Binary anywhere in a message."""
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        for item in [value] if hasattr(value, "ListFields") else value:
            if descriptor.message_type.full_name == SiLAFramework_pb2.Binary.DESCRIPTOR.full_name:
                yield item
            else:
                yield from _binaries_in(item)


def _parse(binary_uuid: str) -> UUID:
    try:
        return UUID(binary_uuid)
    except ValueError:
        raise InvalidBinaryTransferUUID(f"{binary_uuid[:80]!r} is not a UUID") from None
