"""A new database, copied from one that is made once: to make the tables takes longer than what most tests do."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from sila_ot2.files import open_private, private_folder
from sila_ot2.store import database


@functools.cache
def _made() -> bytes:
    """Return the file of a database with the tables of the modules that are imported until now."""
    with tempfile.TemporaryDirectory() as folder:
        database.open_database(Path(folder)).dispose()
        return (Path(folder) / database.FILE_NAME).read_bytes()


def open_database(state_dir: Path) -> Engine:
    """Open the database in `state_dir` as a server does; if there is none, a copy is put there before."""
    private_folder(state_dir)
    path = state_dir / database.FILE_NAME
    if not path.exists():
        with os.fdopen(open_private(str(path), os.O_WRONLY | os.O_CREAT), "wb") as file:
            file.write(_made())
    return database.open_database(state_dir)
