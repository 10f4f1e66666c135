"""The central database has a version: one of an earlier release gets it, and a newer one is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, func, insert, select, update
from sqlalchemy.dialects import postgresql

from sila_ot2.central.database import CentralDatabase, DatabaseAway
from sila_ot2.central.tables import AUDIT, METADATA, RUNS, SCHEMA, VERSION
from tests.fakes.schema import digest_of

ROW = {"server_uuid": "7", "digest": "0", "number": 1, "line": "{}"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'central.sqlite'}"


@pytest.fixture
def database(url: str) -> Iterator[CentralDatabase]:
    database = CentralDatabase(url)
    yield database
    database.close()


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_version_belongs_to_the_tables() -> None:
    assert (VERSION, digest_of(METADATA, postgresql.dialect())) == (  # type: ignore[no-untyped-call]
        1,
        "e3032e139380cd62",
    ), "a new or changed table is a new version: raise it, bring older tables up to date, then write both here"


def test_a_new_database_gets_the_version(database: CentralDatabase, connection: Connection) -> None:
    database.prepare()

    assert connection.execute(select(SCHEMA.c.version)).scalar_one() == VERSION


def test_a_database_from_before_there_was_a_version_gets_it(database: CentralDatabase, connection: Connection) -> None:
    METADATA.create_all(connection, [RUNS, AUDIT])
    connection.execute(insert(AUDIT).values(ROW))
    connection.commit()

    database.prepare()
    database.add({AUDIT: [ROW | {"digest": "1"}]})

    assert connection.execute(select(SCHEMA.c.version)).scalar_one() == VERSION
    assert connection.execute(select(func.count()).select_from(AUDIT)).scalar_one() == 2


def test_nothing_is_added_to_a_newer_database_until_it_is_of_this_release(
    database: CentralDatabase, connection: Connection
) -> None:
    METADATA.create_all(connection)
    connection.execute(insert(SCHEMA).values(only=1, version=VERSION + 1))
    connection.commit()

    with pytest.raises(DatabaseAway, match="written by a newer release of sila-ot2.*install that release here, too"):
        database.prepare()

    assert connection.execute(select(func.count()).select_from(AUDIT)).scalar_one() == 0
    connection.execute(update(SCHEMA).values(version=VERSION))
    connection.commit()
    database.prepare()
    database.add({AUDIT: [ROW]})
    assert connection.execute(select(func.count()).select_from(AUDIT)).scalar_one() == 1
