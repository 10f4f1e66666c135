"""The version of the database's tables, and the steps from each version to the next.

SQLite keeps the number (`PRAGMA user_version`). A change of a table is one more entry of `STEPS`; entries never change
once they are released. New databases are made by SQLAlchemy from the tables as they are; a test compares both ways.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sila_ot2.store.unusable import StateUnusable

STEPS: tuple[tuple[str, ...], ...] = (
    (  # 0 to 1: the order of runs and the age of offsets no longer follow the robot's clock
        """
        CREATE TABLE new_runs (
            sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            run_id VARCHAR NOT NULL UNIQUE,
            first_seen_at DATETIME NOT NULL,
            start TEXT NOT NULL,
            record TEXT,
            plan_key VARCHAR NOT NULL,
            is_session BOOLEAN NOT NULL,
            step_seconds BLOB
        )
        """,
        """
        INSERT INTO new_runs (run_id, first_seen_at, start, record, plan_key, is_session, step_seconds)
        SELECT run_id, min(created_at, strftime('%Y-%m-%d %H:%M:%f000', 'now')),
            start, record, plan_key, is_session, step_seconds
        FROM runs ORDER BY rowid
        """,
        "DROP TABLE runs",
        "ALTER TABLE new_runs RENAME TO runs",
        "CREATE INDEX ix_runs_plan_key ON runs (plan_key)",
        "UPDATE labware_offsets SET measured_at = min(measured_at, strftime('%Y-%m-%d %H:%M:%f000', 'now'))",
        "ALTER TABLE analyses RENAME COLUMN analysed_at TO analyzed_at",
    ),
    (  # 1 to 2: where an offset comes from, on which robot it was measured, and whether it was removed
        "ALTER TABLE labware_offsets ADD COLUMN source VARCHAR NOT NULL DEFAULT 'Run'",
        "ALTER TABLE labware_offsets ADD COLUMN robot_serial VARCHAR NOT NULL DEFAULT ''",
        "ALTER TABLE labware_offsets ADD COLUMN removed BOOLEAN NOT NULL DEFAULT 0",
    ),
)
VERSION = len(STEPS)
"""The version of the tables as they are now."""


def migrate(path: Path) -> None:
    """Bring the database at `path` to the present version, step by step, each completely or not at all.

    A new database gets the version's number and no tables.

    Raises:
        StateUnusable: it is damaged, or newer than this release. Nothing was changed.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise StateUnusable(
                    f"{path} was written by a newer release of sila-ot2 (version {version} of the database; this "
                    f"release reads versions up to {VERSION})",
                    remedy="Install that release again: run sila-ot2 --version where it still runs to see its number.",
                )
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            is_new = not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if is_new:
                database.execute(f"PRAGMA user_version = {VERSION}")
                return
            for number in range(version, VERSION):
                database.execute("BEGIN IMMEDIATE")
                for statement in STEPS[number]:
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {number + 1}")
                database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise StateUnusable(
            f"the database {path} is damaged, or is not a database of sila-ot2 ({error})",
            remedy="Restore it from a backup. Without one, move it away and start again: the server then knows no "
            "earlier run, protocol or open request, so look at the robot first.",
        ) from error
