"""The version of the database's tables, and the steps from each version to the next.

SQLite keeps the number (`PRAGMA user_version`). A new table, or a change of one, is one more entry of `STEPS`; entries
never change once they are released. New databases are made by SQLAlchemy from the tables as they are; a test compares
both ways, and another one which tables belong to the version.
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
    (  # 2 to 3: tables that earlier releases have added one after another, without a new number
        """
        CREATE TABLE IF NOT EXISTS begun_profiles (
            serial_number VARCHAR NOT NULL, target_c FLOAT NOT NULL, target_before_c FLOAT, place VARCHAR NOT NULL,
            since DATETIME NOT NULL, PRIMARY KEY (serial_number)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS central_audit (
            destination VARCHAR NOT NULL, number INTEGER NOT NULL, digest VARCHAR NOT NULL, PRIMARY KEY (destination)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS central_runs (
            destination VARCHAR NOT NULL, run_id VARCHAR NOT NULL, pictures INTEGER NOT NULL,
            PRIMARY KEY (destination, run_id)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS deck_slots (
            slot VARCHAR NOT NULL, labware TEXT NOT NULL, module_model VARCHAR NOT NULL, label VARCHAR NOT NULL,
            source VARCHAR NOT NULL, known_since DATETIME NOT NULL, stated BOOLEAN NOT NULL, identifiers TEXT NOT NULL,
            contradiction TEXT NOT NULL, PRIMARY KEY (slot)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS delivered_labware (
            slot VARCHAR NOT NULL, labware_type VARCHAR NOT NULL, labware_id VARCHAR NOT NULL,
            delivered_at DATETIME NOT NULL, PRIMARY KEY (slot)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS handover (
            only INTEGER NOT NULL, slot VARCHAR NOT NULL, direction VARCHAR NOT NULL, sub_position INTEGER NOT NULL,
            labware_type VARCHAR NOT NULL, labware_id VARCHAR NOT NULL, since DATETIME NOT NULL, PRIMARY KEY (only)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS labware_contents (
            slot VARCHAR NOT NULL, definition_uri VARCHAR NOT NULL, wells TEXT NOT NULL, known_since DATETIME NOT NULL,
            PRIMARY KEY (slot)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS labware_definitions (
            uri VARCHAR NOT NULL, namespace VARCHAR NOT NULL, load_name VARCHAR NOT NULL, version INTEGER NOT NULL,
            display_name TEXT NOT NULL, category VARCHAR NOT NULL, well_count INTEGER NOT NULL,
            added_at DATETIME NOT NULL, content BLOB NOT NULL, PRIMARY KEY (uri)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS last_steps (
            only INTEGER NOT NULL, outcome VARCHAR NOT NULL, details TEXT NOT NULL, rest TEXT NOT NULL,
            PRIMARY KEY (only)
        )
        """,
        "CREATE TABLE IF NOT EXISTS robot (only INTEGER NOT NULL, serial_number VARCHAR NOT NULL, PRIMARY KEY (only))",
        """
        CREATE TABLE IF NOT EXISTS runs_examined_for_tips (
            number INTEGER NOT NULL, run_id VARCHAR NOT NULL, examined BOOLEAN NOT NULL, PRIMARY KEY (number),
            UNIQUE (run_id)
        )
        """,
        "CREATE TABLE IF NOT EXISTS safety_stop (only INTEGER NOT NULL, since DATETIME NOT NULL, PRIMARY KEY (only))",
        """
        CREATE TABLE IF NOT EXISTS simulation_mode (
            only INTEGER NOT NULL, equipment TEXT NOT NULL, PRIMARY KEY (only)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS tip_commands (
            run_id VARCHAR NOT NULL, command_id VARCHAR NOT NULL, PRIMARY KEY (run_id, command_id)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS tip_racks (
            slot VARCHAR NOT NULL, definition_uri VARCHAR NOT NULL, places TEXT NOT NULL,
            declared_at DATETIME NOT NULL, PRIMARY KEY (slot)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS tip_runs (
            number INTEGER NOT NULL, run_id VARCHAR NOT NULL, state TEXT NOT NULL, PRIMARY KEY (number),
            UNIQUE (run_id)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS tips_in_trash (
            number INTEGER NOT NULL, count INTEGER NOT NULL, emptied_at DATETIME, PRIMARY KEY (number)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS uncertain_tips (
            mount VARCHAR NOT NULL, reason TEXT NOT NULL, since DATETIME NOT NULL, PRIMARY KEY (mount)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS deck_uses (
            run_id VARCHAR NOT NULL, use TEXT NOT NULL, PRIMARY KEY (run_id),
            FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
        )
        """,
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
