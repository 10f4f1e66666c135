"""The one SQLite file in the state directory. Each module of this folder adds the tables of its noun."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine, MetaData, create_engine, event, inspect
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from sila_ot2.files import open_private, private_folder
from sila_ot2.store.files import storage_full
from sila_ot2.store.migrations import migrate

METADATA = MetaData()
FILE_NAME = "sila_ot2.sqlite"


def open_database(state_dir: Path) -> Engine:
    """Open (make, if need be) the database in `state_dir`; call it after every module with tables was imported.

    Writes survive the end of this process at any moment. They are not forced to the disk one by one, which would cost
    milliseconds for each command: after a power cut of this computer the last ones may be missing, never half-written.
    Every statement raises StorageFull where the disk is full; nothing of its transaction is kept.

    Raises:
        StateUnusable: the database is damaged, or newer than this release.
    """
    private_folder(state_dir)
    path = state_dir / FILE_NAME
    os.close(open_private(str(path), os.O_RDWR | os.O_CREAT))  # SQLite's other files get the modes of this one
    path.chmod(0o600)
    migrate(path)
    engine = engine_of(path)
    present = set(inspect(engine).get_table_names())  # one question; create_all would ask for each table
    METADATA.create_all(engine, [table for table in METADATA.sorted_tables if table.name not in present], False)
    return engine


def engine_of(path: Path) -> Engine:
    """Return connections to a database that has its tables."""
    # Two connections are kept open (three files each); more are made, and closed again, when more threads need them.
    # There is no maximum: a stop is written down without waiting for others to have read.
    engine = create_engine(f"sqlite:///{path}", pool_size=2, max_overflow=-1)
    event.listen(engine, "connect", _configure)

    @event.listens_for(engine, "handle_error")
    def _explain(context: ExceptionContext) -> None:
        if "disk is full" in str(context.original_exception):  # SQLITE_FULL: its number is known from Python 3.11 on
            raise storage_full(path.parent) from context.original_exception

    return engine


def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
