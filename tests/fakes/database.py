"""A new database, copied from one that is made once: to make the tables takes longer than what most tests do."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from sila_ot2.files import open_private, private_folder
from sila_ot2.store import database


class _Compiled(dict[Any, Any]):
    """What SQLAlchemy has made of the statements, for all engines: it keeps one for each dialect object.

    To compile them again for each database takes longer than what most tests do.
    """

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        super().__setitem__(key[1:], compiled)

    def get(self, key: tuple[Any, ...], default: object = None) -> Any:
        return super().get(key[1:], default)


_COMPILED = _Compiled()


@functools.cache
def _made() -> bytes:
    """Return the file of a database with the tables of the modules that are imported until now."""
    with tempfile.TemporaryDirectory() as folder:
        database.open_database(Path(folder)).dispose()
        return (Path(folder) / database.FILE_NAME).read_bytes()


def open_database(state_dir: Path) -> Engine:
    """Open the database in `state_dir` as a server does; if there is none, it is a copy, which needs no looking at."""
    private_folder(state_dir)
    path = state_dir / database.FILE_NAME
    if path.exists():
        engine = database.open_database(state_dir)
    else:
        with os.fdopen(open_private(str(path), os.O_WRONLY | os.O_CREAT), "wb") as file:
            file.write(_made())
        engine = database.engine_of(path)
    engine.update_execution_options(compiled_cache=_COMPILED)
    event.listen(engine, "connect", _do_not_wait_for_the_disk)
    return engine


def _do_not_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """No test of these survives a power failure: a database that is closed need not be on the disk."""
    connection.cursor().execute("PRAGMA synchronous=OFF")
