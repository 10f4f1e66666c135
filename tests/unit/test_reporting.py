"""What a server records of itself, and what it keeps of that."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from sila_ot2.command_audit import AUDIT_FOLDER
from sila_ot2.config import load
from sila_ot2.reporting import Reporting
from sila_ot2.store.audit.chain import files
from sila_ot2.store.audit.trail import AuditTrail


def test_a_start_removes_no_entry_that_waits_for_the_central_database(tmp_path: Path) -> None:
    settings = load(
        {
            "robot": {"url": "robot"},
            "server": {"state_directory": tmp_path},
            "audit": {"kept_files": 1},
            "central": {"database": "postgresql://user@db.invalid/ot2"},
        }
    )
    folder = settings.robot_directory / AUDIT_FOLDER
    for number in (1, 2, 3):
        trail = AuditTrail(folder, file_bytes=1, kept_files=10)
        trail.start()
        trail.add(lambda number=number: {"event": number})  # type: ignore[misc]
        trail.stop()
    before = files(folder)
    reporting = Reporting(settings, UUID(int=7), lambda: "name")
    reporting.begin()
    reporting.stop()
    assert len(before) == 3
    assert files(folder)[:3] == before
