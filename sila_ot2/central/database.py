"""The central database: rows are added, and a row that is there already stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import URL, Engine, Table, create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from sila_ot2.central.tables import METADATA
from sila_ot2.config import SettingsInvalid

_TIMEOUT_S = 30
_POSTGRESQL = {
    "connect_timeout": 10,
    "keepalives_idle": _TIMEOUT_S,
    "tcp_user_timeout": _TIMEOUT_S * 1000,
    "options": f"-c statement_timeout={_TIMEOUT_S}s -c timezone=UTC",
}


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
                "python -m pip install 'sila-ot2[central]'"
            ) from missing
        self.place = URL.create(
            parsed.get_backend_name(), host=parsed.host, port=parsed.port, database=parsed.database
        ).render_as_string()
        self._insert = (postgresql if postgres else sqlite).insert
        self._has_tables = False

    def add(self, rows: Mapping[Table, Sequence[Mapping[str, Any]]]) -> None:
        """Add rows, all or none; those whose key is there already are left out.

        Raises:
            SQLAlchemyError: they are not added, or it is not known; they can be added again.
        """
        if not self._has_tables:
            METADATA.create_all(self._engine)
            self._has_tables = True
        with self._engine.begin() as connection:
            for table, each in rows.items():
                if each:
                    connection.execute(self._insert(table).on_conflict_do_nothing(), [_fit(row) for row in each])

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def _fit(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without the character zero, which PostgreSQL keeps in no text."""
    return {name: value.replace("\0", "\ufffd") if isinstance(value, str) else value for name, value in row.items()}
