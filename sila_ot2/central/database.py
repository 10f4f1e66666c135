"""The central database: rows are added, and a row that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Column, Connection, Engine, Table, create_engine, event, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from sila_ot2.central.tables import METADATA, SCHEMA, VERSION
from sila_ot2.config import SettingsInvalid

_TIMEOUT_S = 30
_POSTGRESQL = {
    "connect_timeout": 10,
    "keepalives_idle": _TIMEOUT_S,
    "tcp_user_timeout": _TIMEOUT_S * 1000,
    "options": f"-c statement_timeout={_TIMEOUT_S}s -c timezone=UTC",
}


class DatabaseAway(Exception):
    """The database cannot be used now, for any rows."""


class CentralDatabase:
    """Connects when it is used first, and makes its tables if they are not there.

    Args:
        url: of the database; a secret.

    Attributes:
        place: where it is, without user and password.

    Raises:
        SettingsInvalid: the URL makes no sense, or the package for such a database is not installed.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            postgres = parsed.get_backend_name() == "postgresql"
            self._engine: Engine = create_engine(
                parsed.set(drivername="postgresql+psycopg") if postgres else parsed,
                pool_pre_ping=True,
                pool_size=1,
                hide_parameters=True,
                connect_args=_POSTGRESQL if postgres else {"timeout": _TIMEOUT_S},
            )
        except (ArgumentError, ValueError) as wrong:
            raise SettingsInvalid("central.database is not the URL of a database") from wrong
        except ImportError as missing:
            raise SettingsInvalid(
                f"central.database needs a package that is not installed ({missing.name}): "
                "install it in the source folder of sila-ot2 with: pip install '.[central]'"
            ) from missing
        self.place = URL.create(
            parsed.get_backend_name(), host=parsed.host, port=parsed.port, database=parsed.database
        ).render_as_string()
        self._insert = (postgresql if postgres else sqlite).insert
        self._is_prepared = False
        event.listen(self._engine, "connect", self._note_connection)

    def prepare(self) -> bool:
        """Make the tables if they are not there; return whether it was connected to anew, so that it may be another.

        Raises:
            DatabaseAway: it cannot be connected to, or its tables cannot be made or are those of a newer release.
        """
        with self._connected() as connection:
            if self._is_prepared:
                return False
            self._make_tables(connection)
            self._is_prepared = True
            return True

    def has(self, server_uuid: str, column: Column[Any], value: str) -> bool:
        """Return whether a row of a server has this value in a column.

        Raises:
            DatabaseAway: it cannot be connected to, or the question cannot be answered.
        """
        row = select(column).where(column.table.c.server_uuid == server_uuid, column == value)
        with self._connected() as connection:
            try:
                return connection.execute(row).first() is not None
            except SQLAlchemyError as error:
                raise DatabaseAway(first_line(error)) from error

    def add(self, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
        """Add rows, all or none; those whose key is there already are left out.

        Raises:
            DatabaseAway: it cannot be connected to, or the connection was lost.
            SQLAlchemyError: it refuses these rows, or has no tables. In both cases they can be added again.
        """
        with self._connected() as connection:
            try:
                with connection.begin():
                    for table, each in rows.items():
                        if each:
                            statement = self._insert(table).on_conflict_do_nothing()
                            connection.execute(statement, [_fit(row) for row in each])
            except DBAPIError as error:
                self._is_prepared = False  # perhaps its tables are gone
                if error.connection_invalidated:
                    raise DatabaseAway(first_line(error)) from error
                raise

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = self._engine.connect()
        except SQLAlchemyError as error:
            raise DatabaseAway(first_line(error)) from error
        with connection:
            yield connection

    def _note_connection(self, *_: object) -> None:
        self._is_prepared = False

    def _make_tables(self, connection: Connection) -> None:
        for may_be_made_meanwhile in (True, False):  # by the server of another robot, which starts at the same time
            try:
                with connection.begin():
                    METADATA.create_all(connection)
                    first = {"only": 1, "version": VERSION}
                    connection.execute(self._insert(SCHEMA).on_conflict_do_nothing(), [first])
                    version = connection.execute(select(SCHEMA.c.version)).scalar_one()
                break
            except SQLAlchemyError as error:
                if not may_be_made_meanwhile:
                    raise DatabaseAway(first_line(error)) from error
        if version > VERSION:
            raise DatabaseAway(
                f"its tables are of version {version}, written by a newer release of sila-ot2, and this release writes "
                f"versions up to {VERSION}: install that release here, too"
            )

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def first_line(error: Exception) -> str:
    """Return what an error says, without the statement and the values that it is about."""
    return f"{type(error).__name__}: {(str(getattr(error, 'orig', None) or error).strip().splitlines() or [''])[0]}"


def _fit(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without the character zero, which PostgreSQL keeps in no text."""
    return {name: value.replace("\0", "\ufffd") if isinstance(value, str) else value for name, value in row.items()}
