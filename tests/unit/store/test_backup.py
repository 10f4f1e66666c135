"""A backup holds everything that lasts, also of a database in use, and never replaces a state by a damaged one."""

from __future__ import annotations

import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from sila_ot2.store.audit.chain import End, encode, file_of, read
from sila_ot2.store.backup import BackupUnusable, inspect, restore, save
from sila_ot2.store.database import FILE_NAME
from sila_ot2.store.directory_lock import StateDirectoryLock
from sila_ot2.store.unusable import StateUnusable


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A state directory with a committed row that is in SQLite's log only, and with files of every sort."""
    directory = tmp_path / "states" / "robot"
    for name in ("identity/server.key", "protocols/1/plate.py", "spool/upload", "compiled/x.py", "in-use.lock"):
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    return directory


@pytest.fixture
def archive(directory: Path, tmp_path: Path) -> Path:
    archive = tmp_path / "backup.zip"
    with closing(sqlite3.connect(directory / FILE_NAME)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (1)")
        database.commit()
        database.execute("INSERT INTO t VALUES (2)")  # not committed, and so not in the backup
        save(directory, archive, version="1.2.3")
    return archive


def test_what_was_saved_is_restored(directory: Path, archive: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    target = tmp_path / "other computer" / "robot"
    backup, former = restore(archive, target)
    assert (backup.version, former) == ("1.2.3", None)
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert files == {FILE_NAME, "identity/server.key", "protocols/1/plate.py"}
    assert (target / "protocols/1/plate.py").read_text() == "content of protocols/1/plate.py"
    assert stat.S_IMODE((target / "identity/server.key").stat().st_mode) == 0o600
    with closing(sqlite3.connect(target / FILE_NAME)) as database:
        assert database.execute("SELECT x FROM t").fetchall() == [(1,)]


def test_an_audit_trail_whose_oldest_files_are_removed_meanwhile_has_no_gap(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail, end = directory / "audit", End()
    trail.mkdir()
    for number in (1, 2, 3, 4):
        end, line = encode(end, {"event": "sent"})
        file_of(trail, number).write_bytes(line)
    with closing(sqlite3.connect(directory / FILE_NAME)):
        pass
    write = zipfile.ZipFile.writestr

    def write_while_the_oldest_are_removed(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
        write(archive, name, data)
        if name.startswith("audit/"):
            for number in (1, 2):
                file_of(trail, number).unlink(missing_ok=True)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", write_while_the_oldest_are_removed)
    save(directory, tmp_path / "backup.zip", version="1.2.3")
    monkeypatch.undo()
    restore(tmp_path / "backup.zip", tmp_path / "restored")
    assert [found.number for _, found in read(tmp_path / "restored" / "audit")] == [3, 4]


def test_the_state_before_is_kept(directory: Path, archive: Path) -> None:
    (directory / "newer").write_text("made since then")
    _, former = restore(archive, directory)
    assert former is not None
    assert (former / "newer").read_text() == "made since then"
    assert not (directory / "newer").exists()


def test_the_state_of_a_running_server_is_not_replaced(directory: Path, archive: Path) -> None:
    lock = StateDirectoryLock(directory)
    try:
        with pytest.raises(StateUnusable, match="another server is running"):
            restore(archive, directory)
    finally:
        lock.release()
    assert (directory / "protocols/1/plate.py").exists()
    assert [path.name for path in directory.parent.iterdir()] == ["robot"]


def changed(archive: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(archive) as old:
        files = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(archive, "w") as new:
        for each, data in (files | {name: content}).items():
            new.writestr(each, data)


@pytest.mark.parametrize("damage", ["changed", "cut off", "no zip", "no manifest", "newer", "outside"])
def test_a_damaged_backup_changes_nothing(directory: Path, archive: Path, damage: str) -> None:
    if damage == "changed":
        changed(archive, "protocols/1/plate.py", b"something else")
    elif damage == "cut off":
        archive.write_bytes(archive.read_bytes()[:-200])
    elif damage == "no zip":
        archive.write_bytes(b"something else")
    elif damage == "no manifest":
        changed(archive, "manifest.json", b"[]")
    elif damage == "newer":
        changed(archive, "manifest.json", b'{"format": "sila-ot2 backup 2"}')
    else:
        changed(archive, "manifest.json", b'{"format": "sila-ot2 backup 1", "files": {"../x": ""}}')
    with pytest.raises(BackupUnusable, match=archive.name):
        inspect(archive)
    with pytest.raises(BackupUnusable):
        restore(archive, directory)
    assert (directory / "protocols/1/plate.py").read_text() == "content of protocols/1/plate.py"
    assert [path.name for path in directory.parent.iterdir()] == ["robot"]
