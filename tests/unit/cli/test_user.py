"""Passwords of users as a program gives them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sila_ot2.cli.app import run
from sila_ot2.cli.exits import ExitCode


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_password_that_is_not_utf_8_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], errors: str
) -> None:
    file = tmp_path / "users.json"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"secret\xff\n"), encoding="utf-8", errors=errors))
    assert run(["user", "add", "ana", "--role", "observe", "--file", str(file)]) == ExitCode.USAGE
    assert capsys.readouterr().err == "sila-ot2: The password is not text in UTF-8.\n"
