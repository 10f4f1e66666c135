"""Verbs that may take longer than a second say on a terminal what they wait for, and nothing where there is none."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from sila_ot2.client import discovery
from tests.command_line import Screen

NOBODY = "127.0.0.1:9"
VERBS = {
    "discover": ("Listening", "discover --json"),
    "connect": ("Connecting", f"status --insecure --server {NOBODY}"),
    "backup": ("Saving", "backup {folder}/kept.zip --state-dir {folder}"),
    "restore": ("Restoring", "restore {folder}/none.zip --state-dir {folder} --robot http://robot"),
    "audit verify": ("Reading the audit trail", "audit verify --state-dir {folder}"),
    "audit show": ("Reading the audit trail", "audit show --json --state-dir {folder}"),
    "service install": ("Starting the service", "service install {folder}/north.toml --user"),
    "package verify": ("Checking", "package verify {folder}/none.zip --state-dir {folder}"),
}


@pytest.mark.parametrize(("text", "line"), VERBS.values(), ids=VERBS)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_reason_of_the_wait_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: str, is_terminal: bool
) -> None:
    for kept in ("identity", "audit"):
        (tmp_path / "robot_31950" / kept).mkdir(parents=True)
    (tmp_path / "robot_31950" / "identity" / "server.crt").touch()
    (tmp_path / "north.toml").write_text('robot.url = "http://robot"')
    monkeypatch.setattr(discovery, "browse", lambda seconds: [])
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # without systemctl
    with contextlib.redirect_stderr(Screen() if is_terminal else io.StringIO()) as shown:
        run([word.format(folder=tmp_path) for word in line.split()])
    assert (text in shown.getvalue()) is is_terminal
