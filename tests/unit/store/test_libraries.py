"""What clients gave: protocols, data files and offsets, on this server's own disk."""

from __future__ import annotations

import datetime
import errno
from pathlib import Path

import pytest
from sqlalchemy import Engine

from sila_ot2.errors import DataFileNotFound, FileNotFound, ProtocolNotFound, StorageFull
from sila_ot2.store.analyses import KEPT, AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.files import staged_folder
from sila_ot2.store.offsets import OffsetStore, StoredOffset
from sila_ot2.store.protocols import ProtocolLibrary, StoredFile, StoredProtocol, content_hash, identifier_of
from sila_ot2.times import utc_now

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def keep(library: ProtocolLibrary, name: str = "p.py") -> StoredProtocol:
    files = (StoredFile(name, "main", 1, "ab"),)
    with staged_folder(library.folder) as folder:
        (folder / name).write_bytes(b"x")
        stored = StoredProtocol(
            identifier_of(content_hash(files)), content_hash(files), files, "n", "a", "2.13", "", "", utc_now(), "r", ""
        )
        library.add(stored, folder)
    return stored


def test_identifier_follows_from_the_content_in_any_order() -> None:
    one, two = StoredFile("a.py", "main", 1, "ab"), StoredFile("b.json", "labware", 1, "cd")
    assert content_hash([one, two]) == content_hash([two, one])
    assert content_hash([one]) != content_hash([two])
    assert identifier_of(content_hash([one])) == identifier_of(content_hash([one]))


def test_protocol_is_kept_found_and_deleted(engine: Engine, tmp_path: Path) -> None:
    library = ProtocolLibrary(engine, tmp_path)
    stored = keep(library)
    keep(library)  # once more does no harm
    assert library.all() == [stored]
    assert library.find_by_robot_id("r") == stored
    assert library.path(stored, "p.py").read_bytes() == b"x"
    for name in ("other.py", "../p.py", ".documents"):
        with pytest.raises(FileNotFound):
            library.path(stored, name)
    library.delete(stored.identifier)
    with pytest.raises(ProtocolNotFound):
        library.require(stored.identifier)
    assert list(library.folder.iterdir()) == []


def test_full_disk_is_reported_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="full"), staged_folder(tmp_path) as folder:  # noqa: PT012
        (folder / "half").write_bytes(b"x")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(PermissionError), staged_folder(tmp_path):
        raise PermissionError(errno.EACCES, "Permission denied")


def test_newest_analyses_are_kept(engine: Engine, tmp_path: Path) -> None:
    library = ProtocolLibrary(engine, tmp_path)
    stored = keep(library)
    store = AnalysisStore(engine, library)
    for number in range(KEPT + 3):
        store.keep(f"a{number}", stored.identifier, "key" if number % 2 else "", "ok", b'{"n": %d}' % number)
    newest = store.newest(stored.identifier)
    assert newest is not None
    assert newest.analysis_id == f"a{KEPT + 2}"
    assert store.document(stored.identifier, newest.analysis_id) == b'{"n": %d}' % (KEPT + 2)
    again = store.keep(newest.analysis_id, stored.identifier, newest.parameters_key, "ok", b"{}")
    assert again == store.newest(stored.identifier) == newest, "an analysis is as old as it was when it was found first"
    assert store.document(stored.identifier, "a0") is None
    assert store.newest(stored.identifier, "key").parameters_key == "key"  # type: ignore[union-attr]
    old = store.newest(stored.identifier, "key", before=newest.analyzed_at - datetime.timedelta.resolution)
    assert old is not None
    assert old.analysis_id == f"a{KEPT}"
    assert store.newest(stored.identifier, before=newest.analyzed_at - datetime.timedelta(days=1)) == newest
    assert library.require(stored.identifier).last_result == "ok"
    store.forget(stored.identifier)
    assert store.newest(stored.identifier) is None


def test_data_file(engine: Engine, tmp_path: Path) -> None:
    library = DataFileLibrary(engine, tmp_path)
    stored = library.add("t.csv", b"1,2")
    assert library.add("t.csv", b"1,2") == stored
    assert library.add("u.csv", b"1,2").identifier != stored.identifier
    library.note_robot_id(stored.identifier, "r")
    assert library.require(stored.identifier).robot_id == "r"
    library.delete(stored.identifier)
    with pytest.raises(DataFileNotFound):
        library.require(stored.identifier)


def test_newest_offset_wins_whatever_the_order(engine: Engine) -> None:
    store = OffsetStore(engine)

    def offset(day: int, x_mm: float, slot: str = "1") -> StoredOffset:
        return StoredOffset("a/b/1", slot, "", x_mm, 0, 0, BEGIN + datetime.timedelta(days=day))

    store.keep([offset(2, 2.0)])
    store.keep([offset(1, 1.0), offset(3, 9.0, slot="2")])
    assert [(one.slot, one.x_mm) for one in store.all()] == [("1", 2.0), ("2", 9.0)]
    store.keep([offset(3, 3.0)])
    assert store.all()[0].x_mm == 3.0
