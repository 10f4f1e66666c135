"""Copies of a state directory: made while the server runs, checked before they are restored."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sila_ot2.files import STAGED_PREFIX, private_folder, replacing
from sila_ot2.store.database import FILE_NAME
from sila_ot2.store.directory_lock import LOCK_NAME, StateDirectoryLock
from sila_ot2.times import utc_now

MANIFEST = "manifest.json"
FORMAT = "sila-ot2 backup 1"
FORMER = ".before-restore-"
"""In the name of a state directory whose place a backup has taken: no server uses it."""
_LEFT_OUT = frozenset({"compiled", "simulation", "spool", LOCK_NAME, FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"})
"""What is made anew by a server, belongs to a running or a simulated one, or is copied in a way of its own."""


class BackupUnusable(Exception):
    """The file is no backup, or is damaged; the message says which, and nothing was changed."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Attributes:
        made_at: when it was made.
        version: the release of sila-ot2 that made it.
        digests: the SHA-256 of each file by its path in the state directory.
    """

    made_at: dt.datetime
    version: str
    digests: dict[str, str]


def save(directory: Path, archive: Path, *, version: str) -> Backup:
    """Write everything in a state directory into a zip file that only its owner can read.

    The server may be running: the database is copied by SQLite itself, at one moment; the other files are never changed
    after they were written, and are copied after it, so that everything the database names is there.

    Args:
        directory: the state directory of one robot.
        archive: the file to write; it takes the place of an older one when it is complete.
        version: the release of sila-ot2.

    Raises:
        OSError: something cannot be read or written.
    """
    digests: dict[str, str] = {}
    with replacing(archive) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as content:

        def add(name: str, path: Path) -> None:
            with path.open("rb") as source:
                data = source.read()
            content.writestr(name, data)
            digests[name] = hashlib.sha256(data).hexdigest()

        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / FILE_NAME
            with closing(sqlite3.connect(directory / FILE_NAME)) as database, closing(sqlite3.connect(copy)) as target:
                database.backup(target)
            add(FILE_NAME, copy)
        for path in _lasting_files(directory):
            try:
                add(path.relative_to(directory).as_posix(), path)
            except FileNotFoundError:  # removed meanwhile, with its row in the database
                continue
        backup = Backup(utc_now(), version, digests)
        content.writestr(MANIFEST, _manifest(backup))
    return backup


def inspect(archive: Path) -> Backup:
    """Check that a backup is complete and undamaged.

    Raises:
        BackupUnusable: it is not.
        OSError: the file cannot be read.
    """
    try:
        with zipfile.ZipFile(archive) as content:
            manifest = json.loads(content.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupUnusable(f"{archive} was written by a newer release: {manifest['format']}")
            digests = dict(manifest["files"])
            for name, wanted in digests.items():
                path = PurePosixPath(name)
                if path.is_absolute() or ".." in path.parts:
                    raise BackupUnusable(f"{archive} holds a file outside of the state directory: {name}")
                if hashlib.sha256(content.read(name)).hexdigest() != wanted:
                    raise BackupUnusable(f"{archive} is damaged: {name} was changed")
            return Backup(dt.datetime.fromisoformat(manifest["made_at"]), manifest["version"], digests)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise BackupUnusable(f"{archive} is not a backup of sila-ot2, or is damaged ({error})") from error


def restore(archive: Path, directory: Path) -> tuple[Backup, Path | None]:
    """Put a backup in the place of a state directory that no server uses.

    Returns:
        what the backup holds, and where the directory that was there before is now (None if there was none).

    Raises:
        BackupUnusable: the backup is damaged. Nothing was changed.
        StateUnusable: a server is running with the directory. Nothing was changed.
        OSError: something cannot be written. Nothing was changed.
    """
    backup = inspect(archive)
    private_folder(directory.parent)
    staged = Path(tempfile.mkdtemp(prefix=STAGED_PREFIX, dir=directory.parent))
    try:
        with zipfile.ZipFile(archive) as content:
            for name in backup.digests:
                target = staged / name
                private_folder(target.parent)
                with replacing(target) as file:
                    file.write(content.read(name))
        former = None
        if directory.exists():
            lock = StateDirectoryLock(directory)
            lock.release()
            former = directory.with_name(f"{directory.name}{FORMER}{utc_now():%Y%m%d-%H%M%S}")
            directory.rename(former)
        staged.rename(directory)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return backup, former


def _lasting_files(directory: Path) -> Iterator[Path]:
    # The newest files of the audit trail first: the oldest may be removed meanwhile, and those read have no gap then.
    for path in sorted(directory.rglob("*"), reverse=True):
        parts = path.relative_to(directory).parts
        is_transient = parts[0] in _LEFT_OUT or parts[-1].endswith(("-request", "-answer"))
        if path.is_file() and not is_transient and not any(part.startswith(STAGED_PREFIX) for part in parts):
            yield path


def _manifest(backup: Backup) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "version": backup.version,
            "made_at": backup.made_at.isoformat(timespec="seconds"),
            "files": backup.digests,
        },
        indent=1,
    )
