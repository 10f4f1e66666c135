"""The records of one robot's server, and what has arrived in a central database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, Table, create_engine, func, select

from sila_ot2.central.copying import CentralCopying
from sila_ot2.central.database import CentralDatabase
from sila_ot2.central.disk_space import DiskSpace
from sila_ot2.central.tables import AUDIT
from sila_ot2.store.audit.tail import AuditTail
from sila_ot2.store.audit.trail import AuditTrail
from sila_ot2.store.central_copies import CentralCopies
from sila_ot2.store.runs import RunArchive, RunRecord, RunStart
from sila_ot2.times import utc_now
from tests.fakes.database import open_database

SERVER = UUID(int=7)


class CopiedSite:
    """The records of one robot's server, and what copies them."""

    def __init__(self, folder: Path, *, keep_runs: int = 100, audit_file_bytes: int = 10_000) -> None:
        self.folder = folder
        self.reported: list[str] = []
        self.engine = open_database(folder)
        self.archive = RunArchive(self.engine, folder, keep=keep_runs)
        self.copies = CentralCopies(self.engine)
        self.trail = AuditTrail(folder / "audit", file_bytes=audit_file_bytes, kept_files=2)
        self.trail.start()

    def end_run(self, run_id: str, *, label: str = "", commands: int = 1) -> None:
        start = RunStart(run_id=run_id, origin="ThisServer", purpose="protocol", created_at=utc_now(), label=label)
        self.archive.begin(start)
        self.archive.append(run_id, [json.dumps({"number": number}) for number in range(commands)])
        self.archive.end(
            RunRecord(start=start, result="Succeeded", started_at=None, completed_at=None, seen_ended_at=utc_now())
        )

    def audit(self, *counts: int) -> None:
        for count in counts:
            self.trail.add(lambda count=count: {"event": "test", "count": count})  # type: ignore[misc]

    @contextmanager
    def copying(self, url: str) -> Iterator[CentralCopying]:
        database = CentralDatabase(url)
        tail = AuditTail(self.folder / "audit", self.copies.audit_end(database.place))
        space = DiskSpace(
            self.folder, database.place, lambda text: self.trail.add(lambda: {"event": "room", "count": text})
        )
        copier = CentralCopying(database, self.copies, self.archive, tail, space, SERVER, "robot")
        copier.on_late.subscribe(self.reported.append)
        self.archive.may_forget = copier.may_forget
        look_no_more = self.archive.pictures.on_keep.subscribe(copier.look_at)
        self.trail.needed_from = lambda: copier.needed_from
        copier.start()
        try:
            yield copier
        finally:
            copier.stop()
            look_no_more()

    def close(self) -> None:
        self.trail.stop()
        self.engine.dispose()


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        yield engine
    finally:
        engine.dispose()


def count(url: str, table: Table) -> int:
    with opened(url) as engine, engine.connect() as connection:
        if not engine.dialect.has_table(connection, table.name):
            return 0
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def audited(url: str) -> list[int]:
    with opened(url) as engine, engine.connect() as connection:
        if not engine.dialect.has_table(connection, AUDIT.name):
            return []
        lines = connection.execute(select(AUDIT.c.line).order_by(AUDIT.c.number)).scalars()
        return [json.loads(line)["count"] for line in lines]
