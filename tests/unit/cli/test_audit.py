"""What `sila-ot2 audit show` shows to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from sila_ot2.cli import audit
from sila_ot2.command_audit import CommandAudit
from sila_ot2.sila import Call, Kind, Sent
from sila_ot2.store.audit.trail import AuditTrail


def test_commands_of_the_simulated_robot_are_distinguished_from_those_of_the_robot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trail = AuditTrail(tmp_path, file_bytes=10_000, kept_files=1)
    trail.start()
    for name, simulated in (("Home", False), ("Aspirate", True)):
        identifier = f"a/b/C/v1/Command/{name}"
        ended = CommandAudit(trail).sent(Sent(identifier, "ipv4:192.0.2.7:1", False, "", dict))
        ended(None, Call(feature="a/b/C/v1", identifier=identifier, kind=Kind.COMMAND, simulated=simulated))
    trail.stop()
    monkeypatch.setattr(audit, "_folder", lambda state_dir, robot: tmp_path)
    audit.show(last=50, command="", client="")
    lines = capsys.readouterr().out.splitlines()
    home, aspirate = (next(line for line in lines if name in line) for name in ("Home", "Aspirate"))
    assert "Succeeded" in home
    assert "simulated" not in home
    assert "Succeeded (simulated robot)" in aspirate
