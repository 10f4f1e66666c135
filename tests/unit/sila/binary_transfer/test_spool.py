"""Bytes that are kept on a disk that is full, or that were freed meanwhile."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sila2.framework import ValidationError
from sila2.framework.binary_transfer.binary_transfer_error import BinaryUploadFailed, InvalidBinaryTransferUUID

from sila_ot2.sila.binary_transfer.binaries import Binaries
from sila_ot2.sila.binary_transfer.spool import Spool
from sila_ot2.sila.errors import Exhausted


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, memory_bytes=0, disk_bytes=10, setting="limits.disk")


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(path: Path, mode: str) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", fail)
        yield


def test_what_cannot_be_written_takes_no_space(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    with full_disk(monkeypatch), pytest.raises(Exhausted, match="No space left on device"):
        spool.keep(b"0123456789")
    assert spool.keep(b"0123456789").read() == b"0123456789"


@pytest.fixture
def binaries(spool: Spool) -> Binaries:
    return Binaries(spool, spool, largest_bytes=10, count=1, chunks=1, lifetime_s=60.0)


def test_a_chunk_that_cannot_be_written_can_be_sent_again(binaries: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    key = str(binaries.create("Store", "client", 10, 1))
    with full_disk(monkeypatch), pytest.raises(BinaryUploadFailed, match="No space left on device"):
        binaries.receive(key, "client", 0, b"0123456789")
    binaries.receive(key, "client", 0, b"0123456789")


def test_an_upload_that_is_deleted_while_it_is_used_is_not_found(binaries: Binaries) -> None:
    key = binaries.create("Store", "client", 2, 1)
    empty = binaries._uploads[key]
    binaries.delete_upload(str(key), "client")
    with pytest.raises(InvalidBinaryTransferUUID, match="used or deleted"):
        empty.receive(0, b"01")
    key = binaries.create("Store", "client", 2, 1)
    binaries.receive(str(key), "client", 0, b"01")
    complete = binaries._uploads[key]
    binaries.delete_upload(str(key), "client")
    with pytest.raises(ValidationError, match="used or deleted"):
        complete.content()
