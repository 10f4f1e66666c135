"""What `sila-ot2 discover` makes of what strangers announce."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from uuid import UUID

import pytest
from rich.console import Console

from sila_ot2.cli.app import run
from sila_ot2.cli.discover import record, table
from sila_ot2.cli.exits import ExitCode
from sila_ot2.client import discovery
from sila_ot2.client.discovery import Found

FOUND = Found(UUID(int=7), "OT-2", "a robot", "1.0", ("127.0.0.1", "10.0.0.1"), 50064, b"PEM")
HOSTILE = Found(UUID(int=8), "[red]name[/red]\x1b[2J", "", "", ("10.0.0.2",), 1, None)


def shown(*servers: Found, width: int = 120) -> str:
    output = io.StringIO()
    Console(file=output, width=width).print(table(list(servers)))
    return output.getvalue()


@pytest.mark.parametrize("width", [80, 100])
def test_nothing_is_cut_in_a_narrow_terminal(width: int) -> None:
    named = replace(
        FOUND, name="OT-2 with a name that is longer than its column may become", addresses=("fe80::1234:5678",)
    )
    text = shown(named, width=width)
    assert str(FOUND.uuid) in text
    assert "[fe80::1234:5678]:50064" in text
    assert all(word in text for word in named.name.split())
    assert "…" not in text


def test_values_are_whole_in_one_line_when_piped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = replace(FOUND, name="OT-2 " + "x" * 200)
    monkeypatch.setattr(discovery, "browse", lambda seconds: [named])
    monkeypatch.setenv("COLUMNS", "40")
    assert run(["discover"]) == ExitCode.SUCCESS
    lines = capsys.readouterr().out.splitlines()
    assert any(named.name in line for line in lines)
    assert any(str(named.uuid) in line for line in lines)


def test_table_has_every_address() -> None:
    text = shown(FOUND)
    assert "127.0.0.1:50064" in text
    assert "10.0.0.1:50064" in text
    assert str(FOUND.uuid) in text


def test_stranger_cannot_write_to_the_terminal() -> None:
    text = shown(HOSTILE)
    assert "[red]name[/red][2J" in text
    assert "\x1b" not in text


def test_record_is_json() -> None:
    assert json.loads(json.dumps(record(FOUND)))["addresses"] == ["127.0.0.1", "10.0.0.1"]
    assert record(HOSTILE)["certificate"] is None


def test_nobody_there_is_reported_and_has_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(discovery, "browse", lambda seconds: [])
    assert run(["discover", "--json"]) == ExitCode.UNREACHABLE
    reported = capsys.readouterr()
    assert json.loads(reported.out) == []
    assert "sila-ot2 serve" in reported.err


def test_no_multicast_is_reported_and_has_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(seconds: float) -> list[Found]:
        raise OSError("Cannot listen")

    monkeypatch.setattr(discovery, "browse", fail)
    assert run(["discover"]) == ExitCode.UNAVAILABLE
    assert "multicast" in capsys.readouterr().err
