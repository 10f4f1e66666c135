"""What of this robot has been copied to a central database, so that nothing is left out and little is copied twice."""

from __future__ import annotations

from sqlalchemy import Column, Engine, Integer, String, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from sila_ot2.store.audit.chain import End
from sila_ot2.store.database import METADATA

_runs = Table(
    "central_runs",
    METADATA,
    Column("destination", String, primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("pictures", Integer, nullable=False),
)
_audit = Table(
    "central_audit",
    METADATA,
    Column("destination", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("digest", String, nullable=False),
)


class CentralCopies:
    """One per robot; safe to use from any thread. Every database has its own account: another one gets everything."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pictures(self, destination: str) -> dict[str, int]:
        """Return the runs that were copied, each with the number of its pictures that were copied."""
        query = select(_runs.c.run_id, _runs.c.pictures).where(_runs.c.destination == destination)
        with self._engine.connect() as connection:
            return {row.run_id: row.pictures for row in connection.execute(query)}

    def note_run(self, destination: str, run_id: str, pictures: int) -> None:
        """A run was copied, with so many pictures."""
        statement = insert(_runs).values(destination=destination, run_id=run_id, pictures=pictures)
        with self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["destination", "run_id"], set_={"pictures": statement.excluded.pictures}
                )
            )

    def forget_runs(self, destination: str, run_ids: set[str]) -> None:
        """These runs are no longer in the archive."""
        of_it = _runs.c.destination == destination
        with self._engine.begin() as connection:
            for run_id in run_ids:
                connection.execute(delete(_runs).where(of_it & (_runs.c.run_id == run_id)))

    def forget(self, destination: str) -> None:
        """Nothing was copied there."""
        with self._engine.begin() as connection:
            for table in (_runs, _audit):
                connection.execute(delete(table).where(table.c.destination == destination))

    def audit_end(self, destination: str) -> End:
        """Return the last entry of the audit trail that was copied."""
        query = select(_audit.c.number, _audit.c.digest).where(_audit.c.destination == destination)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return End(row.number, row.digest) if row else End()

    def note_audit(self, destination: str, end: End) -> None:
        """The audit trail was copied up to this entry."""
        statement = insert(_audit).values(destination=destination, number=end.number, digest=end.digest)
        with self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["destination"],
                    set_={"number": statement.excluded.number, "digest": statement.excluded.digest},
                )
            )
