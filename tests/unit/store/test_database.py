"""The database outlives releases: old ones are brought up to date, newer and damaged ones are refused unchanged."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.dialects import sqlite

from sila_ot2 import store
from sila_ot2.errors import StorageFull
from sila_ot2.store.analyses import AnalysisStore
from sila_ot2.store.data_files import DataFileLibrary
from sila_ot2.store.database import FILE_NAME, METADATA, engine_of, open_database
from sila_ot2.store.journal import Journal
from sila_ot2.store.migrations import STEPS, VERSION, migrate
from sila_ot2.store.offsets import OffsetStore
from sila_ot2.store.protocols import ProtocolLibrary
from sila_ot2.store.runs import RunArchive
from sila_ot2.store.uncertain_tips import UncertainTipStore
from sila_ot2.store.unusable import StateUnusable
from sila_ot2.times import utc_now
from tests.fakes.schema import digest_of

for module in pkgutil.walk_packages(store.__path__, f"{store.__name__}."):
    importlib.import_module(module.name)  # each adds its tables

DATABASES = Path(__file__).parent / "databases"
"""Written by servers of earlier releases that ran protocols on a simulated robot; the last run was under way."""


@pytest.fixture
def version_0(tmp_path: Path) -> Path:
    shutil.copy(DATABASES / "version_0.sqlite", tmp_path / FILE_NAME)
    return tmp_path


@pytest.fixture
def migrated(version_0: Path) -> Iterator[Engine]:
    engine = open_database(version_0)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> dict[str, Any]:
    """Columns, keys and indexes of every table, in a form that can be compared."""
    found = inspect(engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
            found.get_pk_constraint(table)["constrained_columns"],
            sorted(str(index["column_names"]) for index in found.get_indexes(table)),
            [constraint["column_names"] for constraint in found.get_unique_constraints(table)],
        )
        for table in found.get_table_names()
    }


def test_there_is_a_database_of_every_earlier_version() -> None:
    assert {path.name for path in DATABASES.iterdir()} == {f"version_{number}.sqlite" for number in range(len(STEPS))}


def test_the_version_belongs_to_the_tables() -> None:
    """A table that is added or changed makes a database that earlier releases must refuse."""
    assert (VERSION, digest_of(METADATA, sqlite.dialect())) == (
        3,
        "c5268fbb2845b5d6",
    ), "a new or changed table is one more entry of STEPS: add it, then write its number and this digest here"


@pytest.mark.parametrize("version", range(VERSION))
def test_an_old_database_gets_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    old = tmp_path / FILE_NAME
    shutil.copy(DATABASES / f"version_{version}.sqlite", old)
    migrate(old)
    migrated, new = engine_of(old), open_database(tmp_path / "new")
    assert tables(migrated) == tables(new)
    for engine in (migrated, new):
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA user_version")).scalar_one() == VERSION
        engine.dispose()


def test_tables_that_an_old_database_has_already_keep_their_rows(tmp_path: Path) -> None:
    shutil.copy(DATABASES / "version_2.sqlite", tmp_path / FILE_NAME)
    engine = open_database(tmp_path)
    assert {mount: tip.reason for mount, tip in UncertainTipStore(engine).tips().items()} == {
        "left": "Run 1 picked it up."
    }
    engine.dispose()


def test_nothing_of_an_old_database_is_lost(migrated: Engine, version_0: Path) -> None:
    archive = RunArchive(migrated, version_0, keep=10)
    second, first = archive.records(10)
    assert [(run.start.label, run.result, run.succeeded_commands) for run in (first, second)] == [
        ("first", "Succeeded", 8),
        ("second", "Succeeded", 8),
    ]
    assert [run.label for run in archive.open_runs()] == ["under way"]
    learned = archive.step_seconds(_plan_key(migrated, first.start.run_id))
    assert learned is not None
    assert len(learned) == 9
    library = ProtocolLibrary(migrated, version_0)
    transfer, delay = library.all()
    assert (transfer.identifier, transfer.key) == (first.start.protocol_identifier, "transfer")
    newest = AnalysisStore(migrated, library).newest(delay.identifier)
    assert newest is not None
    assert newest.result == "ok"
    assert [(file.name, file.size_bytes) for file in DataFileLibrary(migrated, version_0).all()] == [("data.csv", 8)]
    assert [(offset.slot, offset.z_mm) for offset in OffsetStore(migrated).all()] == [("2", -0.3)]
    assert len(archive.paces()) == 8
    assert Journal(migrated).documents_about(first.start.run_id, ["create_run"])


def test_times_that_a_wrong_clock_put_into_the_future_are_corrected(version_0: Path) -> None:
    with closing(sqlite3.connect(version_0 / FILE_NAME)) as database, database:
        database.execute("UPDATE labware_offsets SET measured_at = '2099-01-01 00:00:00.000000'")
    engine = open_database(version_0)
    (offset,) = OffsetStore(engine).all()
    assert offset.measured_at <= utc_now()
    engine.dispose()


def test_a_step_that_fails_leaves_the_database_as_it_was(version_0: Path) -> None:
    with closing(sqlite3.connect(version_0 / FILE_NAME)) as database, database:
        database.execute("CREATE TABLE new_runs (it_is_in_the_way INTEGER)")
    before = (version_0 / FILE_NAME).read_bytes()
    with pytest.raises(StateUnusable):
        open_database(version_0)
    assert (version_0 / FILE_NAME).read_bytes() == before


def test_a_database_that_is_opened_again_is_not_changed(tmp_path: Path) -> None:
    open_database(tmp_path).dispose()
    before = (tmp_path / FILE_NAME).read_bytes()
    open_database(tmp_path).dispose()
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_newer_database_is_refused_with_its_path(tmp_path: Path) -> None:
    open_database(tmp_path).dispose()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(StateUnusable, match=rf"{FILE_NAME} was written by a newer release") as refused:
        open_database(tmp_path)
    assert "Install that release again" in refused.value.remedy
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("damage", ["overwritten", "cut off", "a page", "another program's"])
def test_a_damaged_database_is_refused_with_its_path(version_0: Path, damage: str) -> None:
    file = version_0 / FILE_NAME
    content = file.read_bytes()
    if damage == "overwritten":
        file.write_bytes(b"not a database" * 1000)
    elif damage == "cut off":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "a page":
        file.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    else:
        file.unlink()
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE bookmarks (url TEXT)")
    before = file.read_bytes()
    with pytest.raises(StateUnusable, match=rf"{FILE_NAME} is damaged, or is not a database of sila-ot2") as refused:
        open_database(version_0)
    assert "Restore it from a backup" in refused.value.remedy
    assert file.read_bytes() == before


def test_a_full_disk_is_reported_and_nothing_of_the_transaction_is_kept(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    journal = Journal(engine)
    journal.open("command", "before")
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", limit)
    with pytest.raises(StorageFull, match="The disk that holds .* is full"):
        journal.open("command", "x" * 100_000)
    assert [entry.document for entry in journal.unresolved()] == ["before"]
    engine.dispose()


def _plan_key(engine: Engine, run_id: str) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text(f"SELECT plan_key FROM runs WHERE run_id = '{run_id}'")).scalar_one())
