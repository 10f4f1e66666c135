"""What the shell completes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sila_ot2 import client
from sila_ot2.cli import completion
from sila_ot2.client import errors
from sila_ot2.client.pins import VARIABLE

pytestmark = pytest.mark.slow  # each test starts processes


def completed(line: str, word: int) -> list[str]:
    """Ask as the function that `--install-completion` gives to bash does; nothing else may be printed."""
    asked = {"_SILA_OT2_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}
    program = [sys.executable, "-m", "sila_ot2"]
    done = subprocess.run(program, env={**os.environ, **asked}, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "word", "expected"),
    [
        ("sila-ot2 proto", 1, {"protocols"}),
        ("sila-ot2 run --de", 2, {"--detach"}),
        ("sila-ot2 session o", 2, {"open"}),
        ("sila-ot2 call DeviceLighting.", 2, {"DeviceLighting.SetRailLights", "DeviceLighting.BlinkForIdentification"}),
        ("sila-ot2 watch DeviceLighting.R", 2, {"DeviceLighting.RailLights"}),
        ("sila-ot2 call AtomicLiquidHandling.Aspirate Mount=left Of", 4, {"OffsetX=", "OffsetY=", "OffsetZ="}),
        ("sila-ot2 call AtomicLiquidHandling.Nothing ", 3, set()),
        ("sila-ot2 config explain server.po", 3, {"server.port"}),
        ("sila-ot2 config explain noti", 3, {"notifications", "notifications.enabled", "notifications.port"}),
    ],
)
def test_verbs_options_and_names_are_completed(line: str, word: int, expected: set[str]) -> None:
    assert set(completed(line, word)) == expected


@pytest.mark.parametrize("verb", ["run", "log", "package save"])
def test_a_server_that_is_not_there_or_says_nothing_completes_nothing(verb: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (9, silent.getsockname()[1]):
            line = f"sila-ot2 {verb} --server 127.0.0.1:{port} --insecure no-such-thing"
            assert completed(line, len(line.split()) - 1) == []


def test_a_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def unreachable(_: str, **options: Any) -> None:
        asked.update(options)
        raise errors.ServerUnreachable("nobody")

    monkeypatch.setattr(client, "connect", unreachable)
    context: Any = SimpleNamespace(params={"insecure": True})
    assert completion.complete_run(context, "") == []
    assert asked["timeout"] == asked["reconnect"] == completion.WITHIN_S


def test_what_the_server_has_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Value:
        def __init__(self, *values: Any) -> None:
            self._values = values

        def get(self) -> Any:
            return self._values

    class CompletionServer(contextlib.nullcontext[None]):
        protocol_service = SimpleNamespace(protocols=Value(SimpleNamespace(name="Fill a column")))
        run_controller = SimpleNamespace(
            current_run=Value(SimpleNamespace(run_identifier="run-2", label="plate 7")),
            run_history=Value(*(SimpleNamespace(run_identifier=f"run-{number}", label="") for number in (1, 2))),
        )

        def __enter__(self) -> Any:
            return self

    monkeypatch.chdir(tmp_path)
    for name in ("plate.py", "plate.csv"):
        (tmp_path / name).touch()
    monkeypatch.setattr(client, "connect", lambda *_, **__: CompletionServer())
    context: Any = SimpleNamespace(params={"insecure": True})
    assert completion.complete_protocol(context, "") == ["Fill a column", "plate.py"]
    assert completion.complete_protocol(context, "pl") == ["plate.py"]
    assert [run for run, _ in completion.complete_run(context, "run")] == ["run-2", "run-1"]
    assert completion.complete_run(context, "x") == []


def test_a_completion_pins_no_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "known.json"))
    monkeypatch.setattr(client, "connect", lambda *_, **__: pytest.fail("it was connected to"))
    context: Any = SimpleNamespace(params={"pin": True})
    assert completion.complete_run(context, "") == []
