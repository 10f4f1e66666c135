"""The one SQLite file in the state directory. Each module of this folder adds the tables of its noun."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

METADATA = MetaData()


def open_database(state_dir: Path) -> Engine:
    """Open (make, if need be) the database in `state_dir`; call it after every module with tables was imported.

    Writes survive the end of this process at any moment. They are not forced to the disk one by one, which would cost
    milliseconds for each command: after a power cut of this computer the last ones may be missing, never half-written.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    # Two connections are kept open (three files each); more are made, and closed again, when more threads need them.
    engine = create_engine(f"sqlite:///{state_dir / 'sila_ot2.sqlite'}", pool_size=2, max_overflow=20)
    event.listen(engine, "connect", _configure)
    METADATA.create_all(engine)
    return engine


def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
